// The shards of a room, as the room sees them: where a newcomer sits, what each has been told, and what all are ordered.
import {
  isShardedAt,
  MOVES_AT_ONCE,
  MOVES_EVERY_MS,
  NO_SHARDS,
  type ShardPlace,
  type ShardPlan,
  shardFor,
  shardName,
} from '../../src/domain/chat/shard-plan.ts';
import type { StreamId } from '../../src/protocol/ids.ts';
import type { RoomFacts } from './facts.ts';
import type { Hall } from './hall.ts';
import type { RoomLog } from './log.ts';
import { ShardLink } from './shard-link.ts';
import type { Order } from './shard-words.ts';

/** Of one object that speaks to all of them itself. */
const SHARDS_MAX = 20;

type ShardSettings = Pick<Env, 'ROOM_SHARD' | 'ROOM_SHARD_FROM' | 'ROOM_SHARD_SOCKETS'>;

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
  private readonly links: ShardLink[] = [];
  private plan: ShardPlan;
  private lastOrder = 0;
  private movedAtMs = 0;

  constructor(around: Around) {
    this.around = around;
    this.plan = around.facts.read('shards') ?? NO_SHARDS;
  }

  /** After a loss of memory: who sits where, and what they have been told, is theirs to say. */
  remember(): void {
    if (this.plan.opened > 0) this.told();
  }

  /** Everybody, in the room and in its shards. */
  get audience(): number {
    return this.around.hall.size + this.elsewhere;
  }

  /** `socketsMax`: of the room and all its shards. */
  isFull(socketsMax: number): boolean {
    return this.audience >= socketsMax || (this.plan.isSharded && this.nextShard >= SHARDS_MAX);
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
    if (shard >= this.plan.opened) this.keep({ ...this.plan, opened: shard + 1 });
    this.all()[shard]!.expect();
    return { ok: true, shard };
  }

  /** A shard has said how many it holds. */
  holds(index: number, sockets: number): void {
    this.all()[index]?.holds(sockets);
  }

  /** Whoever sits here has been told; the shards are, and those who sit on the wrong level move a few at a time. */
  told(): void {
    const { log } = this.around;
    if (this.plan.opened === 0 && !this.plan.isSharded) {
      this.decide();
      return;
    }
    for (const link of this.awake()) void link.offer(log.seq);
    this.decide();
    const nowMs = Date.now();
    if (nowMs < this.movedAtMs + MOVES_EVERY_MS) return;
    this.movedAtMs = nowMs;
    if (this.plan.isSharded) this.around.move(MOVES_AT_ONCE);
    else
      for (const link of this.all())
        if (link.sockets > 0) void link.order(this.ordered({ type: 'move', count: MOVES_AT_ONCE }), log.seq);
  }

  /** Settles when every shard has done it, or could not be told. */
  async orderAll(what: Order['what']): Promise<void> {
    if (this.plan.opened === 0) return;
    const order = this.ordered(what);
    const { seq } = this.around.log;
    await Promise.all(this.awake().map((link) => link.order(order, seq)));
  }

  /** The newest counts, where anybody sits. */
  tally(frame: string): void {
    for (const link of this.awake()) link.tell(frame);
  }

  private get sizes() {
    const { ROOM_SHARD_FROM, ROOM_SHARD_SOCKETS } = this.around.env;
    return { from: Number(ROOM_SHARD_FROM), perShard: Number(ROOM_SHARD_SOCKETS) };
  }

  private get nextShard(): number {
    return shardFor(
      this.all().map(({ sockets }) => sockets),
      this.sizes,
    );
  }

  /** Everybody in the shards. */
  get elsewhere(): number {
    return this.links.reduce((sum, { sockets }) => sum + sockets, 0);
  }

  private decide(): void {
    // After a loss of memory nothing is decided before all have said how many they hold.
    if (this.all().some(({ hasSaid }) => !hasSaid)) return;
    const isSharded = isShardedAt(this.audience, this.plan.isSharded, this.sizes);
    if (isSharded !== this.plan.isSharded) this.keep({ ...this.plan, isSharded });
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

  private awake(): readonly ShardLink[] {
    return this.all().filter(({ isIdle }) => !isIdle);
  }

  private all(): readonly ShardLink[] {
    const { env, log } = this.around;
    const streamId = this.around.streamId();
    while (streamId && this.links.length < this.plan.opened) {
      const id = env.ROOM_SHARD.idFromName(shardName(streamId, this.links.length));
      this.links.push(new ShardLink(() => env.ROOM_SHARD.get(id), { log, audience: () => this.audience }));
    }
    return this.links;
  }
}
