// The crowd of a room: sockets that listen, some that speak, and what each of them was told, event by event.
import { RawSocket } from './raw-socket.ts';
import { Tally } from './tally.ts';

/** Upgrades under way at a time: a storm is another measurement. */
const AT_ONCE = 32;

interface Seat {
  socket: RawSocket;
  /** The number of the last event that it was told. */
  seq: number;
}

export class Crowd {
  readonly tally = new Tally();
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
    this.seats[seat]?.socket.send(JSON.stringify({ kind: 'send', clientId: `b${number}`, text }));
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
    for (const { socket } of this.seats) socket.destroy();
  }

  private async comeIn(query: string): Promise<Seat> {
    const { tally } = this;
    const to = { port: this.to.port, path: `${this.to.path}?${query}` };
    const seat: { socket: RawSocket | null; seq: number } = { socket: null, seq: -1 };
    let entered: () => void = () => undefined;
    const isIn = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const socket = await RawSocket.open(to, (payload) => {
      if (seat.seq >= 0) seat.seq = tally.heard(payload, seat.seq);
      else {
        const { seq } = JSON.parse(payload.toString()) as { seq: number };
        seat.seq = seq;
        entered();
      }
    });
    socket.onEnd = (why) => tally.ended(why);
    await isIn;
    return Object.assign(seat, { socket });
  }
}
