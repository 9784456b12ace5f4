// From what a source sends to the plan of one encoder run: the ladder that fits the source, the node and the moment.
import { type LadderSettings, planLadder, shed } from '../../src/domain/hls/ladder.ts';
import type { LatencyShape } from '../../src/protocol/latency.ts';
import type { EncoderPlan } from '../encoder/events.ts';
import type { Frame, VideoTrack } from '../media.ts';
import type { Tracks } from './opening.ts';

export interface Measured {
  frameRate: number | null;
  bitrateKbps: number | null;
}

export interface PlanRequest extends Tracks {
  shape: LatencyShape;
  /** Its first GOP was fit to be the top rung as it is. */
  canCopy: boolean;
  measured: Measured;
  /** How many rungs were given up under overload; the last one always stays. */
  shed: number;
}

export type PlanAnswer = { ok: true; plan: EncoderPlan } | { ok: false; detail: string };
export type PlanEncoder = (request: PlanRequest) => PlanAnswer;

export interface PlannerOptions {
  settings: Partial<LadderSettings>;
  /** Cores that this session may spend now. */
  availableUnits: () => number;
}

/** Fewer pictures than this say nothing about their rate. */
const MIN_MEASURED_FRAMES = 10;

export const createPlanner =
  ({ settings, availableUnits }: PlannerOptions): PlanEncoder =>
  ({ video, audio, shape, canCopy, measured, shed: shedCount }) => {
    const source = video && {
      ...{ codec: video.codec, config: video.config, width: video.width, height: video.height },
      frameRate: frameRateOf(video, measured),
      bitrateKbps: measured.bitrateKbps,
      gopRegular: canCopy,
    };
    const hasAudio = audio !== null;
    const answer = planLadder({ video: source, hasAudio, shape, settings, availableUnits: availableUnits() });
    if (!answer.ok) return { ok: false, detail: answer.detail };
    let plan: EncoderPlan = {
      ...answer.ladder,
      video: video && { ...video, frameRate: source?.frameRate ?? null },
      audio,
      shape,
    };
    for (let step = 0; step < shedCount; step += 1) plan = shed(plan) ?? plan;
    return { ok: true, plan };
  };

/** Rate and bitrate of what was observed before the start; null where it was too little. */
export function measure(frames: readonly Frame[]): Measured {
  const pictures = frames.filter(({ kind }) => kind === 'video');
  const spanMs = (pictures.at(-1)?.dtsMs ?? 0) - (pictures[0]?.dtsMs ?? 0);
  if (pictures.length < MIN_MEASURED_FRAMES || spanMs <= 0) return { frameRate: null, bitrateKbps: null };
  // The last picture begins where the span ends, so it does not count.
  const bits = pictures.slice(0, -1).reduce((sum, { data }) => sum + data.length * 8, 0);
  return {
    frameRate: Math.round(((pictures.length - 1) / spanMs) * 100_000) / 100,
    bitrateKbps: Math.max(1, Math.round(bits / spanMs)),
  };
}

/** The announced rate where the pictures bear it out (29.97 is not 29.98), else what was measured. */
function frameRateOf({ frameRate }: VideoTrack, measured: Measured): number | null {
  if (measured.frameRate === null) return frameRate;
  const isTrue = frameRate !== null && Math.abs(frameRate - measured.frameRate) < measured.frameRate * 0.03;
  return isTrue ? frameRate : measured.frameRate;
}
