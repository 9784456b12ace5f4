// The crowd of a room: sockets that listen, some that speak, and what each of them was told, event by event.
import { setTimeout as sleep } from 'node:timers/promises';
import { readCloseReason } from '../../../src/protocol/chat/closing.ts';
import { RawSocket } from './raw-socket.ts';
import { type Hello, Tally } from './tally.ts';

/** Upgrades under way at a time: a storm is another measurement. */
const AT_ONCE = 32;

interface Seat {
  /** Null: on the way. */
  socket: RawSocket | null;
  /** The number of the last event that it was told. */
  seq: number;
  resumeToken: string | null;
}

export class Crowd {
  readonly tally = new Tally();
  /** How often somebody was asked to sit elsewhere, and came back. */
  moves = 0;
  private readonly seats: Seat[] = [];
  private readonly to: { port: number; path: string };

  /** `path`: of the room's socket, without a query. */
  constructor(to: { port: number; path: string }) {
    this.to = to;
  }

  get size(): number {
    return this.seats.length;
  }

  /** Comes in with these tickets first, then as nobody, until there are so many. */
  async growTo(sockets: number, tickets: string[] = []): Promise<void> {
    const queries = Array.from({ length: sockets - this.size }, (_, nth) =>
      tickets[nth] === undefined ? 'v=1' : `v=1&ticket=${tickets[nth]}`,
    );
    const seats: Seat[] = [];
    await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, first) => {
        for (let nth = first; nth < queries.length; nth += AT_ONCE) seats[nth] = await this.comeIn(queries[nth]!);
      }),
    );
    this.seats.push(...seats);
  }

  /** The speaker in this seat says a line; its number is found again in what is heard. */
  say(seat: number, number: number, text: string): void {
    this.tally.sent(number);
    this.seats[seat]?.socket?.send(JSON.stringify({ kind: 'send', clientId: `b${number}`, text }));
  }

  /** How many have not been told up to this number. */
  behind(seq: number): number {
    return this.seats.filter((seat) => seat.seq < seq).length;
  }

  /** From here on the tally counts; what came before was the way in. */
  begin(): void {
    this.tally.begin(Math.max(0, ...this.seats.map(({ seq }) => seq)));
  }

  leave(): void {
    for (const { socket } of this.seats) socket?.destroy();
  }

  /** Nobody is on the way, and the last who was is long back. */
  async settled(quietMs: number, limitMs: number, nudge: () => void): Promise<void> {
    const untilMs = performance.now() + limitMs;
    let [moves, sinceMs] = [this.moves, performance.now()];
    while (performance.now() < untilMs) {
      nudge();
      await sleep(NUDGE_MS);
      const isCalm = this.moves === moves && this.seats.every(({ socket }) => socket !== null);
      if (!isCalm) [moves, sinceMs] = [this.moves, performance.now()];
      if (performance.now() - sinceMs > quietMs) return;
    }
  }

  private async comeIn(query: string): Promise<Seat> {
    const seat: Seat = { socket: null, seq: -1, resumeToken: null };
    await this.sit(seat, query);
    return seat;
  }

  private async sit(seat: Seat, query: string): Promise<void> {
    const { tally } = this;
    const to = { port: this.to.port, path: `${this.to.path}?${query}` };
    let isIn = false;
    await new Promise<void>((resolve, reject) => {
      RawSocket.open(to, (payload) => {
        if (isIn) {
          seat.seq = tally.heard(payload, seat.seq);
          return;
        }
        isIn = true;
        const hello = JSON.parse(payload.toString()) as Hello;
        seat.seq = seat.seq < 0 ? hello.seq : tally.caughtUp(hello, seat.seq);
        seat.resumeToken = hello.resumeToken;
        resolve();
      }).then((socket) => {
        seat.socket = socket;
        socket.onEnd = (why) => this.ended(seat, why);
      }, reject);
    });
  }

  /** Does what a client does: comes back at a random moment of the window, by its token, and says what it was told. */
  private ended(seat: Seat, why: string): void {
    seat.socket?.destroy();
    seat.socket = null;
    const closed = readCloseReason(why.replace(/^closed: \d+ /, ''));
    if (closed?.closing !== 'moved' || !closed.retry) {
      this.tally.ended(why);
      return;
    }
    const { fromMs, toMs } = closed.retry;
    const query = `v=1&after=${seat.seq}${seat.resumeToken ? `&resume=${seat.resumeToken}` : ''}`;
    setTimeout(
      () => {
        this.moves += 1;
        this.sit(seat, query).catch((error: Error) => this.tally.ended(`came back: ${error.message}`));
      },
      fromMs + Math.random() * (toMs - fromMs),
    );
  }
}

/** A word now and then: a room moves people with what it tells. */
const NUDGE_MS = 300;
