// The authority on one stream's room: who is in it, what is said, in which order, and what everybody is told of it.
import type { Caller, Guest, RoomPlace, SocketAsk } from '../src/domain/chat/guest.ts';
import type { HiddenAt } from '../src/domain/chat/hiding.ts';
import type { HeldState, RoomInput, RoomOutput, SendAsk } from '../src/domain/chat/inputs.ts';
import type { ClientFrame } from '../src/protocol/chat/client-frames.ts';
import { ROOM_VERSION } from '../src/protocol/chat/connect.ts';
import type { DecideHeld, HeldDecision, HeldLine } from '../src/protocol/chat/held.ts';
import type { Message } from '../src/protocol/chat/message.ts';
import type { MakeAnnouncement, RoomView, UpdateRoom } from '../src/protocol/chat/settings.ts';
import type { MessageId, StreamId, UserId } from '../src/protocol/ids.ts';
import type { Refusal } from '../src/protocol/origin.ts';
import type { Doer } from './live-room/answers.ts';
import { missedSince, refusedArrival, resumedFrame } from './live-room/arrivals.ts';
import { GuardedRoom } from './live-room/guarded-room.ts';
import { closeQuietly } from './live-room/hall.ts';
import { hear, nobodyFrame } from './live-room/hearing.ts';
import { decide, type Removal, removalOf, said } from './live-room/moderating.ts';
import { messageOf } from './live-room/people.ts';
import { fullRoom, refusalIn, refusedAtDoor, TOO_MANY_ARRIVE, WAS_REMOVED } from './live-room/refusals.ts';
import { answerShard, type Desk } from './live-room/shard-desk.ts';
import type { Said, ShardAnswers, ShardAsk } from './live-room/shard-words.ts';

export class LiveRoom extends GuardedRoom {
  // --- What routes ask. ---

  /** Good once, for a minute. `guest` null: to read only, until `untilMs` where it is given. `hidden`: who is hidden from them, as it was just looked up. */
  async issueTicket(
    place: RoomPlace,
    guest: Guest | null,
    { untilMs = null, hidden }: { untilMs?: number | null; hidden?: HiddenAt } = {},
  ): Promise<{ ok: true; ticket: string; expiresAtMs: number } | Refusal> {
    this.keeper.at(place);
    const nowMs = Date.now();
    if (guest && hidden) this.hidden.put(guest.id, hidden, nowMs);
    const issued = await this.keeper.book.issueTicket({ guest, untilMs }, nowMs);
    this.keeper.schedule(nowMs);
    return issued ? { ok: true, ...issued } : { ok: false, ...TOO_MANY_ARRIVE };
  }

  async view(place: RoomPlace): Promise<RoomView> {
    this.keeper.at(place);
    await this.keeper.rules.ready(place.streamId);
    return this.keeper.at(place).view;
  }

  /** The same path as a `send` on a socket. */
  async say(
    place: RoomPlace,
    caller: Caller,
    { hidden, ...ask }: SendAsk & { hidden?: HiddenAt },
  ): Promise<{ ok: true; message: Message } | Refusal> {
    this.keeper.at(place);
    if (hidden) this.hidden.put(caller.id, hidden, Date.now());
    await this.keeper.rules.ready(place.streamId);
    const outputs = await this.hear({ speakerId: caller.id, speakerNow: () => caller, ask, doer: caller, asker: null });
    const refusal = refusalIn(outputs);
    if (refusal) return refusal;
    const accepted = outputs.find((output) => output.type === 'toAsker');
    const message = accepted && said(this.keeper, accepted.frame.id, caller.id);
    return message ? { ok: true, message } : { ok: false, ...WAS_REMOVED };
  }

  async remove(place: RoomPlace, caller: Caller, messageId: MessageId): Promise<{ ok: true } | Refusal> {
    this.keeper.at(place);
    return this.done({ ...(await this.removalOf(place.streamId, messageId, caller.id)), speaker: caller }, caller);
  }

  async change(place: RoomPlace, caller: Caller, change: UpdateRoom): Promise<RoomView> {
    const room = this.keeper.at(place);
    this.keeper.receive({ type: 'change', change }, caller);
    return room.view;
  }

  /** Null: nothing is pinned any more. */
  async pin(place: RoomPlace, caller: Caller, messageId: MessageId | null): Promise<{ ok: true } | Refusal> {
    this.keeper.at(place);
    const around = { db: this.env.DB, log: this.keeper.log };
    const message = messageId && (await messageOf(around, { streamId: place.streamId, id: messageId }));
    if (messageId && !message)
      return { ok: false, code: 'not_found', detail: `There is no message ${messageId} here.` };
    return this.done({ type: 'pin', message: message || null }, caller);
  }

  async announce(place: RoomPlace, caller: Caller, ask: MakeAnnouncement): Promise<{ ok: true } | Refusal> {
    this.keeper.at(place);
    const silenced = this.keeper.silenceOf(caller, Date.now());
    if (silenced) return { ok: false, ...silenced };
    return this.done({ type: 'announce', speaker: caller, ...ask }, caller);
  }

  /** The lines that wait for a moderator, the oldest first; none of the asker's that they do not know of. */
  async waiting(place: RoomPlace, askerId: UserId | null = null): Promise<HeldLine[]> {
    this.keeper.at(place);
    const isTold = ({ isShadow, keys }: HeldState) => !isShadow || keys.authorId !== askerId;
    return this.keeper.held.waiting.filter(isTold).map(({ line }) => line);
  }

  /** The first to decide has decided. */
  async decide(
    place: RoomPlace,
    caller: Caller,
    ask: DecideHeld & { messageId: MessageId },
  ): Promise<{ ok: true; decision: HeldDecision } | Refusal> {
    this.keeper.at(place);
    return decide(this.keeper, caller, ask);
  }

