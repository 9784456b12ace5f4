// Puts packets back in order, says which ones to ask for again, and gives up in time. Pure: a packet and `now` in, outputs out.
import type { RtpPacket } from './packet.ts';
import { Unwrapper } from './unwrap.ts';

export type ReorderOutput =
  | { type: 'packet'; packet: RtpPacket }
  /** Packets before the next one will never come. */
  | { type: 'gap' }
  | { type: 'nack'; sequences: number[] };

export interface Received {
  /** It came as it was sent first: no duplicate, and not because we asked for it again. */
  first: boolean;
  /** Unwrapped. */
  sequence: number;
  outputs: ReorderOutput[];
}

export interface ReorderOptions {
  /** Ask the sender for what is missing. Without it the buffer only waits. */
  nack: boolean;
  /** Answers to requests can be told from packets that were only late, because they have an SSRC of their own (RTX). */
  answersAreMarked: boolean;
  /** A decoder waits for what this packet begins: nothing before it is of use any more. */
  opens?: (packet: RtpPacket) => boolean;
  /** How long a hole may hold up what came after it; with `nack` it grows with the round trip, see giveUpMs. */
  giveUpMs: number;
}

/** Packets often overtake each other by a few milliseconds: asking sooner asks for what is on its way. */
const NACK_AFTER_MS = 8;
/** Until the first answer. */
const ASSUMED_ROUND_TRIP_MS = 50;
/** On top of the round trip, for the jitter of the answer. */
const REPEAT_MARGIN_MS = 10;
/** After this many unanswered requests the link is bad: ask twice per round trip. */
const PATIENT_TRIES = 2;
const MOST_GIVE_UP_MS = 600;
/** Held and missing packets together: 1.6 s at 10 Mbit/s. Beyond it everything missing is given up. */
const MOST_SPAN = 1500;
const MOST_PER_NACK = 100;
/** Jitter beyond this is rare. */
const SURELY_ANSWERED_MS = 20;
const ASKED_BACK = 32;
/** Looking through all holes for every packet would cost more than it gains. */
const BETWEEN_TICKS_MS = 4;
/** Packets from behind, one after another, mean that the sender has begun a new numbering. */
const RESTART_AFTER_LATE = 50;

interface Missing {
  sinceMs: number;
  firstAskedMs: number;
  lastAskedMs: number;
  tries: number;
}

export class ReorderBuffer {
  readonly #options: ReorderOptions;
  #sequences = new Unwrapper(16);
  #waiting = new Map<number, RtpPacket>();
  /** In ascending order, because holes are only found at the front. */
  #missing = new Map<number, Missing>();
  #next: number | null = null;
  #highest = 0;
  #lateInARow = 0;
  #lastTickMs = Number.NEGATIVE_INFINITY;
  #roundTripMs: number | null = null;
  #hasOutsideRoundTrip = false;

  constructor(options: ReorderOptions) {
    this.#options = options;
  }

  /** Measured from request to answer, or told by `hearRoundTrip`; null before the first. */
  get roundTripMs(): number | null {
    return this.#roundTripMs;
  }

  get size(): number {
    return this.#waiting.size + this.#missing.size;
  }

