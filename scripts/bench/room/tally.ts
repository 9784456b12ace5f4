// What a crowd was told: how often, how late, and whether anything came twice or not at all.
const SEQ = Buffer.from('"seq":');
const TO_EVERYBODY = new Set(['m', 'b'].map((letter) => letter.charCodeAt(0)));
/** `{"kind":"` stands before the kind of every frame. */
const KIND_AT = 9;
const LATEST_MS = 60_000;
const KNOWN_MAX = 12;

export class Tally {
  deliveries = 0;
  lost = 0;
  doubled = 0;
  refused = 0;
  readonly ends = new Map<string, number>();
  /** Of the newest message that anybody was told. */
  newestSeq = 0;
  /** Milliseconds from the send to the seeing, counted by the millisecond. */
  private histogram = new Uint32Array(LATEST_MS + 1);
  private readonly sentAtMs = new Map<number, number>();
  /** The frames that were read last; sockets of another object may be told in other portions. */
  private known: Known[] = [];
  private readonly sentAtOfSeq = new Map<number, number>();

  /** What is heard up to this number was said before. */
  begin(seq: number): void {
    this.deliveries = 0;
    this.lost = 0;
    this.doubled = 0;
    this.refused = 0;
    this.newestSeq = seq;
    this.ends.clear();
    this.histogram = new Uint32Array(LATEST_MS + 1);
    this.sentAtMs.clear();
    this.sentAtOfSeq.clear();
  }

  sent(number: number): void {
    this.sentAtMs.set(number, performance.now());
  }

  ended(why: string): void {
    this.ends.set(why, (this.ends.get(why) ?? 0) + 1);
  }

  /** One frame came to a socket that had been told up to `after`; the number up to which it is told now. */
  heard(payload: Buffer, after: number): number {
    const kind = payload[KIND_AT] ?? 0;
    if (!TO_EVERYBODY.has(kind)) {
      this.answered(payload);
      return after;
    }
    const nowMs = performance.now();
    // Nearly every frame is that of the socket before, byte for byte, and continues what this one was told.
    const known = this.known.find((one) => one.after === after && payload.equals(one.bytes));
    if (known) {
      for (const sentAtMs of known.sentAtMs) this.count(nowMs - sentAtMs);
      this.deliveries += known.sentAtMs.length;
      return known.told;
    }
    let told = after;
    const sentAtMs: number[] = [];
    const lostBefore = this.lost + this.doubled;
    for (let at = payload.indexOf(SEQ); at >= 0; at = payload.indexOf(SEQ, at + SEQ.length)) {
      const seq = numberAt(payload, at + SEQ.length);
      if (seq <= told) this.doubled += 1;
      else {
        this.lost += seq - told - 1;
        told = seq;
        this.deliveries += 1;
        sentAtMs.push(this.sentAt(seq, payload));
        this.count(nowMs - sentAtMs.at(-1)!);
      }
    }
    if (this.lost + this.doubled === lostBefore)
      this.known = [{ bytes: Buffer.from(payload), after, told, sentAtMs }, ...this.known].slice(0, KNOWN_MAX);
    if (told > this.newestSeq) this.newestSeq = told;
    return told;
  }

  /** What the hello of a socket that came back brought along: it counts as if it had been told one by one. */
  caughtUp({ backlog, isComplete, seq }: Hello, after: number): number {
    const nowMs = performance.now();
    if (!isComplete) this.ended('came back, and something was missing');
    let told = after;
    for (const event of backlog) {
      if (event.seq <= told) this.doubled += 1;
      else {
        this.lost += event.seq - told - 1;
        told = event.seq;
        this.deliveries += 1;
        this.count(nowMs - (this.sentAtMs.get(numberOf(event)) ?? Number.NaN));
      }
    }
    this.lost += Math.max(0, seq - told);
    return Math.max(seq, told);
  }

  percentileMs(share: number): number {
    const total = this.histogram.reduce((sum, count) => sum + count, 0);
    let left = total * share;
    for (let ms = 0; ms <= LATEST_MS; ms++) {
      left -= this.histogram[ms]!;
      if (left <= 0 && total > 0) return ms;
    }
    return Number.NaN;
  }

  private count(ms: number): void {
    if (Number.isNaN(ms)) return;
    const at = Math.min(LATEST_MS, Math.max(0, Math.round(ms)));
    this.histogram[at]! += 1;
  }

  /** The first who hears a frame reads it for all. */
  private sentAt(seq: number, payload: Buffer): number {
    if (!this.sentAtOfSeq.has(seq)) this.read(payload);
    return this.sentAtOfSeq.get(seq) ?? Number.NaN;
  }

  private read(payload: Buffer): void {
    const frame = JSON.parse(payload.toString()) as Said | { events: Said[] };
    for (const said of 'events' in frame ? frame.events : [frame])
      this.sentAtOfSeq.set(said.seq, this.sentAtMs.get(numberOf(said)) ?? Number.NaN);
  }

  private answered(payload: Buffer): void {
    const { kind, code } = JSON.parse(payload.toString()) as { kind: string; code?: string };
    if (kind !== 'refused') return;
    this.refused += 1;
    this.ended(`refused: ${code}`);
  }
}

/** A frame that was read whole, to a socket that had been told up to `after`. */
interface Known {
  bytes: Buffer;
  after: number;
  told: number;
  sentAtMs: number[];
}

interface Said {
  seq: number;
  text?: string;
}

export interface Hello {
  seq: number;
  isComplete: boolean;
  resumeToken: string | null;
  backlog: Said[];
}

const numberOf = ({ text = '' }: Said): number => Number(/^(\d+)/.exec(text)?.[1] ?? Number.NaN);

function numberAt(bytes: Buffer, from: number): number {
  let number = 0;
  for (let at = from; at < bytes.length; at++) {
    const digit = bytes[at]! - 48;
    if (digit < 0 || digit > 9) break;
    number = number * 10 + digit;
  }
  return number;
}
