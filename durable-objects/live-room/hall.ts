// The sockets of a room: who sits where, one serialised frame to everybody, and the way out.
import { frameIntervalMs, retryWindow } from '../../src/domain/chat/audience.ts';
import { Conduct } from '../../src/domain/chat/conduct.ts';
import type { Guest } from '../../src/domain/chat/guest.ts';
import { type Bucket, refilled } from '../../src/domain/chat/rate-limit.ts';
import { SHOWN, shownAtMost } from '../../src/domain/chat/showing.ts';
import { PING, PONG } from '../../src/protocol/chat/client-frames.ts';
import { CLOSINGS, type Closing, closeReason, FINAL_CLOSINGS } from '../../src/protocol/chat/closing.ts';
import type { ServerFrame } from '../../src/protocol/chat/server-frames.ts';
import type { LoggedFrame } from './log-schema.ts';
import { programOf } from './program.ts';

/** What stays with the socket when the memory of the object is lost. */
export interface Seat {
  /** Null: came in without a ticket. */
  visitId: string | null;
  /** Of the visit: ends with the socket. */
  sitting: string | null;
  guest: Guest | null;
  expiresAtMs: number | null;
  /** The newest event that it was told. */
  seq: number;
  /** In a shard: what was ordered up to this number was ordered before they came. */
  order?: number;
}

interface Place extends Seat {
  conduct: Conduct;
}

export class Hall {
  private readonly ctx: DurableObjectState;
  private readonly places = new Map<WebSocket, Place>();
  private gathered: LoggedFrame[] = [];
  private mayShow: Bucket;
  private timer: ReturnType<typeof setTimeout> | null = null;
  /** Who belongs to the same audience and sits in another object. */
  private readonly elsewhere: () => number;

