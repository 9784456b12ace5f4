// The line to a shard or a hub: one delivery at a time, so that whoever is slow gets fewer and fuller ones.
import type { StreamId } from '../../src/protocol/ids.ts';
import type { LoggedFrame } from './log-schema.ts';
import type { Delivery, Holding, Order, Taken } from './shard-words.ts';
import { within } from './within.ts';

/** Who does not take a delivery is tried again after these waits, then with the next event, and without one after LATER_MS. */
const AGAIN_AFTER_MS = [100, 400, 1500];
const LATER_MS = 10_000;
/** Of one delivery; what is more goes with the next. */
export const FRAMES_MAX = 1000;
const TAKE_LIMIT_MS = 10_000;
const ORDERS_MAX = 10_000;
/** Behind a hub a shard may be late so often before nobody waits for it. */
const LAGS_MAX = 8;

/** What is told, in its order: the log of the room, or what a hub remembers of it. */
export interface FrameSource {
  readonly seq: number;
  /** Null: it does not reach back so far. */
  after(seq: number, limit: number): LoggedFrame[] | null;
}

export interface Child {
  take(delivery: Delivery): Promise<Taken>;
}

interface Around {
  source: FrameSource;
  streamId: StreamId;
  /** Which hub stands at one of the ends. */
  hub: number | null;
  /** Who at the other end is to be told: where somebody sits, or everywhere. */
  shards(isForAll: boolean): number[];
  audience(): number;
  holds(holding: Holding[]): void;
}

/** An order that is not done, and who waits for it. */
interface Pending {
  order: Order;
  settle(): void;
}

export class ShardLink {
  /** Where it stands; null: it has not said so yet. */
  private seq: number | null = null;
  private wantedSeq = 0;
  private pending: Pending[] = [];
  private tally: string | null = null;
  /** It has taken what it was told, and not all behind it have. */
  private isLagging = false;
  private isRetired = false;
  private underWay: Promise<void> | null = null;
  private later: ReturnType<typeof setTimeout> | null = null;
  /** Ends a pause. */
  private hurry: () => void = () => undefined;
  /** Asked for anew each time: the stub of an object that was lost leads nowhere. */
  private readonly child: () => Child;
  private readonly around: Around;

  constructor(child: () => Child, around: Around) {
    this.child = child;
    this.around = around;
  }

  /** It is told everything up to this number; and what is ordered, after that. */
  offer(seq: number): Promise<void> {
    this.wantedSeq = Math.max(this.wantedSeq, seq);
    return this.run();
  }

  /** It has been, or is about to be. */
  isOffered(seq: number): boolean {
    return this.wantedSeq >= seq;
  }

  /** Together with the events that came before it. Settles when it is done, or could not be told. */
  order(order: Order, seq: number): Promise<void> {
    // What was to be told may name who was erased.
    if (order.what.type === 'forget') this.drop(({ what }) => what.type === 'tell');
    if (this.pending.length >= ORDERS_MAX) this.dropOne();
    return new Promise((resolve) => {
      this.pending.push({ order, settle: resolve });
      void this.offer(seq);
    });
  }

  /** A newer one takes its place while it waits. */
  tell(tally: string): void {
    this.tally = tally;
    void this.run();
  }

  /** Nobody sat there for a while: what it was not told meanwhile it pulls. */
  rest(): void {
    this.seq = null;
  }

  /** Shards that have not asked away yet whom they were ordered to. */
  get moving(): number[] {
    return this.pending.flatMap(({ order: { what } }) => (what.type === 'move' ? [what.shard] : []));
  }

  /** All orders up to this number are done. */
  get doneOrder(): number {
    const [oldest] = this.pending;
    return oldest ? oldest.order.number - 1 : Number.MAX_SAFE_INTEGER;
  }

  /** It has been told and has done all. */
  get isDone(): boolean {
    const { seq, wantedSeq, pending, tally, isLagging } = this;
    return seq !== null && seq >= wantedSeq && pending.length === 0 && tally === null && !isLagging;
  }

  /** Another line takes its place, and what was not done. */
  retire(): Pending[] {
    this.isRetired = true;
    if (this.later) clearTimeout(this.later);
    this.later = null;
    this.hurry();
    return this.pending.splice(0);
  }

