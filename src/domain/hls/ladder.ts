// Which qualities a source is made into: never above it, by its short side, and no more than there are cores for.
import { RenditionName } from '../../protocol/ids.ts';
import type { LatencyShape } from '../../protocol/latency.ts';
import { DEFAULT_FRAME_RATE, fillsParts, outputFrameRate } from './frame-grid.ts';
import { admit, ladderCost, type PlannedRendition, shed } from './ladder-cost.ts';

export { admit, type PlannedRendition, shed };

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

/** Key frames at least every two seconds and on a beat: such a GOP may be copied. `keyIntervalsMs`: the gaps seen, two or more. */
export function isGopRegular(keyIntervalsMs: readonly number[]): boolean {
  if (keyIntervalsMs.length < 2) return false;
  const shortest = Math.min(...keyIntervalsMs);
  const longest = Math.max(...keyIntervalsMs);
  return longest <= KEY_INTERVAL_MAX_MS + KEY_JITTER_MS && longest - shortest <= KEY_JITTER_MS && shortest >= 250;
}

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
