// The audio-only rendition of a run: AAC frames grouped into parts and segments that follow those of the video.
import type { LatencyShape } from '../../src/protocol/latency.ts';
import type { PlannedRendition } from '../encoder/events.ts';
import { FIRST_TRACK, type MediaSample, writeFragment } from './mux.ts';
import { type Piece, type SegmentBoundaries, Segmenter } from './segmenter.ts';

/** An AAC frame with its place in time. */
export interface TimedAudio extends MediaSample, Piece {
  startTicks: number;
}

export interface AudioPart extends Piece {
  independent: boolean;
  payload: Uint8Array;
}

/** 1024 samples at 48 kHz: what the encoder is told to make. */
export const FRAME_SECONDS = 1024 / 48_000;

/** As many whole frames in a part as fit into PART-TARGET; a segment begins with the frame nearest to its boundary. */
export class AudioRendition {
  readonly planned: PlannedRendition;
  readonly segmenter: Segmenter;
  readonly #boundaries: SegmentBoundaries;
  readonly #framesPerPart: number;
  #frames: TimedAudio[] = [];
  #sequence = 0;

  constructor(planned: PlannedRendition, boundaries: SegmentBoundaries, shape: LatencyShape) {
    this.planned = planned;
    this.#boundaries = boundaries;
    this.segmenter = new Segmenter(boundaries, FRAME_SECONDS / 2);
    this.#framesPerPart = Math.max(1, Math.floor(shape.partTargetSeconds / FRAME_SECONDS + 1e-6));
  }

  /** The part that this frame completes, if it does. */
  take(frame: TimedAudio): AudioPart | null {
    this.#frames.push(frame);
    const here = this.#boundaries.segmentAt(frame.startSeconds, FRAME_SECONDS / 2);
    const next = this.#boundaries.segmentAt(frame.startSeconds + frame.durationSeconds, FRAME_SECONDS / 2);
    return this.#frames.length >= this.#framesPerPart || next > here ? this.finish() : null;
  }

  /** The part that is begun, short as it may be. */
  finish(): AudioPart | null {
    const samples = this.#frames;
    const first = samples[0];
    if (!first) return null;
    this.#frames = [];
    this.#sequence += 1;
    return {
      startSeconds: first.startSeconds,
      durationSeconds: samples.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0),
      independent: true,
      payload: writeFragment(this.#sequence, [{ trackId: FIRST_TRACK, startTicks: first.startTicks, samples }]),
    };
  }
}
