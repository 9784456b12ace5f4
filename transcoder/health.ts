// How a broadcast is doing, once a second: measured over the last seconds, with advice in words. Pure.
import type { Health, HealthWarning } from '../src/protocol/health.ts';
import type { IngestProtocol } from '../src/protocol/ingest.ts';
import { judgeHealth } from './health-warnings.ts';
import type { AudioTrack, Frame, SourceStats, Track, VideoTrack } from './media.ts';

/** Rates are taken over this time. */
const WINDOW_MS = 5000;
/** Bound of the window: 120 pictures and 100 audio frames a second. */
const MAX_SAMPLES = 1200;
const MAX_KEYS = 4;
/** A larger step back is another clock, not another order. */
const REORDER_MS = 300;

export interface HealthInput {
  nowMs: number;
  stats: SourceStats;
  /** By the session; the source's own are in `stats`. */
  droppedFrames: number;
  encoderLagMs: number;
  audioVideoSkewMs: number | null;
  renditions: readonly string[];
  passthrough: boolean;
  shed: number;
}

interface Sample {
  kind: 'video' | 'audio';
  arrivalMs: number;
  dtsMs: number;
  bytes: number;
}

/** What the rules for warnings look at. */
export interface Measurements {
  health: Omit<Health, 'warnings'>;
  sinceStartMs: number;
  /** Since the newest key frame; null without video. */
  sinceKeyMs: number | null;
  sinceVideoMs: number | null;
  sinceAudioMs: number | null;
  hasBFrames: boolean;
  /** Largest and smallest time between pictures of the window; null with too few. */
  frameSteps: { shortestMs: number; medianMs: number; longestMs: number } | null;
  /** Size of the audio frames of the window: mean and largest; null without audio. */
  audioFrameBytes: { mean: number; largest: number } | null;
  droppedLately: number;
  lossPercentLately: number | null;
  sinceClockJumpMs: number | null;
  shed: number;
}

export class HealthMeter {
  readonly #protocol: IngestProtocol;
  #video: VideoTrack | null = null;
  #audio: AudioTrack | null = null;
  #samples: Sample[] = [];
  #keys: { dtsMs: number; arrivalMs: number }[] = [];
  #firstMs: number | null = null;
  #lastMs: { video: number | null; audio: number | null } = { video: null, audio: null };
  #hasBFrames = false;
  #lastDtsMs: number | null = null;
  #clockJumpMs: number | null = null;
  /** Totals at each sample, newest last, over the window. */
  #totals: { atMs: number; dropped: number; lost: number; received: number }[] = [];

  constructor({ protocol }: { protocol: IngestProtocol }) {
    this.#protocol = protocol;
  }

  track(track: Track): void {
    if (track.kind === 'video') this.#video = track;
    else this.#audio = track;
  }

