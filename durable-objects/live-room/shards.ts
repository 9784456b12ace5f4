// The shards of a room, as the room sees them: where a newcomer sits, what each has been told, and what all are ordered.
import {
  hubName,
  MOVES_AT_ONCE,
  MOVES_EVERY_MS,
  movesFrom,
  NO_SHARDS,
  planFor,
  type ShardPlace,
  type ShardPlan,
  type ShardSizes,
  shardFor,
  shardName,
  shardsMax,
} from '../../src/domain/chat/shard-plan.ts';
import type { StreamId } from '../../src/protocol/ids.ts';
import type { RoomFacts } from './facts.ts';
import type { Hall } from './hall.ts';
import type { RoomLog } from './log.ts';
import { ShardCounts } from './shard-counts.ts';
import { type FrameSource, ShardLink } from './shard-link.ts';
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

/** The lines that the room speaks by: to its shards, or to hubs of so many shards each. */
interface Reach {
  perLine: number;
  isByHubs: boolean;
  links: ShardLink[];
}

export class Shards {
  private readonly around: Around;
  private readonly counts = new ShardCounts();
  private readonly source: FrameSource;
  private reach: Reach = { perLine: 1, isByHubs: false, links: [] };
  private plan: ShardPlan;
  private lastOrder = 0;
  private movedAtMs = 0;

  constructor(around: Around) {
    this.around = around;
    const { log, facts } = around;
    this.plan = { ...NO_SHARDS, ...facts.read('shards') };
    this.source = {
      get seq() {
        return log.seq;
      },
      after: (seq, limit) => log.told.after(seq, limit),
    };
  }

  /** After a loss of memory: who sits where, and what they have been told, is theirs to say. */
  remember(): void {
    if (this.plan.opened > 0) this.told();
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
    this.wake(shard);
    if (shard >= this.plan.opened) this.keep({ ...this.plan, opened: shard + 1 });
    this.counts.expect(shard);
    return { ok: true, shard };
  }

  /** Shards have said how many they hold. */
  holds(holding: readonly Holding[]): void {
    for (const one of holding) {
      if (one.sockets > 0) this.wake(one.shard);
      this.counts.put(one);
    }
  }

  /** Whoever sits here has been told; the shards are, and those who sit on the wrong level move a few at a time. */
  told(): void {
    const { log, hall } = this.around;
    if (this.plan.opened === 0 && !this.plan.isSharded) {
      this.decide();
      return;
    }
    const { seq } = log;
    for (const link of this.awake()) void link.offer(seq);
    this.decide();
    const nowMs = Date.now();
    if (nowMs < this.movedAtMs + MOVES_EVERY_MS) return;
    this.movedAtMs = nowMs;
    const here = this.plan.isSharded ? Math.min(hall.size, MOVES_AT_ONCE) : 0;
    if (here > 0) this.around.move(here);
    for (const move of movesFrom(this.sockets, this.plan, { sizes: this.sizes, atMost: MOVES_AT_ONCE - here }))
      void this.lineOf(move.shard)?.order(this.ordered({ type: 'move', ...move }), seq);
  }

  /** Settles when every shard has done it, or could not be told. */
  async orderAll(what: Order['what']): Promise<void> {
    if (this.plan.opened === 0) return;
    await this.order(this.ordered(what));
  }

  /** The newest counts, where anybody sits. */
  tally(frame: string): void {
    for (const link of this.awake()) link.tell(frame);
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

  private async order(order: Order): Promise<void> {
    const { seq } = this.around.log;
    await Promise.all(this.awake().map((link) => link.order(order, seq)));
  }

  /** Somebody is to sit where nobody sat: what was told meanwhile is pulled, not sent. */
  private wake(shard: number): void {
    const { perLine } = this.lines;
    const line = Math.floor(shard / perLine);
    if (!this.awakeBehind(line).length) this.reach.links[line]?.rest();
  }

  private lineOf(shard: number): ShardLink | undefined {
    const { links, perLine } = this.lines;
    return links[Math.floor(shard / perLine)];
  }

  private awake(): readonly ShardLink[] {
    return this.lines.links.filter((_, line) => this.awakeBehind(line).length > 0);
  }

  private awakeBehind(line: number): number[] {
    const { perLine } = this.reach;
    const first = line * perLine;
    const shards = Array.from({ length: perLine }, (_, nth) => first + nth);
    return shards.filter((shard) => shard < this.plan.opened && this.counts.isAwake(shard));
  }

  /** As many as there are to be; the other kind, from the moment on that it is needed. */
  private get lines(): Reach {
    const { sizes } = this;
    // As long as somebody sits where only hubs reach, they do.
    const beyond = this.opened.slice(sizes.perHub);
    const isByHubs = this.plan.isHubbed || beyond.some((shard) => this.counts.isAwake(shard));
    const perLine = isByHubs ? sizes.perHub : 1;
    if (isByHubs !== this.reach.isByHubs || perLine !== this.reach.perLine) this.changeLines({ isByHubs, perLine });
    this.openLines();
    return this.reach;
  }

  private openLines(): void {
    const streamId = this.around.streamId();
    const { links, perLine } = this.reach;
    while (streamId && links.length * perLine < this.plan.opened) links.push(this.newLine(streamId, links.length));
  }

  /** What was ordered and is not done goes by the new lines, before anything that is ordered later. */
  private changeLines(to: Omit<Reach, 'links'>): void {
    const old = this.reach.links;
    this.reach = { ...to, links: [] };
    this.openLines();
    const orders = new Map<number, { order: Order; settles: (() => void)[] }>();
    for (const { order, settle } of old.flatMap((link) => link.retire())) {
      const known = orders.get(order.number) ?? { order, settles: [] };
      orders.set(order.number, { order, settles: [...known.settles, settle] });
    }
    for (const { order, settles } of [...orders.values()].sort((one, other) => one.order.number - other.order.number))
      void this.order(order).then(() => {
        for (const settle of settles) settle();
      });
  }

  private newLine(streamId: StreamId, index: number): ShardLink {
    const { ROOM_SHARD, ROOM_HUB } = this.around.env;
    const { isByHubs } = this.reach;
    const id = isByHubs
      ? ROOM_HUB.idFromName(hubName(streamId, index))
      : ROOM_SHARD.idFromName(shardName(streamId, index));
    return new ShardLink(() => (isByHubs ? ROOM_HUB.get(id) : ROOM_SHARD.get(id)), {
      source: this.source,
      streamId,
      hub: isByHubs ? index : null,
      shards: () => (isByHubs ? this.awakeBehind(index) : [index]),
      audience: () => this.audience,
      holds: (holding) => this.holds(holding),
    });
  }
}
