// One video SSRC: packets in, frames and feedback (NACK, PLI) out. Pure.
import type { Depacketizer } from '../depacketize/coded-frame.ts';
import { type AssembledFrame, FrameAssembler } from './frame-assembler.ts';
import type { RtpPacket } from './packet.ts';
import { Reception } from './reception.ts';
import { ReorderBuffer, type ReorderOutput } from './reorder-buffer.ts';
import { buildNack, buildPli } from './rtcp.ts';
import { Unwrapper } from './unwrap.ts';

export const VIDEO_CLOCK_RATE = 90_000;

export type VideoOutput = { type: 'frame'; frame: AssembledFrame } | { type: 'send'; packet: Uint8Array };

/** An encoder needs time to answer, and a key frame is expensive. */
const BETWEEN_PLI_MS = 500;
const GIVE_UP_MS = 250;

export class VideoStream {
  readonly reception: Reception;
  readonly #ownSsrc: number;
  readonly #buffer: ReorderBuffer;
  readonly #assembler: FrameAssembler;
  readonly #timestamps = new Unwrapper(32);
  #lastPliMs = Number.NEGATIVE_INFINITY;
  #keyFrameWanted = false;

  constructor(options: { ssrc: number; ownSsrc: number; depacketizer: Depacketizer; hasRtx: boolean }) {
    this.reception = new Reception(options.ssrc, VIDEO_CLOCK_RATE);
    this.#ownSsrc = options.ownSsrc;
    this.#buffer = new ReorderBuffer({
      nack: true,
      answersAreMarked: options.hasRtx,
      giveUpMs: GIVE_UP_MS,
      opens: ({ payload }) => this.#assembler.wants(payload) === 'yes',
    });
    this.#assembler = new FrameAssembler(options.depacketizer);
  }

  get framesDropped(): number {
    return this.#assembler.framesDropped;
  }

  get roundTripMs(): number | null {
    return this.#buffer.roundTripMs;
  }

  /** Packets held or awaited: has a bound. */
  get size(): number {
    return this.#buffer.size;
  }

  /** `repeated`: it came as a retransmission on its own SSRC (RTX), which does not count as received:
   * the sender and the broadcaster want to know what the network loses. */
  receive(packet: RtpPacket, nowMs: number, repeated = false): VideoOutput[] {
    const timestamp = this.unwrap(packet.timestamp);
    const { first, sequence, outputs } = this.#buffer.receive({ ...packet, timestamp }, nowMs, repeated);
    if (first) this.reception.count(sequence, timestamp, nowMs);
    return [...outputs.flatMap((output) => this.#follow(output)), ...this.#askForKeyFrame(nowMs)];
  }

  tick(nowMs: number): VideoOutput[] {
    return [...this.#buffer.tick(nowMs).flatMap((output) => this.#follow(output)), ...this.#askForKeyFrame(nowMs)];
  }

  /** Sends a PLI now, or as soon as the last one is old enough. */
  requestKeyFrame(nowMs: number): VideoOutput[] {
    this.#keyFrameWanted = true;
    return this.#askForKeyFrame(nowMs);
  }

  hearRoundTrip(milliseconds: number): void {
    this.#buffer.hearRoundTrip(milliseconds);
  }

  unwrap(timestamp: number): number {
    return this.#timestamps.next(timestamp);
  }

  #follow(output: ReorderOutput): VideoOutput[] {
    if (output.type === 'packet') return this.#assembler.push(output.packet).map((frame) => this.#deliver(frame));
    if (output.type === 'nack') {
      return [{ type: 'send', packet: buildNack(this.#ownSsrc, this.reception.ssrc, output.sequences) }];
    }
    this.#assembler.lose();
    return [];
  }

  #deliver(frame: AssembledFrame): VideoOutput {
    if (frame.isKey) this.#keyFrameWanted = false;
    return { type: 'frame', frame };
  }

  #askForKeyFrame(nowMs: number): VideoOutput[] {
    // A key frame on its way is not asked for again: the assembler has begun to gather it.
    const needed = this.#keyFrameWanted || (this.#assembler.awaitsKeyFrame && !this.#assembler.isGathering);
    if (!needed || nowMs - this.#lastPliMs < BETWEEN_PLI_MS) return [];
    this.#lastPliMs = nowMs;
    return [{ type: 'send', packet: buildPli(this.#ownSsrc, this.reception.ssrc) }];
  }
}
