// The lines by which a room speaks to its shards, straight or by hubs of so many shards each; and what is handed over when that changes.
import { hubName, type ShardPlan, type ShardSizes, shardName } from '../../src/domain/chat/shard-plan.ts';
import type { StreamId } from '../../src/protocol/ids.ts';
import type { ShardCounts } from './shard-counts.ts';
import { type FrameSource, ShardLink } from './shard-link.ts';
import { ShardRounds } from './shard-rounds.ts';
import type { ShardSettings } from './shard-settings.ts';
import type { Holding, Order } from './shard-words.ts';

interface Around {
  env: ShardSettings;
  source: FrameSource;
  counts: ShardCounts;
  plan(): ShardPlan;
  sizes(): ShardSizes;
  audience(): number;
  frameIntervalMs(): number;
  holds(holding: Holding[]): void;
  streamId: () => StreamId | null;
}

export class ShardLines {
  isByHubs = false;
  private readonly around: Around;
  private readonly rounds: ShardRounds;
  private perLine = 1;
  private links: ShardLink[] = [];
  private newestTally: string | null = null;

  constructor(around: Around) {
    this.around = around;
    this.rounds = new ShardRounds({
      lines: () => this.awake(),
      newestSeq: () => around.source.seq,
      frameIntervalMs: () => around.frameIntervalMs(),
    });
  }

  /** All that has happened, where anybody sits, in rounds. */
  offer(): void {
    this.rounds.go();
  }

  /** The same, all at once and whether or not anything has: what stands at the other end answers where it stands. */
  ask(): void {
    const { seq } = this.around.source;
    for (const link of this.awake()) void link.offer(seq);
  }

  /** Settles when it is done wherever it is meant to be, or could not be told. */
  async order(order: Order): Promise<void> {
    const { seq } = this.around.source;
    await Promise.all(this.hearersOf(order).map((link) => link.order(order, seq)));
  }

  /** Of one shard: the order goes by its line. */
  orderAt(shard: number, order: Order): void {
    this.refresh();
    void this.links[Math.floor(shard / this.perLine)]?.order(order, this.around.source.seq);
  }

  /** The newest counts, where anybody sits. */
  tell(tally: string): void {
    this.newestTally = tally;
    for (const link of this.awake()) link.tell(tally);
  }

  /** Shards that have been ordered to ask some of their people away and have not done it yet. */
  get moving(): ReadonlySet<number> {
    return new Set(this.links.flatMap((link) => link.moving));
  }

  /** Somebody is to sit where nobody sat: what was told meanwhile is pulled, not sent. */
  wake(shard: number): void {
    this.refresh();
    const line = Math.floor(shard / this.perLine);
    if (!this.isAwake(line)) this.links[line]?.rest();
  }

  private awake(): readonly ShardLink[] {
    this.refresh();
    return this.links.filter((_, line) => this.isAwake(line));
  }

  /** Who was erased is forgotten where nobody sits any more too. */
  private hearersOf({ what }: Order): readonly ShardLink[] {
    if (what.type !== 'forget') return this.awake();
    this.refresh();
    for (const [line, link] of this.links.entries()) if (!this.isAwake(line)) link.rest();
    return this.links;
  }

  private isAwake(line: number): boolean {
    return this.isAnyAwake(line * this.perLine, (line + 1) * this.perLine);
  }

  private isAnyAwake(from: number, to: number): boolean {
    const { counts, plan } = this.around;
    const end = Math.min(to, plan().opened);
    for (let shard = from; shard < end; shard++) if (counts.isAwake(shard)) return true;
    return false;
  }

  private openedBehind(line: number): number[] {
    const first = line * this.perLine;
    const count = Math.min(this.perLine, this.around.plan().opened - first);
    return Array.from({ length: Math.max(0, count) }, (_, nth) => first + nth);
  }

  /** As many lines as there are to be; the other kind, from the moment on that it is needed. */
  private refresh(): void {
    const { perHub } = this.around.sizes();
    // As long as somebody sits where only hubs reach, they do.
    const isByHubs = this.around.plan().isHubbed || this.isAnyAwake(perHub, Number.POSITIVE_INFINITY);
    const perLine = isByHubs ? perHub : 1;
    if (isByHubs !== this.isByHubs || perLine !== this.perLine) this.change(isByHubs, perLine);
    else this.open();
  }

  private open(): void {
    const streamId = this.around.streamId();
    const { opened } = this.around.plan();
    while (streamId && this.links.length * this.perLine < opened)
      this.links.push(this.newLine(streamId, this.links.length));
  }

  /** What the old lines had not told goes by the new ones, and what was ordered does before anything that is ordered later. */
  private change(isByHubs: boolean, perLine: number): void {
    const old = this.links;
    this.isByHubs = isByHubs;
    this.perLine = perLine;
    this.links = [];
    this.open();
    const orders = new Map<number, { order: Order; settles: (() => void)[] }>();
    for (const { order, settle } of old.flatMap((link) => link.retire())) {
      const known = orders.get(order.number) ?? { order, settles: [] };
      orders.set(order.number, { order, settles: [...known.settles, settle] });
    }
    for (const { order, settles } of [...orders.values()].sort((one, other) => one.order.number - other.order.number))
      void this.order(order).then(() => {
        for (const settle of settles) settle();
      });
    this.ask();
    if (this.newestTally !== null) this.tell(this.newestTally);
  }

  private newLine(streamId: StreamId, index: number): ShardLink {
    const { env, source, counts, audience, holds } = this.around;
    const { ROOM_SHARD, ROOM_HUB } = env;
    const { isByHubs } = this;
    const id = isByHubs
      ? ROOM_HUB.idFromName(hubName(streamId, index))
      : ROOM_SHARD.idFromName(shardName(streamId, index));
    return new ShardLink(() => (isByHubs ? ROOM_HUB.get(id) : ROOM_SHARD.get(id)), {
      source,
      streamId,
      hub: isByHubs ? index : null,
      shards: (isForAll) => {
        if (!isByHubs) return [index];
        const behind = this.openedBehind(index);
        return isForAll ? behind : behind.filter((shard) => counts.isAwake(shard));
      },
      audience,
      holds,
    });
  }
}