  constructor(ctx: DurableObjectState, nowMs: number, elsewhere: () => number = () => 0) {
    this.ctx = ctx;
    this.elsewhere = elsewhere;
    this.mayShow = { tokens: SHOWN.burst, atMs: nowMs };
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG));
    for (const socket of ctx.getWebSockets()) {
      const seat = socket.deserializeAttachment() as Seat | null;
      if (seat && socket.readyState === WebSocket.OPEN)
        this.places.set(socket, { ...seat, conduct: new Conduct(nowMs) });
    }
  }

  get size(): number {
    return this.places.size;
  }

  get frameIntervalMs(): number {
    return frameIntervalMs(this.size + this.elsewhere());
  }

  /** Is there something that not everybody has been told yet? */
  get isGathering(): boolean {
    return this.gathered.length > 0;
  }

  seat(socket: WebSocket, seat: Seat, nowMs: number): void {
    this.ctx.acceptWebSocket(socket);
    socket.serializeAttachment(seat);
    this.places.set(socket, { ...seat, conduct: new Conduct(nowMs) });
  }

  at(socket: WebSocket): Place | null {
    return this.places.get(socket) ?? null;
  }

  /** The socket is gone; null: it was let go before. */
  leave(socket: WebSocket): Seat | null {
    const place = this.places.get(socket) ?? null;
    this.places.delete(socket);
    return place;
  }

  toOne(socket: WebSocket, frame: ServerFrame | string): void {
    sendQuietly(socket, typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** What is not for everybody, and no event. */
  toSome(isMeant: (guest: Guest, seat: Seat) => boolean, frame: ServerFrame): void {
    const whole = JSON.stringify(frame);
    for (const [socket, seat] of this.places) if (seat.guest && isMeant(seat.guest, seat)) sendQuietly(socket, whole);
  }

  /** At once, whatever the size of the room. */
  tell(frames: LoggedFrame[], onFlushed: () => void): void {
    this.gathered.push(...frames);
    this.flush(onFlushed);
  }

  /** At once in a small room, gathered in a bigger one. `onFlushed`: everybody has been told. */
  toEverybody(frame: LoggedFrame, onFlushed: () => void): void {
    this.gathered.push(frame);
    const { frameIntervalMs } = this;
    if (this.timer) return;
    if (frameIntervalMs === 0) this.flush(onFlushed);
    else this.timer = setTimeout(() => this.flush(onFlushed), frameIntervalMs);
  }

  /** Now, and beside the order of the events. */
  tellAll(frame: string): void {
    for (const socket of this.places.keys()) sendQuietly(socket, frame);
  }

  /** What was removed before it was sent is not sent at all, nor quoted, nor pinned: what is gathered is read anew, from a number on. */
  gatherAnew(read: (fromSeq: number) => LoggedFrame[]): void {
    const [first] = this.gathered;
    if (first) this.gathered = read(first.seq);
  }

  flush(onFlushed: () => void): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const frames = this.gathered;
    this.gathered = [];
    const [first] = frames;
    const last = frames.at(-1);
    if (first && last) {
      const { tokens, atMs } = refilled(this.mayShow, SHOWN, Date.now());
      const program = programOf(frames, shownAtMost(tokens));
      this.mayShow = { tokens: Math.max(0, tokens - frames.length), atMs };
      for (const [socket, place] of this.places) {
        if (place.seq >= last.seq) continue;
        // Whoever came in meanwhile was told the beginning in the hello.
        sendIfAny(socket, program(place, place.seq < first.seq));
        place.seq = last.seq;
      }
    }
    onFlushed();
  }

  /** When the first of them runs out; null: none does. */
  get nextExpiryMs(): number | null {
    const times = Array.from(this.places.values(), ({ expiresAtMs }) => expiresAtMs).filter((atMs) => atMs !== null);
    return times.length === 0 ? null : times.reduce((least, atMs) => Math.min(least, atMs));
  }

  /** It was told everything up to this number in an answer of its own. */
  toldUpTo(socket: WebSocket, seq: number): void {
    const place = this.places.get(socket);
    if (!place || place.seq >= seq) return;
    place.seq = seq;
    this.keep(socket, place);
  }

  /** Changes who they are, where they sit. */
  change(isMeant: (seat: Seat) => boolean, guestOf: (guest: Guest) => Guest): void {
    for (const [socket, place] of this.places) {
      if (!place.guest || !isMeant(place)) continue;
      place.guest = guestOf(place.guest);
      this.keep(socket, place);
    }
  }

  /** The sockets that are let go, with their seats. */
  closeWhere(isMeant: (seat: Seat) => boolean, closing: Closing): Seat[] {
    const retry = FINAL_CLOSINGS.includes(closing) ? null : retryWindow(this.size + this.elsewhere());
    const leaving = [...this.places].filter(([, seat]) => isMeant(seat));
    for (const [socket] of leaving) {
      this.places.delete(socket);
      sayBye(socket, closing, retry);
    }
    return leaving.map(([, seat]) => seat);
  }

  closeExpired(nowMs: number): Seat[] {
    return this.closeWhere(({ expiresAtMs }) => expiresAtMs !== null && expiresAtMs <= nowMs, 'signed_out');
  }

  /** So many of them are to come back, and will be placed anew. */
  move(count: number): Seat[] {
    const retry = retryWindow(count);
    const leaving = Array.from(this.places).slice(0, count);
    for (const [socket] of leaving) {
      this.places.delete(socket);
      sayBye(socket, 'moved', retry);
    }
    return leaving.map(([, seat]) => seat);
  }

  close(socket: WebSocket, closing: Closing): Seat | null {
    const retry = FINAL_CLOSINGS.includes(closing) ? null : retryWindow(1);
    const seat = this.leave(socket);
    sayBye(socket, closing, retry);
    return seat;
  }

  private keep(socket: WebSocket, { conduct: _conduct, ...seat }: Place): void {
    socket.serializeAttachment(seat satisfies Seat);
  }
}

function sayBye(socket: WebSocket, closing: Closing, retry: { fromMs: number; toMs: number } | null): void {
  const [code, detail] = CLOSINGS[closing];
  sendQuietly(socket, JSON.stringify({ kind: 'bye', code, reason: closing, detail, retry } satisfies ServerFrame));
  closeQuietly(socket, code, closeReason(closing, retry));
}

function sendIfAny(socket: WebSocket, data: string | null): void {
  if (data !== null) sendQuietly(socket, data);
}

/** A socket that is closing already is no failure of ours. */
function sendQuietly(socket: WebSocket, data: string): void {
  try {
    socket.send(data);
  } catch {
    closeQuietly(socket, 1011, 'The socket takes nothing any more.');
  }
}

export function closeQuietly(socket: WebSocket, code: number, reason: string): void {
  try {
    socket.close(code, reason);
  } catch {
    // It is closed.
  }
}
