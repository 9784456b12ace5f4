// Holds some of the sockets of a big room: tells them what the room delivers, and brings the room what they say.
import { DurableObject } from 'cloudflare:workers';
import type { SocketAsk } from '../src/domain/chat/guest.ts';
import type { ClientFrame } from '../src/protocol/chat/client-frames.ts';
import type { Closing } from '../src/protocol/chat/closing.ts';
import type { StreamId } from '../src/protocol/ids.ts';
import { closeQuietly, Hall, type Seat } from './live-room/hall.ts';
import { isMeant, isTurnedAway } from './live-room/hearers.ts';
import { hear, mayTap, nobodyFrame } from './live-room/hearing.ts';
import { isFor, type LoggedFrame } from './live-room/log-schema.ts';
import { serialised } from './live-room/program.ts';
import { fullRoom, refusedAtDoor } from './live-room/refusals.ts';
import { RoomLine } from './live-room/room-line.ts';
import type { Admission, Delivery, Holding, Order, Taken } from './live-room/shard-words.ts';
import { TapBox } from './live-room/tap-box.ts';

/** Orders that a newcomer may have missed on the way in. */
const ORDERS_KEPT = 1000;

/** What a loss of memory must not take. */
interface Kept {
  streamId: StreamId;
  index: number;
  /** Up to here everybody who sits here has been told; null: nobody has sat here yet. */
  seq: number | null;
  /** By which hub the room spoke last; missing or null: by none. */
  hub?: number | null;
}

