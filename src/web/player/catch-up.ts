// How fast the picture runs, so that it stands at its target behind the live edge without ever running dry.

/** Below this much buffer the picture never runs faster than time. */
export const BUFFER_FLOOR_SECONDS = 0.15;
/** Thinner than this in the last second: no hurry, a part that comes late must not stop the picture. */
const HURRY_ABOVE_SECONDS = 0.28;
/** Rates that nobody hears: while joining, and afterwards (FEATURES D3: drift goes back at 1.05 or less). */
export const JOIN_MAX_RATE = 1.1;
export const DRIFT_MAX_RATE = 1.05;
export const MIN_RATE = 0.97;
const JOIN_WINDOW_MS = 12_000;
/** At 1.05 this much delay is gone in under 30 s; more than this is jumped, inside of what is buffered. */
const JUMP_BEYOND_SECONDS = 1.25;
/** In the first moment nothing has been seen yet that a jump could tear: what the start-up took is given back at once. */
const START_WINDOW_MS = 1_500;
const START_JUMP_BEYOND_SECONDS = 0.3;
/** So far behind, the buffer is not worth playing: go to the edge, wherever it is. */
const SEEK_BEYOND_SECONDS = 6;
const SEEK_PAUSE_MS = 4_000;
/** Rate per second of distance: the last 0.2 s is closed softly. */
const GAIN = 0.25;
const START_CORRECTING_SECONDS = 0.06;
const STOP_CORRECTING_SECONDS = 0.02;
/** One stall is bad luck; more of them in a minute are a network that cannot hold this target. */
const STALL_MEMORY_MS = 60_000;
const STALL_MARGIN_SECONDS = 0.25;
const STALL_MARGIN_MAX_SECONDS = 1;
const THIN_WINDOW_MS = 1_000;
/** At one decision per 100 ms the window holds ten; more decisions only shorten it. */
const MAX_SAMPLES = 32;

export interface CatchUpInput {
  nowMs: number;
  /** Media buffered in front of the playhead. */
  bufferedAheadSeconds: number;
  /** Playhead to live edge. */
  latencySeconds: number;
  /** PART-HOLD-BACK of the stream. */
  targetSeconds: number;
  /** False while paused, seeking or waiting for data. */
  isPlaying: boolean;
}

export interface CatchUpState {
  joinedAtMs: number | null;
  stalledAtMs: readonly number[];
  thinness: readonly { atMs: number; seconds: number }[];
  soughtAtMs: number;
  isCorrecting: boolean;
}

export interface CatchUpDecision {
  state: CatchUpState;
  rate: number;
  /** Move the playhead this far forward, once; null: leave it. */
  skipSeconds: number | null;
  /** The target in force, with the margin that a bad network has earned. */
  targetSeconds: number;
}

export const startCatchUp = (): CatchUpState => ({
  joinedAtMs: null,
  stalledAtMs: [],
  thinness: [],
  soughtAtMs: Number.NEGATIVE_INFINITY,
  isCorrecting: false,
});

/** The picture stood still for want of data at `nowMs`. */
export const noteStall = (state: CatchUpState, nowMs: number): CatchUpState => ({
  ...state,
  stalledAtMs: [...state.stalledAtMs.filter((atMs) => nowMs - atMs < STALL_MEMORY_MS), nowMs].slice(-8),
});

/** What to do now; asked every 100 ms or so. */
export function decideCatchUp(state: CatchUpState, input: CatchUpInput): CatchUpDecision {
  const { nowMs } = input;
  const targetSeconds = input.targetSeconds + stallMarginSeconds(state, nowMs);
  if (!input.isPlaying) return { state: { ...state, isCorrecting: false }, rate: 1, skipSeconds: null, targetSeconds };

  const next: CatchUpState = {
    ...state,
    joinedAtMs: state.joinedAtMs ?? nowMs,
    thinness: [
      ...state.thinness.filter(({ atMs }) => nowMs - atMs < THIN_WINDOW_MS),
      { atMs: nowMs, seconds: input.bufferedAheadSeconds },
    ].slice(-MAX_SAMPLES),
  };
  const excessSeconds = input.latencySeconds - targetSeconds;

  const skipSeconds = skipFor(next, input, excessSeconds);
  if (skipSeconds !== null) {
    return { state: { ...next, soughtAtMs: nowMs, isCorrecting: false }, rate: 1, skipSeconds, targetSeconds };
  }

  next.isCorrecting =
    Math.abs(excessSeconds) > (state.isCorrecting ? STOP_CORRECTING_SECONDS : START_CORRECTING_SECONDS);
  return { state: next, rate: rateFor(next, input, excessSeconds), skipSeconds: null, targetSeconds };
}

function stallMarginSeconds(state: CatchUpState, nowMs: number): number {
  const recent = state.stalledAtMs.filter((atMs) => nowMs - atMs < STALL_MEMORY_MS).length;
  return Math.min(STALL_MARGIN_MAX_SECONDS, Math.max(0, recent - 1) * STALL_MARGIN_SECONDS);
}

function skipFor(state: CatchUpState, input: CatchUpInput, excessSeconds: number): number | null {
  if (input.nowMs - state.soughtAtMs < SEEK_PAUSE_MS) return null;
  if (excessSeconds > SEEK_BEYOND_SECONDS) return excessSeconds;
  const isStarting = input.nowMs - (state.joinedAtMs ?? input.nowMs) < START_WINDOW_MS;
  const jumpBeyondSeconds = isStarting ? START_JUMP_BEYOND_SECONDS : JUMP_BEYOND_SECONDS;
  const staysBuffered = input.bufferedAheadSeconds - excessSeconds > HURRY_ABOVE_SECONDS;
  return excessSeconds > jumpBeyondSeconds && staysBuffered ? excessSeconds : null;
}

function rateFor(state: CatchUpState, input: CatchUpInput, excessSeconds: number): number {
  if (input.bufferedAheadSeconds < BUFFER_FLOOR_SECONDS) return MIN_RATE;
  if (!state.isCorrecting) return 1;
  const thinnest = Math.min(...state.thinness.map(({ seconds }) => seconds));
  if (excessSeconds > 0 && thinnest < HURRY_ABOVE_SECONDS) return 1;
  const isJoining = input.nowMs - (state.joinedAtMs ?? input.nowMs) < JOIN_WINDOW_MS;
  const maxRate = isJoining ? JOIN_MAX_RATE : DRIFT_MAX_RATE;
  const rate = Math.min(maxRate, Math.max(MIN_RATE, 1 + excessSeconds * GAIN));
  // Steps of 0.01: every change of rate costs the audio stretcher a seam.
  return Math.round(rate * 100) / 100;
}
