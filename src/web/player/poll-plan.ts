// When to ask for a stream's state again: quick while people look, slow in the background, backing off on errors.

const VISIBLE_MS = 1_200;
const HIDDEN_MS = 8_000;
/** An ended stream changes only if the channel starts another. */
const SETTLED_MS = 5_000;
const ERROR_BASE_MS = 1_000;
const ERROR_MAX_MS = 8_000;

export interface PollFacts {
  isHidden: boolean;
  isSettled: boolean;
  /** Failures in a row. */
  failures: number;
  /** 0 to 1; spreads an audience that arrived together. */
  random: number;
}

export function pollDelayMs({ isHidden, isSettled, failures, random }: PollFacts): number {
  const base = isHidden ? HIDDEN_MS : isSettled ? SETTLED_MS : VISIBLE_MS;
  const backoff = failures === 0 ? 0 : Math.min(ERROR_MAX_MS, ERROR_BASE_MS * 2 ** (failures - 1));
  return Math.round(Math.max(base, backoff) * (0.8 + 0.4 * random));
}
