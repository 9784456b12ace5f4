// One video rendition of a run: its samples become parts, with the audio that belongs to them in the same fragment.
import type { LatencyShape } from '../../src/protocol/latency.ts';
import type { EncoderPlan, PlannedRendition } from '../encoder/events.ts';
import type { Frame } from '../media.ts';
import type { TimedAudio } from './audio-rendition.ts';
import { FragmentReader, type Init } from './fragments.ts';
import { AUDIO_TRACK, FIRST_TRACK, samplesOf, writeFragment } from './mux.ts';
import { PartCutter, type TimedSample } from './part-cutter.ts';
import { type Piece, type SegmentBoundaries, Segmenter } from './segmenter.ts';
import { COPY_TIMESCALE, videoInit } from './video-init.ts';

export interface VideoPart extends Piece {
  independent: boolean;
  payload: Uint8Array;
  /** Over PART-TARGET, which players do not forgive. */
  isTooLong: boolean;
}

/** 30 s; beyond it the oldest go first. */
const MAX_WAITING_AUDIO = 1400;
/** Rounding of clocks that tick in milliseconds. */
const PART_SLACK_SECONDS = 0.002;
const TICKS_PER_MS = COPY_TIMESCALE / 1000;

/**
 * Three ways in. Encoded alone: each fragment from the pipe is a part, the encoder keeps the beat. Encoded beside a copy:
 * the pipe gives single frames on the source's own beat, cut here. Copied: the source's frames themselves, cut by the same rule.
 */
export class VideoRendition {
  readonly planned: PlannedRendition;
  readonly segmenter: Segmenter;
  init: Init | null = null;
  isAnnounced = false;
  readonly #reader = new FragmentReader();
  readonly #boundaries: SegmentBoundaries;
  readonly #shape: LatencyShape;
  readonly #frameSeconds: number;
  readonly #followsSource: boolean;
  #cutter: PartCutter | null = null;
  #held: TimedSample[][] = [];
  #lastSource: Frame | null = null;
  #audio: TimedAudio[] = [];
  #delayTicks = 0;
  #sequence = 0;

  constructor(planned: PlannedRendition, plan: EncoderPlan, boundaries: SegmentBoundaries) {
    this.planned = planned;
    this.#boundaries = boundaries;
    this.#shape = plan.shape;
    this.#frameSeconds = 1 / (plan.frameRate ?? 30);
    this.#followsSource = plan.renditions.some((rendition) => rendition.video?.copied);
    this.segmenter = new Segmenter(boundaries, this.#frameSeconds / 2);
    if (planned.video?.copied && plan.video) this.#begin(videoInit(plan.video));
  }

  /** Seconds of media that wait to be fetched. */
  get heldSeconds(): number {
    const ticks = this.#held.flat().reduce((sum, sample) => sum + sample.durationTicks, 0);
    return ticks / this.#timescale;
  }

  /** A frame of the source; only a copied rendition wants it. Its duration is known when the next one comes. */
  takeSource(frame: Frame): void {
    if (!this.planned.video?.copied) return;
    const last = this.#lastSource;
    this.#lastSource = frame;
    if (last) this.#cut(copiedSample(last, ticksOf(frame.dtsMs) - ticksOf(last.dtsMs)), frame.isKey);
  }

  /** Bytes from the encoder. Throws for garbage. */
  takeBytes(bytes: Uint8Array): void {
    for (const media of this.#reader.push(bytes)) {
      if (media.type === 'init') {
        this.#begin(media);
        continue;
      }
      const track = media.tracks[0];
      if (!track) continue;
      let startTicks = track.startTicks;
      const samples = samplesOf(media, track).map((sample) => {
        const timed = { ...sample, startTicks };
        startTicks += sample.durationTicks;
        return timed;
      });
      if (!this.#followsSource) this.#held.push(samples);
      else for (const sample of samples) this.#cut(sample, this.#isKeyNext(sample));
    }
  }

  /** No more will come: the last frame lasts as long as any, and what is begun is a part. */
  finish(): void {
    const last = this.#lastSource;
    this.#lastSource = null;
    if (last) this.#cut(copiedSample(last, Math.round(this.#frameSeconds * COPY_TIMESCALE)), false);
    this.#held.push(...(this.#cutter?.end() ?? []));
  }

  addAudio(frame: TimedAudio): void {
    this.#audio.push(frame);
    if (this.#audio.length > MAX_WAITING_AUDIO) this.#audio.shift();
  }

  /** The next part with the audio that has come for it; audio trails the video by some frames, which come with the part after. */
  nextPart(): VideoPart | null {
    const samples = this.#held.shift();
    const first = samples?.[0];
    if (!samples || !first) return null;
    const piece = this.#pieceOf(samples, first);
    this.#boundaries.startAt(piece.startSeconds);
    const audio = this.#takeAudio(piece.startSeconds + piece.durationSeconds);
    this.#sequence += 1;
    const runs = [
      { trackId: FIRST_TRACK, startTicks: first.startTicks, samples },
      { trackId: AUDIO_TRACK, startTicks: audio[0]?.startTicks ?? 0, samples: audio },
    ];
    const { partTargetSeconds } = this.#shape;
    return {
      startSeconds: piece.startSeconds,
      durationSeconds: Math.min(piece.durationSeconds, partTargetSeconds),
      independent: first.isSync,
      payload: writeFragment(this.#sequence, runs),
      isTooLong: piece.durationSeconds > partTargetSeconds + PART_SLACK_SECONDS,
    };
  }

  get #timescale(): number {
    return this.init?.tracks[0]?.timescale ?? COPY_TIMESCALE;
  }

  #begin(init: Init): void {
    this.init = init;
    const { partTargetSeconds } = this.#shape;
    const rules = { timescale: this.#timescale, partTargetSeconds, frameSeconds: this.#frameSeconds };
    if (this.#followsSource) this.#cutter = new PartCutter(rules);
  }

  #cut(sample: TimedSample, nextIsSync: boolean): void {
    this.#held.push(...(this.#cutter?.push(sample, nextIsSync) ?? []));
  }

  #isKeyNext(sample: TimedSample): boolean {
    const endSeconds = (sample.startTicks + sample.durationTicks) / this.#timescale;
    return this.#boundaries.isSourceKeyAt(endSeconds, this.#frameSeconds / 2);
  }

  /** Decode times plus the delay that B-frames need, taken from the key frame before: the same instants in every rendition. */
  #pieceOf(samples: TimedSample[], first: TimedSample): Piece {
    if (first.isSync) this.#delayTicks = first.offsetTicks;
    const ticks = samples.reduce((sum, { durationTicks }) => sum + durationTicks, 0);
    return {
      startSeconds: (first.startTicks + this.#delayTicks) / this.#timescale,
      durationSeconds: ticks / this.#timescale,
    };
  }

  #takeAudio(untilSeconds: number): TimedAudio[] {
    const next = this.#audio.findIndex((frame) => frame.startSeconds >= untilSeconds);
    const taken = this.#audio.splice(0, next < 0 ? this.#audio.length : next);
    const origin = this.#boundaries.originSeconds ?? 0;
    return taken.filter((frame) => frame.startSeconds + frame.durationSeconds > origin);
  }
}

const ticksOf = (ms: number) => Math.round(ms * TICKS_PER_MS);

const copiedSample = ({ ptsMs, dtsMs, isKey, data }: Frame, durationTicks: number): TimedSample => ({
  startTicks: ticksOf(dtsMs),
  durationTicks: Math.max(1, durationTicks),
  offsetTicks: ticksOf(ptsMs) - ticksOf(dtsMs),
  isSync: isKey,
  data,
});