  /** As the source sent it, on its own clock. */
  frame({ kind, dtsMs, ptsMs, arrivalMs, isKey, data }: Frame): void {
    this.#firstMs ??= arrivalMs;
    this.#lastMs[kind] = arrivalMs;
    if (kind === 'video') this.#noteReordering(dtsMs, ptsMs);
    this.#samples.push({ kind, arrivalMs, dtsMs, bytes: data.length });
    if (this.#samples.length > MAX_SAMPLES) this.#samples.shift();
    if (kind !== 'video') return;
    if (!isKey) return;
    this.#keys.push({ dtsMs, arrivalMs });
    if (this.#keys.length > MAX_KEYS) this.#keys.shift();
  }

  clockJump(nowMs: number): void {
    this.#clockJumpMs = nowMs;
    this.#keys = [];
    this.#samples = [];
  }

  sample(input: HealthInput): Health {
    const { nowMs, stats } = input;
    this.#samples = this.#samples.filter(({ arrivalMs }) => nowMs - arrivalMs <= WINDOW_MS);
    const spanMs = Math.min(WINDOW_MS, Math.max(1000, nowMs - (this.#firstMs ?? nowMs)));
    const pictures = this.#samples.filter(({ kind }) => kind === 'video');
    const totals = this.#addTotals(nowMs, stats, stats.framesDropped + input.droppedFrames);
    const health = {
      atMs: nowMs,
      protocol: this.#protocol,
      videoCodec: this.#video?.codec ?? null,
      audioCodec: this.#audio?.codec ?? null,
      width: this.#video?.width ?? null,
      height: this.#video?.height ?? null,
      bitrateKbps: Math.round((sum(this.#samples.map(({ bytes }) => bytes)) * 8) / spanMs),
      fps: Math.round((pictures.length / spanMs) * 10_000) / 10,
      keyframeIntervalSeconds: this.#keyIntervalSeconds(),
      packetLossPercent: stats.packetsLost === null ? null : totals.lossPercent,
      roundTripMs: stats.roundTripMs,
      droppedFrames: stats.framesDropped + input.droppedFrames,
      encoderLagMs: Math.round(input.encoderLagMs),
      audioVideoSkewMs: input.audioVideoSkewMs === null ? null : Math.round(input.audioVideoSkewMs),
      renditions: [...input.renditions],
      passthrough: input.passthrough,
    };
    const since = (atMs: number | null): number | null => (atMs === null ? null : nowMs - atMs);
    const warnings: HealthWarning[] = judgeHealth({
      health,
      sinceStartMs: since(this.#firstMs) ?? 0,
      sinceKeyMs: this.#video ? (since(this.#keys.at(-1)?.arrivalMs ?? this.#firstMs) ?? 0) : null,
      sinceVideoMs: since(this.#lastMs.video),
      sinceAudioMs: since(this.#lastMs.audio),
      hasBFrames: this.#hasBFrames,
      frameSteps: frameSteps(pictures),
      audioFrameBytes: audioFrameBytes(this.#samples),
      droppedLately: totals.dropped,
      lossPercentLately: stats.packetsLost === null ? null : totals.lossPercent,
      sinceClockJumpMs: since(this.#clockJumpMs),
      shed: input.shed,
    });
    return { ...health, warnings };
  }

  /** By its times a picture is shown before one that came earlier; RTP has no decode time, so there the order itself tells. */
  #noteReordering(dtsMs: number, ptsMs: number): void {
    const stepMs = dtsMs - (this.#lastDtsMs ?? dtsMs);
    this.#lastDtsMs = dtsMs;
    if (ptsMs - dtsMs > 1 || (stepMs < -1 && stepMs > -REORDER_MS)) this.#hasBFrames = true;
  }

  #keyIntervalSeconds(): number | null {
    const last = this.#keys.at(-1);
    const before = this.#keys.at(-2);
    return last && before ? Math.round(last.dtsMs - before.dtsMs) / 1000 : null;
  }

  #addTotals(atMs: number, stats: SourceStats, dropped: number): { dropped: number; lossPercent: number } {
    const now = { atMs, dropped, lost: stats.packetsLost ?? 0, received: stats.packetsReceived ?? 0 };
    this.#totals = this.#totals.filter((total) => atMs - total.atMs <= WINDOW_MS);
    const then = this.#totals[0] ?? now;
    this.#totals.push(now);
    const lost = Math.max(0, now.lost - then.lost);
    const sent = lost + Math.max(0, now.received - then.received);
    return { dropped: dropped - then.dropped, lossPercent: sent === 0 ? 0 : Math.round((lost / sent) * 1000) / 10 };
  }
}

function frameSteps(pictures: readonly Sample[]): Measurements['frameSteps'] {
  if (pictures.length < 20) return null;
  const steps = pictures.slice(1).map(({ dtsMs }, index) => dtsMs - (pictures[index]?.dtsMs ?? dtsMs));
  steps.sort((a, b) => a - b);
  const at = (share: number): number => steps[Math.floor((steps.length - 1) * share)] ?? 0;
  // The outermost twentieth is left out: one late picture is no variable rate.
  return { shortestMs: at(0.05), medianMs: at(0.5), longestMs: at(0.95) };
}

function audioFrameBytes(samples: readonly Sample[]): Measurements['audioFrameBytes'] {
  const sizes = samples.filter(({ kind }) => kind === 'audio').map(({ bytes }) => bytes);
  return sizes.length < 20 ? null : { mean: sum(sizes) / sizes.length, largest: Math.max(...sizes) };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
