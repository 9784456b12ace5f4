// Keeps the picture at its target: measures, asks catch-up.ts, sets rate and position of the video element.
import { type CatchUpState, decideCatchUp, noteStall, startCatchUp } from './catch-up.ts';
import { edgeAt, type LiveEdge, notePlaylist, startLiveEdge } from './live-edge.ts';

const TICK_MS = 100;
/** Going back further than this is the viewer's wish: from then on the picture keeps its distance until "go live". */
const REWIND_SECONDS = 1;

export interface PaceKeeper {
  noteEdge(edgeSeconds: number, continuity: number): void;
  goLive(): void;
  /** Forget the timeline: a new source begins. */
  reset(): void;
  /** Playhead to live edge; null while unknown. */
  latencySeconds(): number | null;
  /** The target in force. */
  targetSeconds(): number | null;
  isFollowing(): boolean;
  stop(): void;
}

export interface PaceOptions {
  video: HTMLVideoElement;
  /** PART-HOLD-BACK of the stream; null while unknown. */
  holdBackSeconds(): number | null;
  /** Still counting: the picture waits for data though nobody paused it. */
  onStall(): void;
}

export function keepPace({ video, holdBackSeconds, onStall }: PaceOptions): PaceKeeper {
  let edge: LiveEdge = startLiveEdge();
  let state: CatchUpState = startCatchUp();
  let targetSeconds: number | null = null;
  let isFollowing = true;
  /** Where the picture stands still for want of data; null while it moves. */
  let stalledAt: { nowMs: number; continuity: number } | null = null;
  let lastTime = 0;
  const listening = new AbortController();
  const on = (name: string, listener: () => void) =>
    video.addEventListener(name, listener, { signal: listening.signal });

  const latencySeconds = () => {
    const edgeSeconds = edgeAt(edge, performance.now());
    return edgeSeconds === null || video.readyState === 0 ? null : edgeSeconds - video.currentTime;
  };

  const tick = () => {
    const holdBack = holdBackSeconds();
    const latency = latencySeconds();
    lastTime = video.currentTime;
    if (holdBack === null || latency === null) return;
    const decision = decideCatchUp(state, {
      nowMs: performance.now(),
      bufferedAheadSeconds: bufferedAhead(video),
      latencySeconds: latency,
      targetSeconds: holdBack,
      isPlaying: isFollowing && !video.paused && !video.seeking && stalledAt === null && video.readyState >= 3,
    });
    state = decision.state;
    targetSeconds = decision.targetSeconds;
    if (decision.skipSeconds !== null) video.currentTime += decision.skipSeconds;
    if (video.playbackRate !== decision.rate) video.playbackRate = decision.rate;
  };
  const timer = setInterval(tick, TICK_MS);

  on('waiting', () => {
    if (video.seeking || video.paused || state.joinedAtMs === null || stalledAt) return;
    stalledAt = { nowMs: performance.now(), continuity: edge.continuity };
    onStall();
  });
  const goOn = () => {
    // Behind a discontinuity the source itself was away: no reason to distrust the viewer's line.
    if (stalledAt && stalledAt.continuity === edge.continuity) state = noteStall(state, stalledAt.nowMs);
    stalledAt = null;
  };
  on('playing', goOn);
  on('timeupdate', () => {
    if (video.currentTime !== lastTime) goOn();
  });
  on('seeking', () => {
    if (video.currentTime < lastTime - REWIND_SECONDS) isFollowing = false;
  });
  on('play', () => {
    // After a pause the viewer goes on where they stopped; the button takes them back.
    const latency = latencySeconds();
    const holdBack = holdBackSeconds();
    if (state.joinedAtMs !== null && latency !== null && holdBack !== null && latency > holdBack + REWIND_SECONDS) {
      isFollowing = false;
    }
  });

  return {
    noteEdge(edgeSeconds, continuity) {
      edge = notePlaylist(edge, { nowMs: performance.now(), edgeSeconds, continuity });
    },
    goLive() {
      isFollowing = true;
      const edgeSeconds = edgeAt(edge, performance.now());
      const target = targetSeconds ?? holdBackSeconds();
      if (edgeSeconds !== null && target !== null) video.currentTime = Math.max(0, edgeSeconds - target);
    },
    reset() {
      edge = startLiveEdge();
      state = startCatchUp();
      targetSeconds = null;
      isFollowing = true;
      stalledAt = null;
      lastTime = 0;
      video.playbackRate = 1;
    },
    latencySeconds,
    targetSeconds: () => targetSeconds ?? holdBackSeconds(),
    isFollowing: () => isFollowing,
    stop() {
      clearInterval(timer);
      listening.abort();
    },
  };
}

/** Seconds buffered in front of the playhead without a hole. */
export function bufferedAhead({ buffered, currentTime }: Pick<HTMLVideoElement, 'buffered' | 'currentTime'>): number {
  for (let index = 0; index < buffered.length; index += 1) {
    if (buffered.start(index) <= currentTime + 0.1 && currentTime < buffered.end(index))
      return buffered.end(index) - currentTime;
  }
  return 0;
}
