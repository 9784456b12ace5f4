// The frames since the newest key frame, kept to start an encoder again where the last one died.
import type { Frame } from '../media.ts';

export interface GopBufferLimits {
  maxMs: number;
  maxBytes: number;
  /** False for audio alone: then every frame is a start, and the newest second is kept. */
  hasVideo: boolean;
}

const AUDIO_ONLY_MS = 1000;

export class GopBuffer {
  #frames: Frame[] = [];
  #bytes = 0;
  readonly #limits: GopBufferLimits;

  constructor(limits: GopBufferLimits) {
    this.#limits = limits;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** In decode order, beginning with a key frame (or audio alone); empty when there is nothing to start from. */
  get frames(): readonly Frame[] {
    return this.#frames;
  }

  /** A GOP that outgrows its limits is given up: the next key frame begins anew. */
  push(frame: Frame): void {
    if (this.#limits.hasVideo) {
      if (frame.kind === 'video' && frame.isKey) this.clear();
      else if (this.#frames.length === 0) return;
    }
    this.#frames.push(frame);
    this.#bytes += frame.data.length;
    if (!this.#limits.hasVideo) this.#slide(frame.dtsMs - AUDIO_ONLY_MS);
    else if (this.#bytes > this.#limits.maxBytes || this.#spanMs() > this.#limits.maxMs) this.clear();
  }

  clear(): void {
    this.#frames = [];
    this.#bytes = 0;
  }

  #spanMs(): number {
    return (this.#frames.at(-1)?.dtsMs ?? 0) - (this.#frames[0]?.dtsMs ?? 0);
  }

  #slide(oldestMs: number): void {
    while (this.#frames.length > 1 && (this.#frames[0]?.dtsMs ?? oldestMs) < oldestMs) {
      this.#bytes -= this.#frames.shift()?.data.length ?? 0;
    }
  }
}
