// What a receiver report says about one SSRC: loss, jitter and the age of the last sender report (RFC 3550 A.3, A.8).
import type { ReportBlock } from './rtcp.ts';

export class Reception {
  readonly ssrc: number;
  readonly #ticksPerMs: number;
  #first: number | null = null;
  #highest = 0;
  #received = 0;
  #expectedBefore = 0;
  #receivedBefore = 0;
  #jitter = 0;
  #lastTransit: number | null = null;
  #report: { ntpMiddle: number; atMs: number } | null = null;

  constructor(ssrc: number, clockRate: number) {
    this.ssrc = ssrc;
    this.#ticksPerMs = clockRate / 1000;
  }

  get received(): number {
    return this.#received;
  }

  /** Never negative: a packet that the network doubled does not make up for one that it lost. */
  get lost(): number {
    return Math.max(0, this.#expected - this.#received);
  }

  /** Call for each packet that came for the first time, retransmissions on their own SSRC excepted. Both numbers unwrapped. */
  count(sequence: number, timestamp: number, nowMs: number): void {
    this.#first ??= sequence;
    this.#first = Math.min(this.#first, sequence);
    this.#highest = Math.max(this.#highest, sequence);
    this.#received += 1;
    const transit = nowMs * this.#ticksPerMs - timestamp;
    if (this.#lastTransit !== null) this.#jitter += (Math.abs(transit - this.#lastTransit) - this.#jitter) / 16;
    this.#lastTransit = transit;
  }

  hear(report: { ntpMiddle: number }, nowMs: number): void {
    this.#report = { ntpMiddle: report.ntpMiddle, atMs: nowMs };
  }

  /** Closes the interval since the last block; null before the first packet. */
  block(nowMs: number): ReportBlock | null {
    if (this.#first === null) return null;
    const expected = this.#expected;
    const expectedNow = expected - this.#expectedBefore;
    const lostNow = expectedNow - (this.#received - this.#receivedBefore);
    this.#expectedBefore = expected;
    this.#receivedBefore = this.#received;
    return {
      ssrc: this.ssrc,
      fractionLost: expectedNow <= 0 || lostNow <= 0 ? 0 : Math.min(255, Math.floor((lostNow * 256) / expectedNow)),
      cumulativeLost: expected - this.#received,
      highestSequence: this.#highest,
      jitter: this.#jitter,
      lastSenderReport: this.#report?.ntpMiddle ?? 0,
      delaySinceSenderReport: this.#report ? (nowMs - this.#report.atMs) * 65.536 : 0,
    };
  }

  get #expected(): number {
    return this.#first === null ? 0 : this.#highest - this.#first + 1;
  }
}
