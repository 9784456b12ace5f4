// What a hub remembers of what it was told, for shards that come a little later; the room has it all.
import { isOfKind, type LoggedFrame } from './log-schema.ts';
import { FRAMES_MAX, type FrameSource } from './shard-link.ts';
import type { Delivery } from './shard-words.ts';

export class HubWindow implements FrameSource {
  /** The newest number that was spoken of. */
  seq = 0;
  /** All that is to be told after this number is here. */
  private baseSeq = 0;
  private frames: LoggedFrame[] = [];

  put({ afterSeq, frames }: Pick<Delivery, 'afterSeq' | 'frames'>): void {
    const fresh = frames.filter(({ seq }) => seq > this.seq);
    // Something between was not told here, or was removed: who has not told it asks the room, which no longer shows what was removed.
    if (afterSeq > this.seq) this.forgetUpTo(afterSeq);
    else if (fresh.some(isRemoval)) this.forgetUpTo(this.seq);
    this.frames = [...this.frames, ...fresh];
    this.seq = Math.max(this.seq, afterSeq, fresh.at(-1)?.seq ?? 0);
    const tooMany = this.frames.length - FRAMES_MAX;
    if (tooMany > 0) this.baseSeq = this.frames.splice(0, tooMany).at(-1)!.seq;
  }

  after(seq: number, limit: number): LoggedFrame[] | null {
    if (seq < this.baseSeq) return null;
    return this.frames.filter((frame) => frame.seq > seq).slice(0, limit);
  }

  /** Null: not all of it is here. */
  between(afterSeq: number, upToSeq: number): LoggedFrame[] | null {
    return upToSeq > this.seq ? null : this.after(afterSeq, FRAMES_MAX);
  }

  forget(): void {
    this.forgetUpTo(this.seq);
  }

  private forgetUpTo(seq: number): void {
    this.frames = [];
    this.baseSeq = seq;
  }
}

const isRemoval = (frame: LoggedFrame): boolean => isOfKind(frame, 'removed', 'cleared');
