// What stands at the end of a line of a room in a test: a log that grows at one end, and at the other what was told, and what is answered.
import type { LoggedFrame } from '../../durable-objects/live-room/log-schema.ts';
import { type FrameSource, ShardLink } from '../../durable-objects/live-room/shard-link.ts';
import type { Delivery, Taken } from '../../durable-objects/live-room/shard-words.ts';
import type { StreamId } from '../../src/protocol/ids.ts';

export const frame = (seq: number, text = `${seq}`): LoggedFrame => ({
  seq,
  frame: `{"kind":"message","text":"${text}"}`,
});

/** A log that grows. */
export class Log implements FrameSource {
  seq = 0;
  grow(): number {
    this.seq += 1;
    return this.seq;
  }
  after(seq: number, limit: number): LoggedFrame[] {
    return Array.from({ length: this.seq - seq }, (_, nth) => frame(seq + 1 + nth)).slice(0, limit);
  }
}

/** The other end: what it was told, and what it answers. */
export class FarEnd {
  readonly deliveries: Delivery[] = [];
  answer: (delivery: Delivery) => Taken | Promise<Taken> = () => DONE;
  async take(delivery: Delivery): Promise<Taken> {
    this.deliveries.push(delivery);
    return this.answer(delivery);
  }
  get seqs(): number[] {
    return this.deliveries.flatMap(({ frames }) => frames.map(({ seq }) => seq));
  }
}

export const DONE: Taken = { holding: [], isDone: true, doneOrder: 0 };
export const LAGS: Taken = { holding: [], isDone: false, doneOrder: 0 };
export const fails = () => {
  throw new Error('It leads nowhere.');
};

export function lineTo(farEnd: FarEnd, log: FrameSource): ShardLink {
  return new ShardLink(() => farEnd, {
    source: log,
    streamId: 'st_abcd' as StreamId,
    hub: null,
    shards: () => [0],
    audience: () => 1,
    holds: () => undefined,
  });
}
