// Which qualities a source is made into, what they cost in cores, and which one goes first when there is not enough.
import { RenditionName } from '../../protocol/ids.ts';
import type { LatencyShape } from '../../protocol/latency.ts';

export interface PlannedRendition {
  name: RenditionName;
  /** null for the audio-only rendition. */
  video: { width: number; height: number; bitrateKbps: number; copied: boolean } | null;
  audioBitrateKbps: number | null;
}

/** What is known of the source's picture before the first frame is encoded. */
export interface LadderSource {
  codec: string;
  /** avcC for H.264: its profile decides whether browsers can play a copy. */
  config: Uint8Array | null;
  width: number;
  height: number;
  /** Announced or measured; null when unknown. */
  frameRate: number | null;
  bitrateKbps: number | null;
  /** See `isGopRegular`; false when unknown. */
  gopRegular: boolean;
}

export const PRESETS = ['ultrafast', 'superfast', 'veryfast', 'faster'] as const;
export type Preset = (typeof PRESETS)[number];

export interface LadderSettings {
  preset: Preset;
  /** No rung above this short side, copied ones included. */
  maxShortSide: number;
  maxFrameRate: number;
  /** Copy a fit H.264 source as the top rung. */
  passthrough: boolean;
}

export const LADDER_DEFAULTS: LadderSettings = {
  preset: 'veryfast',
  maxShortSide: 1080,
  maxFrameRate: 60,
  passthrough: true,
};

export interface Ladder {
  /** Of the encoded renditions; of the source when its top is copied; null without video. */
  frameRate: number | null;
  preset: Preset;
  renditions: PlannedRendition[];
  costUnits: number;
}

export type LadderAnswer = { ok: true; ladder: Ladder } | { ok: false; code: 'no_capacity'; detail: string };

export interface LadderRequest {
  video: LadderSource | null;
  hasAudio: boolean;
  shape: LatencyShape;
  settings?: Partial<LadderSettings>;
  /** Cores that may be spent; without it the full ladder. */
  availableUnits?: number;
}

/** Short side -> kbit/s at up to 30 frames per second. */
const RUNGS: ReadonlyArray<readonly [shortSide: number, bitrateKbps: number]> = [
  [1080, 4500],
  [720, 2500],
  [480, 1200],
  [360, 600],
];
const HIGH_FRAME_RATE = 50;
const HIGH_FRAME_RATE_FACTOR = 1.5;
/** With the boxes around it the audio rung stays below 130 kbit/s, the promise of the data saver. */
const AUDIO_KBPS = 112;
const FRAME_RATES = [24, 25, 30, 50, 60];
const DEFAULT_FRAME_RATE = 30;
/** A part shorter than this share of PART-TARGET is only allowed before an independent one (LL-HLS row 9). */
const PART_MIN_SHARE = 0.85;
const EPSILON = 1e-6;
/** A regular source may be late or early by this much and still count as on its beat. */
const KEY_JITTER_MS = 40;
const KEY_INTERVAL_MAX_MS = 2000;
/** Baseline, Main, Extended and High: 8 bit, 4:2:0, what every browser decodes. */
const COPYABLE_PROFILES = new Set([66, 77, 88, 100]);

