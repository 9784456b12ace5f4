// A held line taken apart: what the judge found stands out of it. Pure.

export interface Span {
  from: number;
  to: number;
}

export interface Marked {
  text: string;
  isFound: boolean;
}

/** Spans may overlap and come in any order. */
export function markedParts(text: string, found: readonly Span[]): Marked[] {
  const parts: Marked[] = [];
  let at = 0;
  for (const { from, to } of found.toSorted((one, other) => one.from - other.from)) {
    const [begin, end] = [Math.max(at, from), Math.min(text.length, to)];
    if (end <= begin) continue;
    if (begin > at) parts.push({ text: text.slice(at, begin), isFound: false });
    parts.push({ text: text.slice(begin, end), isFound: true });
    at = end;
  }
  if (at < text.length) parts.push({ text: text.slice(at), isFound: false });
  return parts;
}
