// The first parts as they come: each once, in their order, however they arrive.
import type { FirstMedia } from './read-ahead.ts';

export interface Arrival {
  url: string;
  body: ArrayBuffer;
}

export class Arrivals {
  private readonly parts: FirstMedia['parts'];
  private readonly bodies: (ArrayBuffer | undefined)[] = [];
  private next = 0;

  constructor(parts: FirstMedia['parts']) {
    this.parts = parts;
    for (const [index, { answer }] of parts.entries())
      void answer.then((come) => {
        this.bodies[index] = come?.body;
      });
  }

  /** All that can be gone on with. */
  take(): Arrival[] {
    const taken: Arrival[] = [];
    for (let body = this.bodies[this.next]; body; body = this.bodies[this.next]) {
      taken.push({ url: this.parts[this.next]!.url, body });
      this.next += 1;
    }
    return taken;
  }

  /** Waits for the next one; false: it does not come, or there is none. */
  async another(): Promise<boolean> {
    const next = this.parts[this.next];
    return next !== undefined && (await next.answer) !== null;
  }
}

export function joined(pieces: readonly ArrayBuffer[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((length, { byteLength }) => length + byteLength, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(new Uint8Array(piece), at);
    at += piece.byteLength;
  }
  return whole;
}
