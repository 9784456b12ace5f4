// Single frames to parts that obey PART-TARGET whatever the source's clock does: for a copied source and what is encoded beside it.
import type { MediaSample } from './mux.ts';

/** A sample whose duration is known, because the next one has come. */
export interface TimedSample extends MediaSample {
  /** Decode time. */
  startTicks: number;
}

export interface CutRules {
  timescale: number;
  partTargetSeconds: number;
  /** How long a frame lasts when nothing is late. */
  frameSeconds: number;
}

/** Clocks of encoders tick in milliseconds, so the same part is now a tick longer, now a tick shorter. */
const JITTER_SECONDS = 0.0015;

/** Samples in decode order in, whole parts out. Holds at most one part. */
export class PartCutter {
  readonly #maxTicks: number;
  readonly #frameTicks: number;
  readonly #jitterTicks: number;
  #samples: TimedSample[] = [];

  constructor({ timescale, partTargetSeconds, frameSeconds }: CutRules) {
    this.#maxTicks = partTargetSeconds * timescale;
    this.#frameTicks = frameSeconds * timescale;
    this.#jitterTicks = JITTER_SECONDS * timescale;
  }

  /** `nextIsSync`: a key frame follows, which begins a part. */
  push(sample: TimedSample, nextIsSync: boolean): TimedSample[][] {
    const parts: TimedSample[][] = [];
    // A frame that stays longer than its turn goes into the next part, where there is room for it.
    if (this.#lengthWith(sample.durationTicks) > this.#maxTicks + this.#jitterTicks) parts.push(...this.end());
    this.#samples.push(sample);
    const isFull = this.#lengthWith(this.#frameTicks) > this.#maxTicks + this.#jitterTicks;
    if (nextIsSync || isFull) parts.push(...this.end());
    return parts;
  }

  end(): TimedSample[][] {
    const samples = this.#samples;
    this.#samples = [];
    return samples.length > 0 ? [samples] : [];
  }

  #lengthWith(moreTicks: number): number {
    return this.#samples.reduce((sum, { durationTicks }) => sum + durationTicks, moreTicks);
  }
}
