// Whether and when a broken broadcast tries again.

/** With the delays below, about four minutes: longer than any reconnect window that makes sense unattended. */
const MAX_ATTEMPTS = 20;
const BASE_MS = 700;
const MAX_MS = 15_000;
/** What waiting can mend: the old session still holds the place, nobody has room, too many at once. */
const PASSING = [404, 408, 409, 425, 429];

export interface ReconnectFacts {
  /** Failures in a row before this one. */
  attempt: number;
  /** Of the refusal; null when there was no answer or the line broke later. */
  status: number | null;
}

export function shouldReconnect({ attempt, status }: ReconnectFacts): boolean {
  if (attempt >= MAX_ATTEMPTS) return false;
  return status === null || status >= 500 || PASSING.includes(status);
}

export function reconnectDelayMs({
  attempt,
  random,
  retryAfterSeconds,
}: {
  attempt: number;
  random: number;
  retryAfterSeconds: number | null;
}): number {
  const backoff = Math.min(MAX_MS, BASE_MS * 2 ** attempt) * (0.75 + 0.5 * random);
  return Math.round(Math.max(backoff, Math.min(60, retryAfterSeconds ?? 0) * 1000));
}
