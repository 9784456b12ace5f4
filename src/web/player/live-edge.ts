// Where the live edge is on the media timeline, from the moments at which playlists grew.

/** Long enough to see several parts at their best, short enough to forget a source that paused. */
const WINDOW_MS = 3_000;
/** 5 parts a second for 3 s, and room to spare; the oldest goes. */
const MAX_SAMPLES = 32;

export interface LiveEdge {
  /** edge - now of recent playlists, in seconds of the media timeline. */
  samples: readonly { atMs: number; offsetSeconds: number }[];
  continuity: number;
}

export const startLiveEdge = (): LiveEdge => ({ samples: [], continuity: -1 });

/** A playlist that reached `edgeSeconds` arrived at `nowMs`. A new discontinuity forgets what came before it. */
export function notePlaylist(
  edge: LiveEdge,
  { nowMs, edgeSeconds, continuity }: { nowMs: number; edgeSeconds: number; continuity: number },
): LiveEdge {
  const kept = continuity === edge.continuity ? edge.samples.filter(({ atMs }) => nowMs - atMs < WINDOW_MS) : [];
  const sample = { atMs: nowMs, offsetSeconds: edgeSeconds - nowMs / 1000 };
  return { samples: [...kept, sample].slice(-MAX_SAMPLES), continuity };
}

/** The edge now, or null before the first playlist. A part that came late does not move it: the best one counts. */
export function edgeAt(edge: LiveEdge, nowMs: number): number | null {
  if (edge.samples.length === 0) return null;
  return Math.max(...edge.samples.map(({ offsetSeconds }) => offsetSeconds)) + nowMs / 1000;
}
