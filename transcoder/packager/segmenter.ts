// Places in the stream: which segment and part a fragment or an audio frame belongs to, the same in every rendition.
import type { LatencyShape } from '../../src/protocol/latency.ts';

/** A stretch of media on the media timeline. */
export interface Piece {
  startSeconds: number;
  durationSeconds: number;
}

/** Each piece is one chunk, and each chunk a whole part. */
export interface Placed {
  segment: number;
  part: number;
  /** Set when the piece before was the last of its segment, which nobody could know then. */
  closedBefore: ClosedSegment | null;
  /** Set when this piece fills its segment. */
  closes: ClosedSegment | null;
}

export interface ClosedSegment {
  segment: number;
  parts: number;
}

/** Segments may be this much longer than planned before EXTINF rounds to more than TARGETDURATION. */
const SEGMENT_SLACK_SECONDS = 0.25;
/** Boundaries that are kept; more than a minute of the shortest segments. */
const MAX_BOUNDARIES = 256;

/**
 * Where segments begin. `grid`: encoded renditions have a key frame each `segmentSeconds` from the first video frame.
 * `source`: a copied rendition has the source's key frames; each is told before its media comes out of the encoder.
 */
export class SegmentBoundaries {
  readonly #gridSeconds: number | null;
  readonly #targetSeconds: number;
  #origin: number | null = null;
  /** Starts of segments in `source` mode; index 0 is segment `#firstKept`. */
  #starts: number[] = [];
  #firstKept = 0;
  #keys: number[] = [];

  constructor(rule: { kind: 'grid'; segmentSeconds: number } | { kind: 'source'; shape: LatencyShape }) {
    this.#gridSeconds = rule.kind === 'grid' ? rule.segmentSeconds : null;
    this.#targetSeconds = rule.kind === 'source' ? rule.shape.targetDurationSeconds : 0;
  }

  /** Start of segment 0; null until it is known. */
  get originSeconds(): number | null {
    return this.#origin;
  }

  /** `grid`: the first video frame that came out (or the first audio frame where there is no video). Only the first call counts. */
  startAt(seconds: number): void {
    this.#origin ??= seconds;
  }

  /** `source`: a key frame goes into the encoder. It begins a segment when one more GOP would make the present one too long. */
  sourceKey(seconds: number): void {
    if (this.#gridSeconds !== null) return;
    const gop = seconds - (this.#keys[this.#keys.length - 1] ?? seconds);
    const elapsed = seconds - (this.#starts[this.#starts.length - 1] ?? Number.NEGATIVE_INFINITY);
    this.#origin ??= seconds;
    this.#keys.push(seconds);
    if (this.#keys.length > MAX_BOUNDARIES) this.#keys.shift();
    if (elapsed + gop <= this.#targetSeconds + SEGMENT_SLACK_SECONDS) return;
    this.#starts.push(seconds);
    if (this.#starts.length <= MAX_BOUNDARIES) return;
    this.#starts.shift();
    this.#firstKept += 1;
  }

  /** `source`: does a key frame that went into the encoder lie at this instant? */
  isSourceKeyAt(seconds: number, tolerance: number): boolean {
    return this.#keys.some((key) => Math.abs(key - seconds) < tolerance);
  }

  /** The segment that holds this instant; -1 before the first. `tolerance` pulls an instant just before a boundary over it. */
  segmentAt(seconds: number, tolerance: number): number {
    if (this.#origin === null) return -1;
    if (this.#gridSeconds !== null)
      return Math.max(-1, Math.floor((seconds - this.#origin + tolerance) / this.#gridSeconds));
    let index = this.#starts.length - 1;
    while (index >= 0 && (this.#starts[index] ?? 0) > seconds + tolerance) index -= 1;
    return index < 0 ? -1 : this.#firstKept + index;
  }
}

/** Numbers the pieces of one rendition. Pieces come in order. */
export class Segmenter {
  readonly #boundaries: SegmentBoundaries;
  readonly #tolerance: number;
  #segment = -1;
  #parts = 0;
  #isOpen = false;

  /** `toleranceSeconds`: half a frame; times of the same instant differ by rounding only. */
  constructor(boundaries: SegmentBoundaries, toleranceSeconds: number) {
    this.#boundaries = boundaries;
    this.#tolerance = toleranceSeconds;
  }

  place({ startSeconds, durationSeconds }: Piece): Placed {
    const segment = Math.max(this.#segment, this.#boundaries.segmentAt(startSeconds, this.#tolerance), 0);
    const closedBefore = segment > this.#segment ? this.end() : null;
    if (segment > this.#segment || !this.#isOpen) this.#open(segment);
    const part = this.#parts;
    this.#parts += 1;
    const isFull = this.#boundaries.segmentAt(startSeconds + durationSeconds, this.#tolerance) > this.#segment;
    return { segment: this.#segment, part, closedBefore, closes: isFull ? this.end() : null };
  }

  /** Closes what is open: the last segment of a run may be short. */
  end(): ClosedSegment | null {
    if (!this.#isOpen) return null;
    this.#isOpen = false;
    return { segment: this.#segment, parts: this.#parts };
  }

  /** A piece that comes after its segment was closed (an encoder that missed a key frame) begins the next number. */
  #open(segment: number): void {
    this.#segment = segment === this.#segment ? segment + 1 : segment;
    this.#parts = 0;
    this.#isOpen = true;
  }
}
