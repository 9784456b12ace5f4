// One Opus SSRC: packets in, packets out in order. Nothing is asked for again: the decoder covers what is missing.
import type { RtpPacket } from './packet.ts';
import { Reception } from './reception.ts';
import { ReorderBuffer, type ReorderOutput } from './reorder-buffer.ts';
import { Unwrapper } from './unwrap.ts';

/** RFC 7587 section 4.1: always, whatever the encoder was given. */
export const OPUS_CLOCK_RATE = 48_000;
const GIVE_UP_MS = 120;

export interface AudioPacket {
  timestamp: number;
  data: Uint8Array;
}

export class AudioStream {
  readonly reception: Reception;
  readonly #buffer = new ReorderBuffer({ nack: false, answersAreMarked: false, giveUpMs: GIVE_UP_MS });
  readonly #timestamps = new Unwrapper(32);

  constructor(ssrc: number) {
    this.reception = new Reception(ssrc, OPUS_CLOCK_RATE);
  }

  get size(): number {
    return this.#buffer.size;
  }

  receive(packet: RtpPacket, nowMs: number): AudioPacket[] {
    const timestamp = this.unwrap(packet.timestamp);
    const { first, sequence, outputs } = this.#buffer.receive({ ...packet, timestamp }, nowMs);
    if (first) this.reception.count(sequence, timestamp, nowMs);
    return packetsOf(outputs);
  }

  tick(nowMs: number): AudioPacket[] {
    return packetsOf(this.#buffer.tick(nowMs));
  }

  unwrap(timestamp: number): number {
    return this.#timestamps.next(timestamp);
  }
}

const packetsOf = (outputs: readonly ReorderOutput[]): AudioPacket[] =>
  outputs.flatMap((output) =>
    output.type === 'packet' && output.packet.payload.length > 0
      ? [{ timestamp: output.packet.timestamp, data: output.packet.payload }]
      : [],
  );
