// What moment of the programme this viewer sees, and whether the room has to wait for it. Pure.

export type SpoilerChoice = 'auto' | 'on' | 'off';

/** A viewer who is this far behind may hear of a goal before it falls; back below the lower one they are not. */
const LOCK_FROM_MS = 5_000;
const LOCK_UNTIL_MS = 3_000;
/** Further behind there is no picture to play on from (a playlist holds a minute): nothing is given away. */
const LOCK_WITHIN_MS = 120_000;
/** A player that is rebuilt does not know its time for a while. */
const KEPT_FOR_MS = 20_000;
/** Before the first picture it may turn out to be any of these. */
const UNKNOWN_LAG_MS = 30_000;
const UNKNOWN_FOR_MS = 15_000;

export interface PictureClock {
  /** Programme time of the picture, Unix ms; null: there is none to wait for. */
  playingMs: number | null;
  readAtMs: number;
  isLocked: boolean;
}

export const startPictureClock = (nowMs: number): PictureClock => ({
  playingMs: null,
  readAtMs: nowMs,
  isLocked: false,
});

export interface PictureReading {
  /** What the player says now; null: it does not know. */
  readingMs: number | null;
  /** Unix ms at the edge. */
  nowMs: number;
  /** Programme time of the newest picture that anybody can see, where it is known: all of them may be late together. */
  edgeMs?: number | null;
  /** The stream is on the air. */
  isLive: boolean;
  choice: SpoilerChoice;
}

export function readPictureClock(
  before: PictureClock,
  { readingMs, nowMs, edgeMs = null, isLive, choice }: PictureReading,
): PictureClock {
  const newestMs = Math.min(nowMs, edgeMs ?? nowMs);
  const sinceMs = nowMs - before.readAtMs;
  if (readingMs === null) {
    if (before.playingMs !== null && sinceMs < KEPT_FOR_MS) return locked(before, before.playingMs, newestMs, choice);
    if (before.playingMs !== null || !isLive || sinceMs >= UNKNOWN_FOR_MS)
      return { playingMs: null, readAtMs: before.playingMs === null ? before.readAtMs : 0, isLocked: false };
    return { ...before, isLocked: choice !== 'off' };
  }
  return locked({ ...before, readAtMs: nowMs }, readingMs, newestMs, choice);
}

function locked(before: PictureClock, playingMs: number, newestMs: number, choice: SpoilerChoice): PictureClock {
  const lagMs = newestMs - playingMs;
  const isWanted = choice === 'on' || (choice === 'auto' && lagMs > (before.isLocked ? LOCK_UNTIL_MS : LOCK_FROM_MS));
  return { playingMs, readAtMs: before.readAtMs, isLocked: isWanted && lagMs < LOCK_WITHIN_MS };
}

/** Programme time up to which things may be shown; infinite: all of them. */
export const shownUntilMs = ({ playingMs, isLocked }: PictureClock, nowMs: number): number =>
  isLocked ? (playingMs ?? nowMs - UNKNOWN_LAG_MS) : Number.POSITIVE_INFINITY;