  private run(): Promise<void> {
    this.hurry();
    this.underWay ??= this.deliver().then((isReached) => {
      this.underWay = null;
      if (!isReached) this.giveUp();
      // Something may have come while it ended.
      else if (!this.isDone && !this.isRetired) void this.run();
    });
    return this.underWay;
  }

  /** False: it cannot be reached. */
  private async deliver(): Promise<boolean> {
    let failures = 0;
    let lags = 0;
    while (!this.isDone && !this.isRetired) {
      const isTaken = await this.tried();
      if (isTaken && !this.isLagging) {
        failures = lags = 0;
        continue;
      }
      if (isTaken && ++lags === LAGS_MAX) this.nobodyWaits();
      const waitMs = AGAIN_AFTER_MS[failures];
      if (waitMs === undefined) return false;
      // The others behind a hub do not wait for the one that lags.
      if (await this.pause(waitMs, isTaken)) failures += 1;
    }
    return true;
  }

  private async tried(): Promise<boolean> {
    try {
      const delivery = this.next();
      const { holding, isDone, doneOrder } = await within(TAKE_LIMIT_MS, this.child().take(delivery));
      this.around.holds(holding);
      this.isLagging = !isDone;
      this.taken(delivery, isDone ? Number.MAX_SAFE_INTEGER : doneOrder);
      return true;
    } catch (error) {
      if (this.isRetired) return false;
      console.error('A shard or a hub of a room could not be told; it is tried again.', error);
      return false;
    }
  }

  private next(): Delivery & { wantedSeq: number } {
    const { source, streamId, hub, shards, audience } = this.around;
    const { wantedSeq, tally } = this;
    const known = this.seq === null || this.seq >= wantedSeq ? [] : source.after(this.seq, FRAMES_MAX);
    // Where it stands is not known, or too long ago: it is told where its room stands, and pulls what it has not told.
    const afterSeq = this.seq === null || known === null ? source.seq : this.seq;
    const orders = this.pending.map(({ order }) => order);
    const isForAll = orders.some(({ what }) => what.type === 'forget');
    return {
      streamId,
      hub,
      shards: shards(isForAll),
      afterSeq,
      frames: known ?? [],
      orders,
      tally,
      audience: audience(),
      wantedSeq,
    };
  }

  private taken({ afterSeq, frames, orders, tally, wantedSeq }: Delivery & { wantedSeq: number }, done: number): void {
    const lastSeq = frames.at(-1)?.seq ?? afterSeq;
    // What is wanted and no longer in the log was removed before it was sent.
    this.seq = frames.length < FRAMES_MAX ? Math.max(lastSeq, wantedSeq) : lastSeq;
    if (this.tally === tally) this.tally = null;
    // A hub that is lost forgets: what not all behind it have done is said again.
    const isDone = new Set(orders.filter(({ number }) => number <= done));
    this.drop((order) => isDone.has(order));
  }

  private drop(isMeant: (order: Order) => boolean): void {
    const dropped = this.pending.filter(({ order }) => isMeant(order));
    if (dropped.length === 0) return;
    this.pending = this.pending.filter(({ order }) => !isMeant(order));
    for (const { settle } of dropped) settle();
  }

  /** Rather a word that was for some than what sends somebody out. */
  private dropOne(): void {
    const word = this.pending.findIndex(({ order: { what } }) => what.type === 'tell');
    for (const { settle } of this.pending.splice(Math.max(0, word), 1)) settle();
  }

  private giveUp(): void {
    this.nobodyWaits();
    this.later ??= setTimeout(() => {
      this.later = null;
      void this.run();
    }, LATER_MS);
  }

  private nobodyWaits(): void {
    for (const { settle } of this.pending) settle();
  }

  /** False: it was cut short by something new. */
  private pause(ms: number, mayBeCutShort: boolean): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (isWhole: boolean) => {
        clearTimeout(timer);
        this.hurry = () => undefined;
        resolve(isWhole);
      };
      const timer = setTimeout(() => end(true), ms);
      if (mayBeCutShort) this.hurry = () => end(false);
    });
  }
}
