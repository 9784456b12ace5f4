// What a ladder costs in cores, and which rung goes first when there are not enough.
import type { RenditionName } from '../../protocol/ids.ts';
import { DEFAULT_FRAME_RATE } from './frame-grid.ts';

export interface PlannedRendition {
  name: RenditionName;
  /** null for the audio-only rendition. */
  video: { width: number; height: number; bitrateKbps: number; copied: boolean } | null;
  audioBitrateKbps: number | null;
}

/** May something that costs `cost` start while `usedUnits` of `budgetUnits` are in use? */
export const admit = (budgetUnits: number, usedUnits: number, cost: number): boolean =>
  usedUnits + cost <= budgetUnits + EPSILON;

/**
 * One step down, or null when there is none. The order: the most expensive encoded rung goes first; a copied rung
 * costs next to nothing and stays; the last rung with a picture and the audio rung always stay.
 */
export function shed<Plan extends CostedPlan & { costUnits: number }>(plan: Plan): Plan | null {
  const withPicture = plan.renditions.filter((rendition) => rendition.video);
  if (withPicture.length < 2) return null;
  const encoded = withPicture.filter((rendition) => !rendition.video?.copied);
  const victim = encoded.reduce<PlannedRendition | null>(
    (most, next) => (areaOf(next) > areaOf(most) ? next : most),
    null,
  );
  if (!victim) return null;
  const renditions = plan.renditions.filter((rendition) => rendition !== victim);
  return { ...plan, renditions, costUnits: ladderCost({ ...plan, renditions }) };
}

/**
 * Estimated cores. Fitted to measurements on one machine with ffmpeg 5.1 (x264, zerolatency, live pace): decoding
 * per source megapixel, a fixed price per encoded rung, and encoding per output megapixel; within 30 % of the table.
 */
export function ladderCost(plan: CostedPlan): number {
  const { video } = plan;
  const audio = plan.renditions.some((rendition) => rendition.audioBitrateKbps !== null) ? 0.03 : 0;
  if (!video) return round(PROCESS_COST + audio);
  const sourceRate = video.frameRate ?? DEFAULT_FRAME_RATE;
  const outputRate = plan.frameRate ?? DEFAULT_FRAME_RATE;
  const factor = PRESET_FACTORS[plan.preset] ?? 1;
  const encoded = plan.renditions.filter((rendition) => rendition.video && !rendition.video.copied);
  const copied = plan.renditions.filter((rendition) => rendition.video?.copied).length;
  const sourceMegapixels = (video.width * video.height * sourceRate) / 1e6;
  // A copy alone decodes key frames only, for the poster.
  const decoding = DECODE_PER_MEGAPIXEL * sourceMegapixels * (encoded.length > 0 ? 1 : 0.05);
  const encoding = encoded.reduce(
    (sum, rendition) => sum + factor * (RUNG_COST + (ENCODE_PER_MEGAPIXEL * areaOf(rendition) * outputRate) / 1e6),
    0,
  );
  return round(PROCESS_COST + audio + decoding + encoding + copied * COPY_COST);
}

/** What the cost of a ladder depends on; an encoder plan has it all. */
export interface CostedPlan {
  video: { width: number; height: number; frameRate: number | null } | null;
  frameRate: number | null;
  preset: string;
  renditions: PlannedRendition[];
}

/** Sums of rounded costs. */
const EPSILON = 1e-6;
const DECODE_PER_MEGAPIXEL = 0.0093;
const ENCODE_PER_MEGAPIXEL = 0.0039;
const RUNG_COST = 0.055;
const COPY_COST = 0.03;
const PROCESS_COST = 0.02;
const PRESET_FACTORS: Record<string, number> = { ultrafast: 0.2, superfast: 0.68, veryfast: 1, faster: 2.1 };

const areaOf = (rendition: PlannedRendition | null) =>
  rendition?.video ? rendition.video.width * rendition.video.height : 0;

const round = (units: number) => Math.round(units * 1000) / 1000;
