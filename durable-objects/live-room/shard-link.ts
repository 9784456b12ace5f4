// The line from a room to one of its shards: one delivery at a time, so that a slow shard gets fewer and fuller ones.
import type { RoomShard } from '../room-shard.ts';
import type { RoomLog } from './log.ts';
import type { Delivery, Order } from './shard-words.ts';

/** A shard that does not take a delivery is tried again after these waits, then with the next event, and without one after LATER_MS. */
const AGAIN_AFTER_MS = [100, 400, 1500];
const LATER_MS = 10_000;
/** Of one delivery; what is more goes with the next. */
const FRAMES_MAX = 1000;
const TAKE_LIMIT_MS = 10_000;
const ORDERS_MAX = 10_000;

export class ShardLink {
  /** As it said last, and who has been sent there since. */
  sockets = 0;
  /** Has it said how many it holds, since the memory of this object began? */
  hasSaid = false;
  /** Where it stands; null: it has not said so yet. */
  private seq: number | null = null;
  private wantedSeq = 0;
  private orders: Order[] = [];
  private tally: string | null = null;
  private underWay: Promise<void> | null = null;
  private later: ReturnType<typeof setTimeout> | null = null;
  /** Asked for anew each time: the stub of an object that was lost leads nowhere. */
  private readonly shard: () => Pick<DurableObjectStub<RoomShard>, 'take'>;
  private readonly of: { log: RoomLog; audience: () => number };

  constructor(shard: () => Pick<DurableObjectStub<RoomShard>, 'take'>, of: { log: RoomLog; audience: () => number }) {
    this.shard = shard;
    this.of = of;
  }

  /** It is told everything up to this number; and what is ordered, after that. */
  offer(seq: number): Promise<void> {
    this.wantedSeq = Math.max(this.wantedSeq, seq);
    return this.run();
  }

  /** Together with the events that came before it. */
  order(order: Order, seq: number): Promise<void> {
    if (this.orders.length >= ORDERS_MAX) this.orders.shift();
    this.orders.push(order);
    return this.offer(seq);
  }

  /** A newer one takes its place while it waits. */
  tell(tally: string): void {
    this.tally = tally;
    void this.run();
  }

  holds(sockets: number): void {
    this.sockets = sockets;
    this.hasSaid = true;
  }

  /** Nobody sits there or is on the way, as far as is known: it need not be told. */
  get isIdle(): boolean {
    return this.sockets === 0 && this.seq !== null;
  }

  /** One more is sent there. What it was not told while nobody sat there it pulls. */
  expect(): void {
    if (this.isIdle) this.seq = null;
    this.sockets += 1;
  }

  private get hasMore(): boolean {
    return this.seq === null || this.seq < this.wantedSeq || this.orders.length > 0 || this.tally !== null;
  }

  private run(): Promise<void> {
    this.underWay ??= this.deliver().finally(() => {
      this.underWay = null;
    });
    return this.underWay;
  }

  private async deliver(): Promise<void> {
    let failures = 0;
    while (this.hasMore) {
      const delivery = this.next();
      try {
        const { sockets } = await within(TAKE_LIMIT_MS, this.shard().take(delivery));
        this.holds(sockets);
        this.done(delivery);
        failures = 0;
      } catch (error) {
        const waitMs = AGAIN_AFTER_MS[failures];
        failures += 1;
        if (waitMs === undefined) {
          console.error('A shard of a room could not be told; it is tried again.', error);
          this.later ??= setTimeout(() => {
            this.later = null;
            void this.run();
          }, LATER_MS);
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    }
  }

  private next(): Delivery & { wantedSeq: number } {
    const { log, audience } = this.of;
    // Where it stands is not known: it is told where the room stands, and pulls what it has not told.
    const afterSeq = this.seq ?? log.seq;
    const frames = this.seq === null || this.seq >= this.wantedSeq ? [] : log.told.after(afterSeq, FRAMES_MAX);
    const { wantedSeq, tally } = this;
    return { afterSeq, frames, orders: [...this.orders], tally, audience: audience(), wantedSeq };
  }

  private done({ afterSeq, frames, orders, tally, wantedSeq }: Delivery & { wantedSeq: number }): void {
    const lastSeq = frames.at(-1)?.seq ?? afterSeq;
    // What is wanted and no longer in the log was removed before it was sent.
    this.seq = frames.length < FRAMES_MAX ? Math.max(lastSeq, wantedSeq) : lastSeq;
    this.orders = this.orders.filter((order) => !orders.includes(order));
    if (this.tally === tally) this.tally = null;
  }
}

async function within<Value>(limitMs: number, promise: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`A shard did not answer within ${limitMs} ms.`)), limitMs);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}
