// Everything published and not yet stored for good: resent after every cut, bounded in bytes and seconds. Pure.
import type { PublishFrame, WelcomeFrame } from '../../src/protocol/ingest.ts';
import { type PublishItem, placeItem } from './items.ts';

export interface RingLimits {
  maxBytes: number;
  maxSeconds: number;
}

interface Entry {
  /** Given when it is first sent, so that what is dropped before leaves no hole. */
  seq: number | null;
  item: PublishItem;
  payload: Uint8Array;
  addedAtMs: number;
}

interface SegmentFacts {
  durationSeconds: number;
  programDateTimeMs: number;
  isWhole: boolean;
}

const NOTHING = new Uint8Array(0);
/** A new node whose clock is behind the old one's stays after it; a larger difference is a wrong clock, not to be copied. */
const MAX_SHIFT_MS = 10_000;

export class PublishRing {
  #entries: Entry[] = [];
  /** How many of the entries went out on this connection. */
  #cursor = 0;
  #isWelcome = false;
  #nextSeq = 1;
  #bytes = 0;
  #dropped = 0;
  #base: { generation: number; msn: number; shiftMs: number } | null = null;
  readonly #segments = new Map<string, SegmentFacts>();
  readonly #limits: RingLimits;

  constructor(limits: RingLimits) {
    this.#limits = limits;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** Segments that were given up for a gap. */
  get droppedSegments(): number {
    return this.#dropped;
  }

  /** When the oldest entry was added; null when all is acknowledged. */
  get oldestMs(): number | null {
    return this.#entries[0]?.addedAtMs ?? null;
  }

  push(item: PublishItem, payload: Uint8Array | null, nowMs: number): void {
    this.#note(item);
    const entry = { seq: null, item, payload: payload ?? NOTHING, addedAtMs: nowMs };
    this.#entries.push(entry);
    this.#bytes += entry.payload.length;
    this.#trim(nowMs);
  }

  /** The first welcome places the session; every welcome starts the sending over at the oldest unacknowledged frame. */
  welcome(frame: WelcomeFrame): void {
    this.#base ??= {
      generation: frame.nextGeneration,
      msn: frame.nextMsn,
      shiftMs: this.#shiftMs(frame.lastProgramDateTimeMs),
    };
    this.ack(frame.acknowledgedSeq);
    this.#isWelcome = true;
    this.#cursor = 0;
  }

  disconnected(): void {
    this.#isWelcome = false;
    this.#cursor = 0;
  }

  /** Everything up to and including `seq` is stored for good. */
  ack(seq: number): void {
    let count = 0;
    for (const entry of this.#entries) {
      if (entry.seq === null || entry.seq > seq) break;
      count += 1;
      this.#forget(entry);
    }
    this.#entries.splice(0, count);
    this.#cursor = Math.max(0, this.#cursor - count);
  }

  /** A refused frame counts as done. */
  refused(seq: number): void {
    const index = this.#entries.findIndex((entry) => entry.seq === seq);
    const entry = this.#entries[index];
    if (!entry) return;
    this.#forget(entry);
    this.#entries.splice(index, 1);
    if (index < this.#cursor) this.#cursor -= 1;
  }

  /** The next frame to send on this connection; null when there is none, or before the welcome. */
  next(): { header: PublishFrame; payload: Uint8Array } | null {
    const entry = this.#entries[this.#cursor];
    if (!this.#isWelcome || !this.#base || !entry) return null;
    entry.seq ??= this.#nextSeq++;
    this.#cursor += 1;
    return { header: placeItem(entry.item, entry.seq, this.#base), payload: entry.payload };
  }

  #note(item: PublishItem): void {
    if (item.type === 'chunk') {
      const facts = this.#segments.get(keyOf(item)) ?? { durationSeconds: 0, programDateTimeMs: 0, isWhole: false };
      facts.durationSeconds += item.durationSeconds;
      facts.programDateTimeMs = item.programDateTimeMs ?? facts.programDateTimeMs;
      this.#segments.set(keyOf(item), facts);
    } else if (item.type === 'segment') {
      const facts = this.#segments.get(keyOf(item));
      if (facts) facts.isWhole = true;
    }
  }

  #forget({ item, payload }: Entry): void {
    this.#bytes -= payload.length;
    if (item.type === 'segment' || item.type === 'gap') this.#segments.delete(keyOf(item));
  }

  /** At the bound the oldest whole segments go, of all renditions alike. The open ones stay: they are a segment long at most. */
  #trim(nowMs: number): void {
    for (;;) {
      const oldest = this.#entries.find((entry) => entry.item.type === 'chunk');
      const isOver =
        this.#bytes > this.#limits.maxBytes ||
        (oldest !== undefined && nowMs - oldest.addedAtMs > this.#limits.maxSeconds * 1000);
      if (!isOver || oldest?.item.type !== 'chunk' || !this.#dropSegment(oldest.item.msn)) return;
    }
  }

  /** Replaces a segment of every rendition by a gap; false when none of them is whole. */
  #dropSegment(msn: number): boolean {
    const kept: Entry[] = [];
    let cursor = this.#cursor;
    const gapped = new Set<string>();
    for (const [index, entry] of this.#entries.entries()) {
      const { item } = entry;
      const isPiece = (item.type === 'chunk' || item.type === 'segment') && item.msn === msn;
      const facts = isPiece ? this.#segments.get(keyOf(item)) : undefined;
      if (!isPiece || !facts?.isWhole) {
        kept.push(entry);
        continue;
      }
      this.#bytes -= entry.payload.length;
      gapped.add(keyOf(item));
      // A number that was sent is never missing from the sequence: a repeated gap says nothing new. Unsent ones shrink to one.
      if (entry.seq !== null || item.type === 'segment')
        kept.push({ ...entry, payload: NOTHING, item: gapFor(item, facts) });
      else if (index < this.#cursor) cursor -= 1;
    }
    if (gapped.size === 0) return false;
    this.#entries = kept;
    this.#cursor = cursor;
    this.#dropped += gapped.size;
    return true;
  }

  #shiftMs(lastMs: number | null): number {
    const first = this.#entries.find(({ item }) => item.type === 'chunk' && item.programDateTimeMs !== undefined);
    if (lastMs === null || first?.item.type !== 'chunk') return 0;
    const shift = lastMs - (first.item.programDateTimeMs ?? lastMs);
    return shift > 0 && shift <= MAX_SHIFT_MS ? shift : 0;
  }
}

const keyOf = ({ rendition, msn }: { rendition: string; msn: number }): string => `${rendition}/${msn}`;

function gapFor(
  { generation, rendition, msn }: Extract<PublishItem, { type: 'chunk' | 'segment' }>,
  { durationSeconds, programDateTimeMs }: SegmentFacts,
): PublishItem {
  return { type: 'gap', generation, rendition, msn, durationSeconds, programDateTimeMs };
}
