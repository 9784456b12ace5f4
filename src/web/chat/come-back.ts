// When a client that was cut off comes back: in the window that the room names, else later and later, and never all at once.
import type { RetryWindow } from '../../protocol/chat/closing.ts';

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/** `failures`: how often it has failed already since it last held; `random`: 0 to 1. */
export function comeBackDelayMs(failures: number, window: RetryWindow | null, random: number): number {
  const longestMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** failures);
  const ownMs = longestMs * (0.5 + random / 2);
  if (window === null) return ownMs;
  const namedMs = window.fromMs + random * (window.toMs - window.fromMs);
  // A room that sends one away again and again is not asked any faster than one that is not there.
  return failures === 0 ? namedMs : Math.max(namedMs, ownMs);
}
