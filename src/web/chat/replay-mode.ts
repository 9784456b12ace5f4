// Whether the panel shows the room as it is, or as it was at the moment of this viewer's picture. Pure.
import type { SpoilerChoice } from './picture-clock.ts';

/** A viewer who is so far behind has gone back; nearer than the lower one they are there again. */
const BEHIND_FROM_MS = 15_000;
const BEHIND_UNTIL_MS = 8_000;
/** Of a live stream: further behind there is no picture to play on from (a playlist holds a minute). */
const BEHIND_WITHIN_MS = 120_000;

export interface ReplayMode {
  /** The picture is of the past. */
  isBehind: boolean;
  /** What the viewer wants while it is; null: they did not say. */
  wish: 'step' | 'live' | null;
}

export const IN_TIME: ReplayMode = { isBehind: false, wish: null };

export interface ModeReading {
  /** Programme time of the picture; null: there is none. */
  playingMs: number | null;
  /** Programme time of the newest picture that anybody can see, or the time. */
  newestMs: number;
  hasEnded: boolean;
  /** The picture was seen to its end. */
  isOver: boolean;
}

export function readReplayMode(before: ReplayMode, { playingMs, newestMs, hasEnded, isOver }: ModeReading): ReplayMode {
  // Whoever has seen an ended stream to its end stays with what was said during it.
  if (isOver) return before;
  if (playingMs === null) return IN_TIME;
  const lagMs = newestMs - playingMs;
  const isBehind = lagMs > (before.isBehind ? BEHIND_UNTIL_MS : BEHIND_FROM_MS);
  return isBehind && (hasEnded || lagMs < BEHIND_WITHIN_MS) ? { ...before, isBehind } : IN_TIME;
}

/** Who wants no lock of a live stream wants the live chat, too, unless they ask for the other. */
export const isInStep = ({ isBehind, wish }: ReplayMode, choice: SpoilerChoice, hasEnded: boolean): boolean =>
  isBehind && (wish === 'step' || (wish === null && (hasEnded || choice !== 'off')));
