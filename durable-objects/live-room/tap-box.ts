// Reactions of the sockets of a shard: added up, and brought to the room a few times a second, however many there are.
import type { ReactionName } from '../../src/protocol/chat/reaction-words.ts';
import type { Parcel, Taps } from './shard-words.ts';

/** Together with the tick of the room a total is seldom older than a second. */
const TOGETHER_MS = 200;
/** What could not be brought is tried again after this, as the same parcel, so that it is not counted twice. */
const AGAIN_AFTER_MS = 1000;

export class TapBox {
  private readonly bring: (parcel: Parcel) => Promise<unknown>;
  private readonly box = crypto.randomUUID();
  private number = 0;
  private counts: Partial<Record<ReactionName, number>> = {};
  private mediaTimeMs: number | undefined;
  /** It may have been counted, or not. */
  private underWay: Parcel | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(bring: (parcel: Parcel) => Promise<unknown>) {
    this.bring = bring;
  }

  put({ counts, mediaTimeMs }: Taps): void {
    for (const [kind, count] of Object.entries(counts) as [ReactionName, number | undefined][])
      this.counts[kind] = (this.counts[kind] ?? 0) + (count ?? 0);
    if (mediaTimeMs !== undefined) this.mediaTimeMs = Math.max(this.mediaTimeMs ?? 0, mediaTimeMs);
    if (!this.underWay) this.wait(TOGETHER_MS);
  }

  private wait(ms: number): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      void this.carry();
    }, ms);
  }

  private async carry(): Promise<void> {
    this.underWay ??= this.packed();
    try {
      await this.bring(this.underWay);
      this.underWay = null;
      if (Object.keys(this.counts).length > 0) this.wait(TOGETHER_MS);
    } catch (error) {
      console.error('The reactions of a shard could not be brought to the room; it is tried again.', error);
      this.wait(AGAIN_AFTER_MS);
    }
  }

  private packed(): Parcel {
    const { box, counts, mediaTimeMs } = this;
    this.counts = {};
    this.mediaTimeMs = undefined;
    this.number += 1;
    return { box, number: this.number, counts, mediaTimeMs };
  }
}