  /** `isAnswer`: it came as a retransmission (RTX). */
  receive(packet: RtpPacket, nowMs: number, isAnswer = false): Received {
    const outputs: ReorderOutput[] = [];
    let sequence = this.#sequences.peek(packet.sequence);
    if (this.#next !== null && sequence < this.#next) {
      this.#lateInARow += 1;
      if (this.#lateInARow < RESTART_AFTER_LATE) return { first: false, sequence, outputs };
      this.#restart(outputs);
      sequence = this.#sequences.peek(packet.sequence);
    }
    this.#lateInARow = 0;
    if (this.#waiting.has(sequence)) return { first: false, sequence, outputs };
    if (this.#next !== null && sequence - this.#next > MOST_SPAN) this.#skipTo(sequence, outputs);
    const opens = this.#options.opens?.(packet) ?? false;
    if (this.#next === null) {
      // What begins a stream may have been overtaken or lost: ask for what would have come before a packet from its middle.
      this.#next = this.#options.nack && !opens ? sequence - ASKED_BACK : sequence;
      this.#highest = this.#next - 1;
    }
    if (sequence > this.#highest) {
      for (let hole = this.#highest + 1; hole < sequence; hole += 1) {
        this.#missing.set(hole, { sinceMs: nowMs, firstAskedMs: 0, lastAskedMs: 0, tries: 0 });
      }
      this.#highest = this.#sequences.next(packet.sequence);
    }
    const missed = this.#missing.get(sequence);
    const answered = isAnswer || (missed ? this.#isAnswer(missed, nowMs) : false);
    if (missed && answered) this.#measure(missed, nowMs);
    this.#missing.delete(sequence);
    this.#waiting.set(sequence, packet);
    if (opens && sequence > this.#next) this.#skipTo(sequence, outputs);
    this.#deliver(outputs);
    if (nowMs - this.#lastTickMs >= BETWEEN_TICKS_MS) outputs.push(...this.tick(nowMs));
    return { first: !answered, sequence, outputs };
  }

  /** Call every 10 ms or so: requests and surrenders that are due. */
  tick(nowMs: number): ReorderOutput[] {
    this.#lastTickMs = nowMs;
    const outputs: ReorderOutput[] = [];
    const limitMs = this.giveUpMs;
    let surrendered = -1;
    for (const [sequence, { sinceMs }] of this.#missing) {
      if (nowMs - sinceMs < limitMs) break;
      surrendered = sequence;
    }
    if (surrendered >= 0) this.#skipTo(surrendered + 1, outputs);
    if (!this.#options.nack) return outputs;

    const sequences: number[] = [];
    for (const [sequence, hole] of this.#missing) {
      if (sequences.length === MOST_PER_NACK) break;
      const due = hole.tries === 0 ? hole.sinceMs + NACK_AFTER_MS : hole.lastAskedMs + this.#repeatMs(hole.tries);
      if (nowMs < due) continue;
      if (hole.tries === 0) hole.firstAskedMs = nowMs;
      hole.lastAskedMs = nowMs;
      hole.tries += 1;
      sequences.push(sequence % 65536);
    }
    if (sequences.length > 0) outputs.push({ type: 'nack', sequences });
    return outputs;
  }

  /** A round trip measured elsewhere (RTCP), better than ours. */
  hearRoundTrip(milliseconds: number): void {
    this.#hasOutsideRoundTrip = true;
    this.#roundTripMs = milliseconds;
  }

  /** A longer path gets more time, else 250 ms would allow two requests only and 5 % loss would leave holes. */
  get giveUpMs(): number {
    const { nack, giveUpMs } = this.#options;
    if (!nack) return giveUpMs;
    return Math.min(MOST_GIVE_UP_MS, Math.max(giveUpMs, 5.5 * this.#patienceMs));
  }

  /** When an answer is overdue. */
  get #patienceMs(): number {
    return (this.#roundTripMs ?? ASSUMED_ROUND_TRIP_MS) + REPEAT_MARGIN_MS;
  }

  #repeatMs(tries: number): number {
    return tries > PATIENT_TRIES ? Math.max(REPEAT_MARGIN_MS, this.#patienceMs / 2) : this.#patienceMs;
  }

  /** Where answers are not marked, one that comes soon after the request is rather the original, overtaken by others. */
  #isAnswer(hole: Missing, nowMs: number): boolean {
    return !this.#options.answersAreMarked && hole.tries > 0 && nowMs - hole.firstAskedMs >= SURELY_ANSWERED_MS;
  }

  #measure(hole: Missing, nowMs: number): void {
    // Karn: an answer to a repeated request says little; only the very first estimate may come from one.
    if (this.#hasOutsideRoundTrip || hole.tries === 0 || (hole.tries > 1 && this.#roundTripMs !== null)) return;
    const sampleMs = Math.max(1, nowMs - hole.firstAskedMs);
    const known = this.#roundTripMs ?? sampleMs;
    this.#roundTripMs = known + (sampleMs - known) / 8;
  }

  #deliver(outputs: ReorderOutput[]): void {
    if (this.#next === null) return;
    for (let packet = this.#waiting.get(this.#next); packet; packet = this.#waiting.get(this.#next)) {
      outputs.push({ type: 'packet', packet });
      this.#waiting.delete(this.#next);
      this.#next += 1;
    }
  }

  /** Gives up every hole before `sequence`; what is there is still delivered, in order. */
  #skipTo(sequence: number, outputs: ReorderOutput[]): void {
    if (this.#next === null) return;
    for (const hole of this.#missing.keys()) {
      if (hole >= sequence) break;
      this.#missing.delete(hole);
    }
    const held = [...this.#waiting.keys()].filter((key) => key < sequence).sort((a, b) => a - b);
    for (const key of held) {
      if (key !== this.#next) outputs.push({ type: 'gap' });
      outputs.push({ type: 'packet', packet: this.#waiting.get(key)! });
      this.#waiting.delete(key);
      this.#next = key + 1;
    }
    if (this.#next < sequence) outputs.push({ type: 'gap' });
    this.#next = Math.max(this.#next, sequence);
    this.#highest = Math.max(this.#highest, this.#next - 1);
    this.#deliver(outputs);
  }

  #restart(outputs: ReorderOutput[]): void {
    outputs.push({ type: 'gap' });
    this.#sequences = new Unwrapper(16);
    this.#waiting.clear();
    this.#missing.clear();
    this.#next = null;
    this.#highest = 0;
    this.#lateInARow = 0;
  }
}
