// Retry-After (RFC 9110 section 10.2.3): how long another server wants to be left alone.

/** Whole seconds from now, null where the header says nothing that can be read. A moment that has passed is 0. */
export function readRetryAfter(header: string | null, nowMs: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d{1,10}$/.test(text)) return Number(text);
  // Date.parse takes nearly anything; a date of HTTP begins with its day of the week.
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /.test(text)) return null;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? null : Math.max(0, Math.ceil((atMs - nowMs) / 1000));
}
