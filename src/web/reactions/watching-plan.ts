// When a page says that it plays: once it does, every half a minute while it does, and that it does no longer. Pure.
import { WATCHING_JITTER, WATCHING_SECONDS } from '../../protocol/watching.ts';

/** So much must have played before the page counts. */
const FIRST_AFTER_SECONDS = 2;
/** A stall is no leaving; a pause that lasts is. */
const STILL_SECONDS = 8;

export interface Watching {
  /** Since the last beat. */
  playedSeconds: number;
  stillSeconds: number;
  isCounted: boolean;
  nextBeatAtMs: number;
}

export const NOT_WATCHING: Watching = { playedSeconds: 0, stillSeconds: 0, isCounted: false, nextBeatAtMs: 0 };

export type Say = { kind: 'beat'; playedSeconds: number } | { kind: 'left' } | null;

interface Second {
  isPlaying: boolean;
  /** In front of somebody: a tab that is shown, or a picture in a window of its own. */
  isShown: boolean;
  nowMs: number;
  /** 0 to 1. */
  random: number;
}

/** Another second has passed, or something has changed. `random` spreads an audience that came together. */
export function watchSecond(
  before: Watching,
  { isPlaying, isShown, nowMs, random }: Second,
): { watching: Watching; say: Say } {
  const plays = isPlaying && isShown;
  const playedSeconds = before.playedSeconds + (plays ? 1 : 0);
  const stillSeconds = plays ? 0 : before.stillSeconds + 1;
  if (before.isCounted && (!isShown || stillSeconds >= STILL_SECONDS))
    return { watching: NOT_WATCHING, say: { kind: 'left' } };
  const isDue = before.isCounted ? nowMs >= before.nextBeatAtMs : playedSeconds >= FIRST_AFTER_SECONDS;
  if (!isDue || !plays) return { watching: { ...before, playedSeconds, stillSeconds }, say: null };
  const interval = WATCHING_SECONDS * 1000 * (1 - WATCHING_JITTER + 2 * WATCHING_JITTER * random);
  const watching = { playedSeconds: 0, stillSeconds, isCounted: true, nextBeatAtMs: nowMs + interval };
  return { watching, say: { kind: 'beat', playedSeconds } };
}