  /** What was said up to now is in the database afterwards, but for what this person alone is shown: that is the answer. */
  async settle(userId: UserId | null = null): Promise<Message[]> {
    await this.keeper.settle();
    return userId === null ? [] : this.keeper.log.own.messagesOf(userId);
  }

  /** Has this person said it, although nobody else has heard it? */
  async knowsOwn(messageId: MessageId, userId: UserId): Promise<boolean> {
    return this.keeper.log.own.knows(messageId, userId);
  }

  // --- The sockets. ---

  /** `?ask=` is a SocketAsk; the door has checked who may come in. A refusal comes as JSON. */
  override async fetch(request: Request): Promise<Response> {
    const ask: SocketAsk = JSON.parse(new URL(request.url).searchParams.get('ask') ?? '');
    const { place, query } = ask;
    const room = this.keeper.at(place);
    const {
      hall,
      book,
      telling: { shards },
    } = this.keeper;
    const refused = await refusedArrival(book, query, Date.now());
    if (refused) return refusedAtDoor(refused);
    if (shards.isFull(Number(this.env.ROOM_SOCKETS_MAX))) return refusedAtDoor(fullRoom());
    const { 0: client, 1: server } = new WebSocketPair();
    const answer = () => new Response(null, { status: 101, webSocket: client });
    if (query.v !== String(ROOM_VERSION)) {
      server.accept();
      hall.close(server, 'wrong_version');
      return answer();
    }
    const elsewhere = room.isOver ? null : shards.placeFor();
    if (elsewhere) return Response.json(elsewhere);
    const nowMs = Date.now();
    const welcome = await this.welcomed(ask, nowMs, ({ seat, hello }) => {
      hall.seat(server, seat, nowMs);
      hall.toOne(server, hello);
    });
    if ('code' in welcome) return refusedAtDoor(welcome);
    if (room.isOver) this.keeper.sendAway(server, 'room_closed');
    this.keeper.schedule(nowMs);
    return answer();
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    const heard = hear(this.keeper.hall, { socket, data }, Date.now());
    if (heard === 'misbehaved') this.keeper.sendAway(socket, 'misbehaved');
    else if (heard) await this.take(socket, heard);
  }

  override async webSocketClose(socket: WebSocket): Promise<void> {
    this.keeper.lose(socket);
    closeQuietly(socket, 1000, 'Good bye.');
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    this.keeper.lose(socket);
  }

  /** What a shard of this room asks. */
  async fromShard(ask: ShardAsk): Promise<ShardAnswers[ShardAsk['type']]> {
    return answerShard(this.desk, ask);
  }

  override async alarm(): Promise<void> {
    this.pulse.receive({ type: 'time_passed' }, null);
    await this.guard(Date.now());
    await this.keeper.wake();
  }

  private async take(socket: WebSocket, frame: ClientFrame): Promise<void> {
    if (frame.kind === 'resume') return this.tellAgain(socket, frame.afterSeq);
    if (frame.kind === 'react') return this.react(socket, frame);
    const outputs = await this.takeSaid(() => this.keeper.hall.at(socket)?.guest ?? null, frame, socket);
    if (!outputs) this.keeper.hall.toOne(socket, nobodyFrame(frame));
  }

  /** What is known of it is looked up when it is decided, and nothing happens between. Null: it is nobody's, or there is no room. */
  private async takeSaid(
    guestNow: () => Guest | null,
    frame: Said,
    socket: WebSocket | null = null,
  ): Promise<RoomOutput[] | null> {
    const { known, rules } = this.keeper;
    const streamId = known?.memory.streamId;
    if (!guestNow() || !streamId) return null;
    const reading = rules.ready(streamId);
    if (reading) await reading;
    const askerId = guestNow()?.id;
    if (!askerId) return [];
    const removal = frame.kind === 'delete' ? await this.removalOf(streamId, frame.messageId, askerId) : null;
    // As they are now: while something was looked up they may have been sent away, or become somebody else.
    const guest = guestNow();
    if (!guest) return [];
    const doer = { ...guest, requestId: null };
    if (frame.kind === 'send')
      return this.hear({ speakerId: askerId, speakerNow: guestNow, ask: frame, doer, asker: socket });
    return removal ? this.keeper.receive({ ...removal, speaker: guest }, doer, socket) : [];
  }

  /** Costs the socket some patience: it is for what went missing, not for reading on. */
  private tellAgain(socket: WebSocket, afterSeq: number): void {
    const { hall, log } = this.keeper;
    const place = hall.at(socket);
    if (place?.conduct.strike(Date.now()) === 'close') this.keeper.sendAway(socket, 'misbehaved');
    else {
      const userId = place?.guest?.id ?? null;
      hall.toOne(socket, resumedFrame(missedSince(log, { afterSeq, userId }, Date.now())));
      hall.toldUpTo(socket, log.seq);
    }
  }

  private removalOf(streamId: StreamId, messageId: MessageId, askerId: UserId): Promise<Removal> {
    return removalOf({ db: this.env.DB, keeper: this.keeper }, { streamId, messageId, askerId });
  }

  private get desk(): Desk {
    return {
      keeper: this.keeper,
      welcomed: (ask, nowMs) => this.welcomed(ask, nowMs),
      tapped: (parcels) => this.tapped(parcels),
      said: (guestNow, frame) => this.takeSaid(guestNow, frame),
    };
  }

  private done(input: RoomInput, doer: Doer): { ok: true } | Refusal {
    return refusalIn(this.keeper.receive(input, doer)) ?? { ok: true };
  }
}
