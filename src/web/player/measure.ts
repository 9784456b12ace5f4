// `globalThis.footlightPlayer`: how playback stands, for benches, journeys and curious people. Read-only.
import type { PlayerEngine } from './engine.ts';

export interface PlayerStats {
  /** Capture to screen, by PROGRAM-DATE-TIME and the edge's clock; null while unknown. */
  latencySeconds: number | null;
  /** Where the player wants to stand behind the live edge. */
  targetSeconds: number | null;
  /** Playhead to live edge, on the media timeline. */
  edgeDistanceSeconds: number | null;
  bufferedSeconds: number;
  stalls: number;
  droppedFrames: number;
  rate: number;
  /** Index in the ladder; -1 before the first. */
  level: number;
  height: number | null;
  /** What the page shows: loading, scheduled, waiting, starting, live, interrupted, ended, offline, missing. */
  state: string;
}

export interface PlayerHandle {
  readonly video: HTMLVideoElement;
  readonly hls: ReturnType<PlayerEngine['hls']>;
  stats(): PlayerStats;
}

declare global {
  var footlightPlayer: PlayerHandle | undefined;
}

/** Capture to screen; also what the readout shows. */
export function shownLatencySeconds(engine: PlayerEngine, serverNowMs: number): number | null {
  const playingMs = engine.playingDateMs();
  return playingMs === null ? null : Math.max(0, (serverNowMs - playingMs) / 1000);
}

/** Puts the handle up; the answer takes it down. */
export function exposePlayer(engine: PlayerEngine, serverNowMs: () => number, state: () => string): () => void {
  const { video } = engine;
  globalThis.footlightPlayer = {
    video,
    get hls() {
      return engine.hls();
    },
    stats: () => ({
      latencySeconds: shownLatencySeconds(engine, serverNowMs()),
      targetSeconds: engine.targetSeconds(),
      edgeDistanceSeconds: engine.latencySeconds(),
      bufferedSeconds: engine.bufferedSeconds(),
      stalls: engine.stalls.peek(),
      droppedFrames: video.getVideoPlaybackQuality?.().droppedVideoFrames ?? 0,
      rate: video.playbackRate,
      level: engine.playingLevel.peek(),
      height: engine.levels.peek()[engine.playingLevel.peek()]?.height ?? null,
      state: state(),
    }),
  };
  return () => {
    globalThis.footlightPlayer = undefined;
  };
}
