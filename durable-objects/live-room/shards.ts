// The shards of a room, as the room sees them: where a newcomer sits, what each has been told, and what all are ordered.
import {
  MOVES_AT_ONCE,
  MOVES_EVERY_MS,
  movesFrom,
  NO_SHARDS,
  planFor,
  type ShardPlace,
  type ShardPlan,
  type ShardSizes,
  shardFor,
  shardsMax,
} from '../../src/domain/chat/shard-plan.ts';
import type { StreamId } from '../../src/protocol/ids.ts';
import type { RoomFacts } from './facts.ts';
import type { Hall } from './hall.ts';
import type { RoomLog } from './log.ts';
import { ShardCounts } from './shard-counts.ts';
import { ShardLines } from './shard-lines.ts';
import { type ShardSettings, sizesOf } from './shard-settings.ts';
import type { Holding, Order } from './shard-words.ts';

interface Around {
  env: ShardSettings;
  log: RoomLog;
  hall: Hall;
  facts: RoomFacts;
  /** So many who sit in the room itself are asked to come back. */
  move(count: number): void;
  streamId: () => StreamId | null;
}

export class Shards {
  private readonly around: Around;
  private readonly counts = new ShardCounts();
  private readonly reach: ShardLines;
  private plan: ShardPlan;
  private lastOrder = 0;
  private movedAtMs = 0;

  constructor(around: Around) {
    this.around = around;
    const { env, log, facts, streamId } = around;
    this.plan = { ...NO_SHARDS, ...facts.read('shards') };
    this.reach = new ShardLines({
      env,
      source: {
        get seq() {
          return log.seq;
        },
        after: (seq, limit) => log.told.after(seq, limit),
      },
      counts: this.counts,
      plan: () => this.plan,
      sizes: () => this.sizes,
      audience: () => this.audience,
      frameIntervalMs: () => this.around.hall.frameIntervalMs,
      holds: (holding) => this.holds(holding),
      streamId,
    });
  }

  /** After a loss of memory: who sits where, and what they have been told, is theirs to say. */
  remember(): void {
    if (this.plan.opened === 0) return;
    this.reach.ask();
    this.told();
  }

  /** Everybody, in the room and in its shards. */
  get audience(): number {
    return this.around.hall.size + this.elsewhere;
  }

  /** Everybody in the shards. */
  get elsewhere(): number {
    return this.counts.sum;
  }

  /** `socketsMax`: of the room and all its shards. */
  isFull(socketsMax: number): boolean {
    return this.audience >= socketsMax || (this.plan.isSharded && this.nextShard >= shardsMax(this.sizes));
  }

  /** All that was ordered up to now has a number up to this one, and what comes later a higher one. */
  get orderNumber(): number {
    this.lastOrder = Math.max(this.lastOrder, Date.now());
    return this.lastOrder;
  }

  /** Where the next newcomer sits; null: here. */
  placeFor(): ShardPlace | null {
    this.decide();
    if (!this.plan.isSharded) return null;
    const shard = this.nextShard;
    this.reach.wake(shard);
    if (shard >= this.plan.opened) this.keep({ ...this.plan, opened: shard + 1 });
    this.counts.expect(shard);
    return { ok: true, shard };
  }

  /** Shards have said how many they hold. A hub says it of all of its own with every word: where somebody sits already there is no more to do. */
  holds(holding: readonly Holding[]): void {
    for (const one of holding) {
      if (one.sockets > 0 && !this.counts.isAwake(one.shard)) this.reach.wake(one.shard);
      this.counts.put(one);
    }
  }

  /** Something has happened: the shards are told in rounds, without waiting for those who sit here. */
  news(): void {
    if (this.plan.opened > 0) this.reach.offer();
  }

  /** Whoever sits here has been told; those who sit on the wrong level move a few at a time. */
  told(): void {
    const { hall } = this.around;
    if (this.plan.opened === 0 && !this.plan.isSharded) {
      this.decide();
      return;
    }
    this.decide();
    const nowMs = Date.now();
    if (nowMs < this.movedAtMs + MOVES_EVERY_MS) return;
    this.movedAtMs = nowMs;
    const here = this.plan.isSharded ? Math.min(hall.size, MOVES_AT_ONCE) : 0;
    if (here > 0) this.around.move(here);
    for (const move of movesFrom(this.movable, this.plan, { sizes: this.sizes, atMost: MOVES_AT_ONCE - here }))
      this.reach.orderAt(move.shard, this.ordered({ type: 'move', ...move }));
  }

  /** Settles when every shard has done it, or could not be told. */
  async orderAll(what: Order['what']): Promise<void> {
    if (this.plan.opened === 0) return;
    await this.reach.order(this.ordered(what));
  }

  /** The newest counts, where anybody sits. */
  tally(frame: string): void {
    this.reach.tell(frame);
  }

  private get sizes(): ShardSizes {
    return sizesOf(this.around.env);
  }

  private get opened(): number[] {
    return Array.from({ length: this.plan.opened }, (_, shard) => shard);
  }

  private get sockets(): number[] {
    return this.opened.map((shard) => this.counts.of(shard));
  }

  /** Who is asked away already is not counted: a shard that is late would be asked for the same people again and again. */
  private get movable(): number[] {
    const { moving } = this.reach;
    return this.sockets.map((count, shard) => (moving.has(shard) ? 0 : count));
  }

  private get nextShard(): number {
    return shardFor(this.sockets, this.plan, this.sizes);
  }

  private decide(): void {
    // After a loss of memory nothing is decided before all have said how many they hold.
    if (this.opened.some((shard) => !this.counts.hasSaid(shard))) return;
    const plan = planFor(this.audience, this.plan, this.sizes);
    if (plan.isSharded !== this.plan.isSharded || plan.isHubbed !== this.plan.isHubbed) this.keep(plan);
  }

  private keep(plan: ShardPlan): void {
    this.plan = plan;
    this.around.facts.write('shards', plan);
  }

  /** Grows over a loss of memory too. */
  private ordered(what: Order['what']): Order {
    this.lastOrder = this.orderNumber + 1;
    return { number: this.lastOrder, what };
  }
}
