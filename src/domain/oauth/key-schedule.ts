// When a signing key is announced, when it signs, and when it goes: a list of keys and the time in, a plan out.

const DAY_MS = 24 * 60 * 60 * 1000;
export const SIGNS_FOR_MS = 30 * DAY_MS;
/** The next key stands in the JWKS for so long before it signs: whoever keeps a copy has it by then. */
export const ANNOUNCED_FOR_MS = DAY_MS;
/** And the last one for so long after; the tokens that it signed are dead after ten minutes. */
export const KEPT_FOR_MS = DAY_MS;

export interface ScheduledKey {
  signsFromMs: number;
}

export interface KeyPlan<Key> {
  /** The key to sign with; null: there is none yet. */
  signing: Key | null;
  /** What the JWKS shows and tokens are checked against. */
  published: Key[];
  /** Nothing that they signed is valid any more. */
  expired: Key[];
  /** A key has to be made, and signs from then on. */
  next: { signsFromMs: number } | null;
}

export function planKeys<Key extends ScheduledKey>(keys: readonly Key[], nowMs: number): KeyPlan<Key> {
  const inOrder = [...keys].sort((a, b) => a.signsFromMs - b.signsFromMs);
  const isOver = (index: number): boolean => {
    const successor = inOrder[index + 1];
    return successor !== undefined && successor.signsFromMs + KEPT_FOR_MS <= nowMs;
  };
  // The very first key may carry the time of a clock that is a little ahead of this one.
  const signing = inOrder.findLast(({ signsFromMs }) => signsFromMs <= nowMs) ?? inOrder[0] ?? null;
  return {
    signing,
    published: inOrder.filter((_, index) => !isOver(index)),
    expired: inOrder.filter((_, index) => isOver(index)),
    next: nextKey(inOrder.at(-1), nowMs),
  };
}

function nextKey(youngest: ScheduledKey | undefined, nowMs: number): { signsFromMs: number } | null {
  if (!youngest) return { signsFromMs: nowMs };
  const isDue = nowMs >= youngest.signsFromMs + SIGNS_FOR_MS - ANNOUNCED_FOR_MS;
  return isDue ? { signsFromMs: nowMs + ANNOUNCED_FOR_MS } : null;
}
