// Stands between a huge room and some of its shards: tells them what it is told, and brings the room what they ask. It forgets
// everything with its memory, and nothing is lost by that: the room says again what was not passed on, and shards pull what they miss.
import { DurableObject } from 'cloudflare:workers';
import { shardName } from '../src/domain/chat/shard-plan.ts';
import type { StreamId } from '../src/protocol/ids.ts';
import { HubWindow } from './live-room/hub-window.ts';
import { addedUp, RoomLine } from './live-room/room-line.ts';
import { ShardCounts } from './live-room/shard-counts.ts';
import { ShardLink } from './live-room/shard-link.ts';
import type { Delivery, Gone, Parcel, ShardAnswers, ShardAsk, Taken } from './live-room/shard-words.ts';
import { Together } from './live-room/together.ts';
import { within } from './live-room/within.ts';

/** The room hears so soon that all has been passed on, or that a shard lags; the others do not wait for it. */
const LAG_MS = 250;

export class RoomHub extends DurableObject<Env> {
  private streamId: StreamId | null = null;
  private audience = 0;
  private lastOrder = 0;
  /** Where somebody sits, as the room said last. */
  private awake: readonly number[] = [];
  private readonly links = new Map<number, ShardLink>();
  private readonly counts = new ShardCounts();
  private readonly window = new HubWindow();
  private readonly line = new RoomLine(
    this.env,
    () => this.streamId && { streamId: this.streamId, hub: null, holding: this.counts.holding },
    // The shards ask again.
    null,
  );
  private readonly taps = new Together<Parcel>((parcels) => this.line.ask({ type: 'tapped', parcels }));
  private readonly gone = new Together<Gone>((gone) => this.line.ask({ type: 'gone', ...addedUp(gone) }));

  /** What the room has to say to the shards here. */
  async take(delivery: Delivery): Promise<Taken> {
    const { streamId, hub, shards, audience, tally } = delivery;
    this.streamId = streamId;
    this.audience = audience;
    this.window.put(delivery);
    const orders = delivery.orders.filter(({ number }) => number > this.lastOrder);
    this.lastOrder = orders.at(-1)?.number ?? this.lastOrder;
    if (orders.some(({ what }) => what.type === 'forget')) this.window.forget();
    const links = shards.map((shard) => this.linkTo(shard, { streamId, hub }));
    this.awake = shards;
    const { seq } = this.window;
    const told = links.map((link) => {
      for (const order of orders) void link.order(order, seq);
      if (tally !== null) link.tell(tally);
      return link.offer(seq);
    });
    await within(LAG_MS, Promise.all(told)).catch(() => undefined);
    const doneOrder = Math.min(this.lastOrder, ...links.map((link) => link.doneOrder));
    return { holding: this.counts.holding, isDone: links.every(({ isDone }) => isDone), doneOrder };
  }

  /** What a shard asks its room; to the shard this is the room. */
  async fromShard(ask: ShardAsk): Promise<ShardAnswers[ShardAsk['type']]> {
    this.streamId = ask.streamId;
    for (const one of ask.holding) this.counts.put(one);
    switch (ask.type) {
      case 'tapped':
        await this.taps.put(ask.parcels);
        return null;
      case 'gone':
        await this.gone.put([ask]);
        return null;
      case 'pull':
        return this.window.between(ask.afterSeq, ask.upToSeq) ?? this.line.pass(ask);
      default:
        return this.line.pass(ask);
    }
  }

  /** Where nobody sat what was told meanwhile is pulled, not sent. */
  private linkTo(shard: number, { streamId, hub }: Pick<Delivery, 'streamId' | 'hub'>): ShardLink {
    const known = this.links.get(shard);
    if (known) {
      if (!this.awake.includes(shard)) known.rest();
      return known;
    }
    const { ROOM_SHARD } = this.env;
    const id = ROOM_SHARD.idFromName(shardName(streamId, shard));
    const link = new ShardLink(() => ROOM_SHARD.get(id), {
      source: this.window,
      streamId,
      hub,
      shards: () => [shard],
      audience: () => this.audience,
      holds: (holding) => {
        for (const one of holding) this.counts.put(one);
      },
    });
    this.links.set(shard, link);
    return link;
  }
}
