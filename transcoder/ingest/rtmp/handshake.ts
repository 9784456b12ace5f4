// The RTMP handshake (5.2): C0 C1 in, S0 S1 S2 out, C2 in. Encoders that offer a digest accept the simple answer.
import { concatBytes } from './bytes.ts';

const VERSION = 3;
const PACKET_BYTES = 1536;

export type HandshakeStep =
  | { type: 'more'; send: Uint8Array | null }
  /** `rest` are the first bytes of the chunk stream. */
  | { type: 'done'; send: Uint8Array | null; rest: Uint8Array }
  | { type: 'refused'; reason: string };

export class Handshake {
  readonly #random: (count: number) => Uint8Array;
  #pending: Uint8Array = new Uint8Array(0);
  #answered = false;

  constructor(random: (count: number) => Uint8Array) {
    this.#random = random;
  }

  receive(bytes: Uint8Array): HandshakeStep {
    this.#pending = concatBytes([this.#pending, bytes]);
    let send: Uint8Array | null = null;
    if (!this.#answered) {
      const version = this.#pending[0];
      if (version !== undefined && version !== VERSION) {
        return { type: 'refused', reason: `the first byte is ${version}, which does not open an RTMP conversation` };
      }
      if (this.#pending.length < 1 + PACKET_BYTES) return { type: 'more', send: null };
      send = this.#answer(this.#pending.subarray(1, 1 + PACKET_BYTES));
      this.#pending = this.#pending.subarray(1 + PACKET_BYTES);
      this.#answered = true;
    }
    // C2 echoes S1; encoders are known to send other bytes, and nothing depends on it.
    if (this.#pending.length < PACKET_BYTES) return { type: 'more', send };
    return { type: 'done', send, rest: this.#pending.subarray(PACKET_BYTES) };
  }

  #answer(c1: Uint8Array): Uint8Array {
    // S1: time 0 and version 0 (no digest), then random bytes. S2: C1 as it came.
    return concatBytes([Uint8Array.of(VERSION), new Uint8Array(8), this.#random(PACKET_BYTES - 8), c1]);
  }
}