/** The ladder for a source: the fullest one that fits into `availableUnits`. */
export function planLadder(request: LadderRequest): LadderAnswer {
  const available = request.availableUnits ?? Number.POSITIVE_INFINITY;
  const full = fullLadder(request);
  for (let ladder: Ladder | null = full; ladder; ladder = shed({ ...ladder, video: request.video })) {
    if (admit(available, 0, ladder.costUnits)) return { ok: true, ladder: pick(ladder) };
  }
  return {
    ok: false,
    code: 'no_capacity',
    detail: `Even the smallest ladder for this source needs more than the ${available.toFixed(2)} cores that are free. Send a smaller picture, or try again when another broadcast has ended.`,
  };
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

/** Key frames at least every two seconds and on a beat: such a GOP may be copied. `keyIntervalsMs`: the gaps seen, two or more. */
export function isGopRegular(keyIntervalsMs: readonly number[]): boolean {
  if (keyIntervalsMs.length < 2) return false;
  const shortest = Math.min(...keyIntervalsMs);
  const longest = Math.max(...keyIntervalsMs);
  return longest <= KEY_INTERVAL_MAX_MS + KEY_JITTER_MS && longest - shortest <= KEY_JITTER_MS && shortest >= 250;
}

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

const DECODE_PER_MEGAPIXEL = 0.0093;
const ENCODE_PER_MEGAPIXEL = 0.0039;
const RUNG_COST = 0.055;
const COPY_COST = 0.03;
const PROCESS_COST = 0.02;
const PRESET_FACTORS: Record<string, number> = { ultrafast: 0.2, superfast: 0.68, veryfast: 1, faster: 2.1 };

function fullLadder({ video, hasAudio, shape, settings }: LadderRequest): Ladder & { video: LadderSource | null } {
  const rules = { ...LADDER_DEFAULTS, ...settings };
  const audioBitrateKbps = hasAudio ? AUDIO_KBPS : null;
  const copied = video !== null && rules.passthrough && isCopyable(video, shape, rules);
  const frameRate = !video
    ? null
    : copied
      ? video.frameRate
      : outputFrameRate(video.frameRate, shape, rules.maxFrameRate);
  const pictures = video ? picturesOf(video, frameRate ?? DEFAULT_FRAME_RATE, copied, rules) : [];
  const renditions: PlannedRendition[] = pictures.map((picture) => ({
    name: rungName(picture),
    video: picture,
    audioBitrateKbps,
  }));
  if (hasAudio) renditions.push({ name: RenditionName.parse('audio'), video: null, audioBitrateKbps });
  const ladder = { video, frameRate, preset: rules.preset, renditions };
  return { ...ladder, costUnits: ladderCost(ladder) };
}

const pick = ({ frameRate, preset, renditions, costUnits }: Ladder): Ladder => ({
  frameRate,
  preset,
  renditions,
  costUnits,
});

/** A copy keeps the source's own beat, so whole frames on that beat must make good parts, whatever the rounding of its clock to ms. */
function isCopyable(video: LadderSource, shape: LatencyShape, { maxShortSide, maxFrameRate }: LadderSettings): boolean {
  if (video.codec !== 'h264' || !video.gopRegular || video.frameRate === null) return false;
  if (!COPYABLE_PROFILES.has(video.config?.[1] ?? 0)) return false;
  if (Math.min(video.width, video.height) > maxShortSide || video.frameRate > maxFrameRate + 1) return false;
  return fillsParts(video.frameRate, shape);
}

function fillsParts(frameRate: number, shape: LatencyShape): boolean {
  const seconds = framesPerPart(frameRate, shape) / frameRate;
  return seconds >= PART_MIN_SHARE * shape.partTargetSeconds;
}

type Picture = NonNullable<PlannedRendition['video']>;

function picturesOf(source: LadderSource, frameRate: number, copied: boolean, rules: LadderSettings): Picture[] {
  const { width, height } = source;
  const shortSide = Math.min(width, height);
  const factor = frameRate >= HIGH_FRAME_RATE ? HIGH_FRAME_RATE_FACTOR : 1;
  const cap = source.bitrateKbps ?? Number.POSITIVE_INFINITY;
  const below = RUNGS.filter(([rung]) => rung <= rules.maxShortSide && (copied ? rung < shortSide : rung <= shortSide));
  const encoded = below.map(([rung, kbps]) => ({
    ...scaled(width, height, rung),
    bitrateKbps: Math.max(100, Math.round(Math.min(kbps * factor, cap))),
    copied: false,
  }));
  if (copied) {
    const bitrateKbps = source.bitrateKbps ?? Math.round(rungBitrate(width * height) * factor);
    return [{ width, height, bitrateKbps, copied }, ...encoded];
  }
  if (encoded.length > 0) return encoded;
  const own = { width: evenBelow(width), height: evenBelow(height) };
  const kbps = Math.max(100, Math.min(rungBitrate(own.width * own.height) * factor, cap));
  return [{ ...own, bitrateKbps: Math.round(kbps), copied: false }];
}

/** For sizes of their own: as many bits per pixel as the rungs around them. */
function rungBitrate(area: number): number {
  const [shortSide, kbps] = RUNGS.find(([rung]) => (rung * rung * 16) / 9 <= area * 1.1) ?? [360, 600];
  return Math.min(8000, (kbps * area) / ((shortSide * shortSide * 16) / 9));
}

/** The short side becomes `rung`, the long one keeps the aspect; both even and never above the source. */
function scaled(width: number, height: number, rung: number): { width: number; height: number } {
  const long = Math.max(width, height);
  const short = Math.min(width, height);
  const newLong = Math.min(2 * Math.round((long * rung) / short / 2), evenBelow(long));
  return width >= height ? { width: newLong, height: rung } : { width: rung, height: newLong };
}

const evenBelow = (side: number) => Math.max(2, 2 * Math.floor(side / 2));

const rungName = ({ width, height }: Picture): RenditionName => RenditionName.parse(`${Math.min(width, height)}p`);

const areaOf = (rendition: PlannedRendition | null) =>
  rendition?.video ? rendition.video.width * rendition.video.height : 0;

const nearestOf = (rates: readonly number[], wanted: number): number =>
  rates.reduce(
    (best, rate) => (Math.abs(rate - wanted) < Math.abs(best - wanted) ? rate : best),
    rates[0] ?? DEFAULT_FRAME_RATE,
  );

const round = (units: number) => Math.round(units * 1000) / 1000;
