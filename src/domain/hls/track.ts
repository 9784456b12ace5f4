// One rendition's sliding list: complete segments and the one that grows. Holds no bytes.
import type { RenditionName } from '../../protocol/ids.ts';
import type { ChunkFrame, GapFrame, SegmentFrame } from '../../protocol/ingest.ts';
import type { LatencyShape } from '../../protocol/latency.ts';
import { endMsOf, type Segment, toMicroseconds, totalSeconds } from './segments.ts';

/** Durations are sums of floats: this much is rounding, not overrun. */
const ROUNDING_SECONDS = 0.000_004;

/** What a segment is from its first chunk on, before its parts. */
export type SegmentStart = Pick<
  Segment,
  'generation' | 'msn' | 'programDateTimeMs' | 'discontinuity' | 'startsDiscontinuity'
>;

export class Track {
  readonly rendition: RenditionName;
  /** Complete and listed, oldest first. */
  readonly segments: Segment[] = [];
  /** Grows part by part; only whole parts are in it. */
  open: Segment | null = null;
  /** The newest complete msn, also after it slid away; null before the first. */
  lastMsn: number | null = null;
  private listedSeconds = 0;
  private pendingPart: { durationSeconds: number; independent: boolean; byteLength: number; chunks: number } | null =
    null;

  constructor(rendition: RenditionName) {
    this.rendition = rendition;
  }

  /** The first number that nothing was listed under; null while the track is empty. */
  get unusedMsn(): number | null {
    return this.open ? this.open.msn + 1 : this.lastMsn === null ? null : this.lastMsn + 1;
  }

  get endMs(): number | null {
    const last = this.open ?? this.segments.at(-1);
    return last ? endMsOf(last) : null;
  }

  segment(msn: number): Segment | undefined {
    const first = this.segments[0];
    return first ? this.segments[msn - first.msn] : undefined;
  }

  has(frame: ChunkFrame | SegmentFrame | GapFrame): boolean {
    if (this.lastMsn !== null && frame.msn <= this.lastMsn) return true;
    if (frame.type !== 'chunk' || this.open?.msn !== frame.msn) return false;
    const { length } = this.open.parts;
    return frame.part < length || (frame.part === length && frame.chunk < (this.pendingPart?.chunks ?? 0));
  }

  /** Takes the next chunk of the growing segment, or says why it cannot be taken. */
  takeChunk(frame: ChunkFrame, byteLength: number, start: SegmentStart, shape: LatencyShape): string | null {
    const open = this.open ?? grow(this.rendition, start);
    const pending = this.pendingPart ?? {
      durationSeconds: 0,
      independent: frame.independent,
      byteLength: 0,
      chunks: 0,
    };
    if (frame.part !== open.parts.length || frame.chunk !== pending.chunks)
      return `Chunk ${frame.part}.${frame.chunk} of segment ${frame.msn} came where ${open.parts.length}.${pending.chunks} was due.`;
    // "The EXTINF duration of each Media Segment, rounded, MUST be less than or equal to the Target Duration" (4.4.3.1).
    if (
      Math.round(open.durationSeconds + pending.durationSeconds + frame.durationSeconds) > shape.targetDurationSeconds
    )
      return `Segment ${frame.msn} would be longer than the target duration of ${shape.targetDurationSeconds} s.`;
    const part = {
      durationSeconds: pending.durationSeconds + frame.durationSeconds,
      independent: pending.independent,
      byteLength: pending.byteLength + byteLength,
    };
    this.open = open;
    this.pendingPart = frame.endsPart ? null : { ...part, chunks: pending.chunks + 1 };
    if (!frame.endsPart) return null;
    // One part over PART-TARGET and AVPlayer drops the whole variant.
    if (part.durationSeconds > shape.partTargetSeconds + ROUNDING_SECONDS) open.offersParts = false;
    open.parts.push({ ...part, offset: open.byteLength });
    open.byteLength += part.byteLength;
    open.durationSeconds = totalSeconds(open.parts);
    return null;
  }

  /** The growing segment becomes complete with the whole parts it has; null when it has none. */
  closeOpen(windowSeconds: number): Segment | null {
    const segment = this.open;
    this.open = null;
    this.pendingPart = null;
    if (!segment || segment.parts.length === 0) return null;
    this.append(segment, windowSeconds);
    return segment;
  }

  append(segment: Segment, windowSeconds: number): void {
    // After an absence longer than the window the list starts anew; numbers inside a list have no holes.
    if (segment.msn !== (this.segments.at(-1)?.msn ?? -1) + 1) this.segments.length = 0;
    if (this.segments.length === 0) this.listedSeconds = 0;
    this.segments.push(segment);
    this.lastMsn = segment.msn;
    this.listedSeconds = toMicroseconds(this.listedSeconds + segment.durationSeconds);
    for (;;) {
      const [oldest] = this.segments;
      const without = toMicroseconds(this.listedSeconds - (oldest?.durationSeconds ?? 0));
      if (this.segments.length < 2 || without < windowSeconds) return;
      this.segments.shift();
      this.listedSeconds = without;
    }
  }

  markGap(msn: number): Segment | undefined {
    const segment = this.segment(msn);
    if (segment) segment.isGap = true;
    return segment;
  }

  /** Measured on what is listed, bits per second; null before there is enough to judge. */
  measuredBandwidth(): { peak: number; average: number } | null {
    const measured = this.segments.filter(({ isGap, durationSeconds }) => !isGap && durationSeconds >= 1);
    if (measured.length < 3) return null;
    const bytes = measured.reduce((sum, { byteLength }) => sum + byteLength, 0);
    return {
      peak: Math.ceil(Math.max(...measured.map((segment) => (segment.byteLength * 8) / segment.durationSeconds))),
      average: Math.ceil((bytes * 8) / totalSeconds(measured)),
    };
  }
}

const grow = (rendition: RenditionName, start: SegmentStart): Segment => ({
  ...start,
  rendition,
  durationSeconds: 0,
  byteLength: 0,
  parts: [],
  offersParts: true,
  isGap: false,
});
