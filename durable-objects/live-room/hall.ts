// The sockets of a room: who sits where, one serialised frame to everybody, and the way out.
import { frameIntervalMs, retryWindow } from '../../src/domain/chat/audience.ts';
import { Conduct } from '../../src/domain/chat/conduct.ts';
import type { Guest } from '../../src/domain/chat/guest.ts';
import { PING, PONG } from '../../src/protocol/chat/client-frames.ts';
import { CLOSINGS, type Closing, closeReason, FINAL_CLOSINGS } from '../../src/protocol/chat/closing.ts';
import type { ServerFrame } from '../../src/protocol/chat/server-frames.ts';
import type { LoggedFrame } from './log.ts';

/** What stays with the socket when the memory of the object is lost. */
export interface Seat {
  /** Null: came in without a ticket. */
  visitId: string | null;
  guest: Guest | null;
  expiresAtMs: number | null;
  /** The newest event that it was told. */
  seq: number;
}

interface Place extends Seat {
  conduct: Conduct;
}

export class Hall {
  private readonly ctx: DurableObjectState;
  private readonly places = new Map<WebSocket, Place>();
  private gathered: LoggedFrame[] = [];
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(ctx: DurableObjectState, nowMs: number) {
    this.ctx = ctx;
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
    return frameIntervalMs(this.size);
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
  toSome(isMeant: (guest: Guest) => boolean, frame: ServerFrame): void {
    const whole = JSON.stringify(frame);
    for (const [socket, { guest }] of this.places) if (guest && isMeant(guest)) sendQuietly(socket, whole);
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

  /** What was removed before it was sent is not sent at all. */
  withdraw(seqs: readonly number[]): void {
    this.gathered = this.gathered.filter(({ seq }) => !seqs.includes(seq));
  }

  flush(onFlushed: () => void): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const frames = this.gathered;
    this.gathered = [];
    const [first] = frames;
    const last = frames.at(-1);
    if (first && last) {
      const whole = serialised(frames);
      for (const [socket, place] of this.places) {
        // Whoever came in meanwhile was told the beginning in the hello.
        if (place.seq < first.seq) sendQuietly(socket, whole);
        else if (place.seq < last.seq) sendQuietly(socket, serialised(frames.filter(({ seq }) => seq > place.seq)));
        if (place.seq < last.seq) place.seq = last.seq;
      }
    }
    onFlushed();
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
    const retry = FINAL_CLOSINGS.includes(closing) ? null : retryWindow(this.size);
    const leaving = [...this.places].filter(([, seat]) => isMeant(seat));
    for (const [socket] of leaving) {
      this.places.delete(socket);
      sayBye(socket, closing, retry);
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

/** Frames as one: what was serialised once is joined, not serialised again. */
const serialised = (frames: readonly LoggedFrame[]): string =>
  frames.length === 1 ? frames[0]!.frame : `{"kind":"batch","events":[${frames.map(({ frame }) => frame).join(',')}]}`;

function sayBye(socket: WebSocket, closing: Closing, retry: { fromMs: number; toMs: number } | null): void {
  const [code, detail] = CLOSINGS[closing];
  sendQuietly(socket, JSON.stringify({ kind: 'bye', code, reason: closing, detail, retry } satisfies ServerFrame));
  closeQuietly(socket, code, closeReason(closing, retry));
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