export class RoomShard extends DurableObject<Env> {
  private readonly hall: Hall;
  private kept: Kept | null;
  private audience = 0;
  /** The newest event that a delivery has spoken of; who is on the way in may not have been told of it. */
  private heardOfSeq = 0;
  private orders: Order[] = [];
  /** The newest order that was done here; they come in order, some of them twice. */
  private doneOrder = 0;
  private readonly taps = new TapBox((parcel) => this.line.ask({ type: 'tapped', parcels: [parcel] }));
  private readonly line: RoomLine;
  /** Who has been sent here and does not sit yet. */
  private coming = 0;
  private stamp = 0;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.kept = ctx.storage.kv.get<Kept>('kept') ?? null;
    const who = () => {
      const { kept } = this;
      return kept && { streamId: kept.streamId, hub: kept.hub ?? null, holding: [this.holding(kept.index)] };
    };
    this.line = new RoomLine(env, who, Math.random);
    this.hall = new Hall(ctx, Date.now(), () => Math.max(0, this.audience - this.hall.size));
    // The memory was lost, and with it perhaps a delivery.
    if (this.hall.size > 0) ctx.waitUntil(this.catchUp().catch(reported));
  }

  /** What the room has to say, itself or by a hub. What the shard has missed before, it pulls. */
  async take({ hub, shards, afterSeq, frames, orders, tally, audience }: Delivery): Promise<Taken> {
    this.audience = audience;
    const upToSeq = Math.max(afterSeq, frames.at(-1)?.seq ?? 0);
    this.heardOfSeq = Math.max(this.heardOfSeq, upToSeq);
    if (this.kept && (this.kept.hub ?? null) !== hub) this.keep({ ...this.kept, hub });
    if (this.kept && this.kept.seq !== null) {
      const isBehind = afterSeq > this.kept.seq && this.hall.size > 0;
      this.tell(isBehind ? await this.line.pulled(this.kept.seq, upToSeq) : frames);
      this.toldUpTo(upToSeq);
    }
    for (const order of orders) this.obeyOnce(order);
    if (tally !== null) this.hall.tellAll(tally);
    const { doneOrder } = this;
    return { holding: [this.holding(this.kept?.index ?? shards[0]!)], isDone: true, doneOrder };
  }

  /** `?ask=` is a SocketAsk, `?shard=` which shard this is; the room says whether they may come in. */
  override async fetch(request: Request): Promise<Response> {
    const { searchParams } = new URL(request.url);
    const ask: SocketAsk = JSON.parse(searchParams.get('ask') ?? '');
    const { streamId } = ask.place;
    this.kept ??= { streamId, index: Number(searchParams.get('shard')), seq: null };
    if (this.hall.size >= 2 * Number(this.env.ROOM_SHARD_SOCKETS)) return refusedAtDoor(fullRoom());
    this.coming += 1;
    try {
      return await this.letIn(ask);
    } finally {
      this.coming -= 1;
    }
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    const heard = hear(this.hall, { socket, data }, Date.now());
    if (heard === 'misbehaved') return this.sendAway(socket, 'misbehaved');
    if (heard) await this.passOn(socket, heard);
  }

  override async webSocketClose(socket: WebSocket): Promise<void> {
    await this.lose(socket);
    closeQuietly(socket, 1000, 'Good bye.');
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    await this.lose(socket);
  }

  /** Visits run out here as they do in the room. */
  override async alarm(): Promise<void> {
    const nowMs = Date.now();
    await this.line.tellGone({ ended: this.hall.closeExpired(nowMs) });
    const nextMs = this.hall.nextExpiryMs;
    if (nextMs !== null) await this.ctx.storage.setAlarm(nextMs);
  }

  private async letIn(ask: SocketAsk): Promise<Response> {
    const admission = await this.line.ask({ type: 'admit', ask });
    if (!admission.ok) return refusedAtDoor(admission);
    const missed = await this.missedOnTheWay(admission);
    const { 0: client, 1: server } = new WebSocketPair();
    this.sitDown(server, admission, missed);
    return new Response(null, { status: 101, webSocket: client });
  }

  private async passOn(socket: WebSocket, frame: ClientFrame): Promise<void> {
    const place = this.hall.at(socket);
    if (!place) return;
    if (frame.kind === 'resume') {
      if (place.conduct.strike(Date.now()) === 'close') return this.sendAway(socket, 'misbehaved');
      const again = await this.line.ask({ type: 'again', afterSeq: frame.afterSeq, userId: place.guest?.id ?? null });
      this.hall.toOne(socket, again.frame);
      return this.hall.toldUpTo(socket, again.seq);
    }
    if (frame.kind === 'react') {
      if (mayTap(this.hall, { socket, counts: frame.counts }, Date.now()))
        this.taps.put({ counts: frame.counts, mediaTimeMs: frame.mediaTimeMs });
      return;
    }
    const { visitId, guest } = place;
    if (!visitId || !guest) return this.hall.toOne(socket, nobodyFrame(frame));
    const answers = await this.line.ask({ type: 'said', visitId, frame });
    if (answers === null) return this.sendAway(socket, 'signed_out');
    for (const answer of answers) this.hall.toOne(socket, answer);
  }

  /** What everybody here was told while the newcomer was on the way, and the newcomer was not. */
  private async missedOnTheWay({ seat }: Admission): Promise<LoggedFrame[]> {
    let missed: LoggedFrame[] = [];
    let upTo = seat.seq;
    for (;;) {
      const seq = Math.max(this.kept?.seq ?? 0, this.heardOfSeq);
      if (upTo >= seq) return missed;
      missed = [...missed, ...(await this.line.pulled(upTo, seq))];
      upTo = Math.max(seq, missed.at(-1)?.seq ?? 0);
    }
  }

  private sitDown(socket: WebSocket, { seat, hello, isOver, order, audience }: Admission, missed: LoggedFrame[]): void {
    const nowMs = Date.now();
    this.audience = audience;
    this.hall.seat(socket, { ...seat, seq: missed.at(-1)?.seq ?? seat.seq, order }, nowMs);
    this.hall.toOne(socket, hello);
    // Not all of it is for everybody.
    const theirs = missed.filter((frame) => isFor(frame, seat.guest?.id ?? null));
    if (theirs.length > 0) this.hall.toOne(socket, serialised(theirs));
    if (this.hall.size === 1 || this.kept?.seq == null) this.toldUpTo(missed.at(-1)?.seq ?? seat.seq);
    for (const later of this.orders) this.obey(later, socket);
    if (isOver) this.ctx.waitUntil(this.sendAway(socket, 'room_closed'));
    if (seat.expiresAtMs !== null) this.ctx.waitUntil(this.wakeBy(seat.expiresAtMs));
  }

  private async wakeBy(atMs: number): Promise<void> {
    const set = await this.ctx.storage.getAlarm();
    if (set === null || set > atMs) await this.ctx.storage.setAlarm(atMs);
  }

  private tell(frames: readonly LoggedFrame[]): void {
    const seq = this.kept?.seq ?? 0;
    const fresh = frames.filter((frame) => frame.seq > seq);
    const last = fresh.at(-1);
    if (!last) return;
    // Stored before it leaves: the runtime holds the frames back until it is.
    this.toldUpTo(last.seq);
    this.hall.tell(fresh, () => undefined);
  }

  private toldUpTo(seq: number): void {
    if (!this.kept || (this.kept.seq !== null && this.kept.seq >= seq)) return;
    this.keep({ ...this.kept, seq });
  }

  private keep(kept: Kept): void {
    this.kept = kept;
    this.ctx.storage.kv.put('kept', kept);
  }

  /** A later word has a higher stamp, over a loss of memory too. */
  private holding(shard: number): Holding {
    this.stamp = Math.max(this.stamp + 1, Date.now());
    return { shard, sockets: this.hall.size + this.coming, stamp: this.stamp };
  }

  private async catchUp(): Promise<void> {
    if (this.kept?.seq != null) this.tell(await this.line.pulled(this.kept.seq));
  }

  private obeyOnce(order: Order): void {
    if (order.number <= this.doneOrder) return;
    this.doneOrder = order.number;
    const { what } = order;
    if (what.type === 'move') {
      if (what.shard === this.kept?.index) this.ctx.waitUntil(this.line.tellGone({ cut: this.hall.move(what.count) }));
      return;
    }
    if (what.type === 'forget') this.orders = this.orders.filter((kept) => kept.what.type !== 'tell');
    this.orders = [...this.orders, order].slice(-ORDERS_KEPT);
    this.obey(order);
  }

  /** Meant for whoever sat here when it was given; `only`: for this one of them. */
  private obey({ number, what }: Order, only: WebSocket | null = null): void {
    const isOlder = (seat: Seat) => (seat.order ?? 0) < number && (only === null || seat === this.hall.at(only));
    switch (what.type) {
      case 'turnAway':
        this.hall.closeWhere((seat) => isOlder(seat) && isTurnedAway(seat, what), what.closing);
        break;
      case 'replace':
        this.hall.closeWhere((seat) => isOlder(seat) && seat.visitId === what.visitId, 'replaced');
        break;
      case 'tell':
        this.hall.toSome((guest, seat) => isOlder(seat) && isMeant(guest, what.to), what.frame);
        break;
      case 'move':
      case 'forget':
        break;
      default:
        what satisfies never;
    }
  }

  private async sendAway(socket: WebSocket, closing: Closing): Promise<void> {
    const seat = this.hall.close(socket, closing);
    await this.line.tellGone({ ended: seat ? [seat] : [] });
  }

  private async lose(socket: WebSocket): Promise<void> {
    const seat = this.hall.leave(socket);
    await this.line.tellGone({ cut: seat ? [seat] : [] });
  }
}

const reported = (error: unknown): void => console.error('A shard could not reach its room.', error);
