// When a player that broke, or stands still though its stream is live, is built anew.
import type { StreamState } from '../../protocol/api.ts';

const BASE_MS = 300;
const MAX_MS = 5_000;
/** A live stream whose picture stands this long is not coming back by itself. */
const STUCK_AFTER_MS = 7_000;

/** Delay before attempt number `attempts` (0 = the first); half of it is spread, so that an audience does not come back as one. */
export const rebuildDelayMs = (attempts: number, random: number): number =>
  Math.round(Math.min(MAX_MS, BASE_MS * 2 ** attempts) * (0.75 + 0.5 * random));

/** Does it make sense to ask for media in this state? Before the first answer it does: the page hopes for the best. */
export const mayHaveMedia = (state: StreamState | null): boolean =>
  state === null || state === 'live' || state === 'interrupted';

export interface StuckFacts {
  state: StreamState | null;
  stillForMs: number;
  sinceBuildMs: number;
  isPaused: boolean;
}

export const isStuck = ({ state, stillForMs, sinceBuildMs, isPaused }: StuckFacts): boolean =>
  state === 'live' && !isPaused && stillForMs > STUCK_AFTER_MS && sinceBuildMs > STUCK_AFTER_MS;
