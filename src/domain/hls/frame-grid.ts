// How frames fall into parts, GOPs and segments, and which frame rate makes them fit.
import type { LatencyShape } from '../../protocol/latency.ts';

const FRAME_RATES = [24, 25, 30, 50, 60];
/** Where the source does not say. */
export const DEFAULT_FRAME_RATE = 30;
/** A part shorter than this share of PART-TARGET is only allowed before an independent one (LL-HLS row 9). */
const PART_MIN_SHARE = 0.85;
const EPSILON = 1e-6;

/** Frames in one part: as many as fit below PART-TARGET. */
export const framesPerPart = (frameRate: number, shape: LatencyShape): number =>
  Math.floor(frameRate * shape.partTargetSeconds + EPSILON);

/** Frames from one forced key frame to the next. */
export const framesPerGop = (frameRate: number, shape: LatencyShape): number =>
  framesPerPart(frameRate, shape) * shape.partsPerGop;

/** Seconds of one segment of an encoded rendition. */
export const segmentSeconds = (frameRate: number, shape: LatencyShape): number =>
  (framesPerGop(frameRate, shape) * shape.gopsPerSegment) / frameRate;

/** The rate the encoded rungs run at: one of five, nearest to the source, whose parts fill PART-TARGET well enough. */
export function outputFrameRate(source: number | null, shape: LatencyShape, maxFrameRate: number): number {
  const usable = FRAME_RATES.filter((rate) => rate <= maxFrameRate && fillsParts(rate, shape));
  let wanted = source ?? DEFAULT_FRAME_RATE;
  // Half the rate keeps the motion even where a cap cuts 50 to 25 or 60 to 30.
  while (wanted > maxFrameRate + 1) wanted /= 2;
  const nearest = nearestOf(FRAME_RATES, wanted);
  if (usable.includes(nearest)) return nearest;
  return usable.find((rate) => rate > nearest && rate !== 25) ?? nearestOf(usable, wanted);
}

/** Do whole frames make a part that is long enough? */
export function fillsParts(frameRate: number, shape: LatencyShape): boolean {
  const seconds = framesPerPart(frameRate, shape) / frameRate;
  return seconds >= PART_MIN_SHARE * shape.partTargetSeconds;
}

const nearestOf = (rates: readonly number[], wanted: number): number =>
  rates.reduce(
    (best, rate) => (Math.abs(rate - wanted) < Math.abs(best - wanted) ? rate : best),
    rates[0] ?? DEFAULT_FRAME_RATE,
  );
