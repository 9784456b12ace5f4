// What a playlist lists: parts, segments and generations, as facts without their bytes.
import type { RenditionName } from '../../protocol/ids.ts';
import type { RenditionInfo } from '../../protocol/ingest.ts';

export interface Part {
  durationSeconds: number;
  independent: boolean;
  /** Where its bytes lie in the segment. */
  offset: number;
  byteLength: number;
}

export interface Segment {
  rendition: RenditionName;
  generation: number;
  msn: number;
  durationSeconds: number;
  /** Capture time of the first sample, Unix ms. */
  programDateTimeMs: number;
  byteLength: number;
  parts: Part[];
  /** False when a part overran PART-TARGET: the segment is then offered whole, without parts (LL-HLS row 9). */
  offersParts: boolean;
  /** Its media could not be delivered (EXT-X-GAP). */
  isGap: boolean;
  /** How many discontinuities lie before its media, its own included; the same in every rendition (row 8). */
  discontinuity: number;
  /** EXT-X-DISCONTINUITY stands before it. */
  startsDiscontinuity: boolean;
}

/** One run of one encoder: its renditions start together at `firstMsn`. */
export interface Generation {
  generation: number;
  firstMsn: number;
  discontinuity: number;
  renditions: RenditionInfo[];
}

export const endMsOf = ({ programDateTimeMs, durationSeconds }: Segment): number =>
  programDateTimeMs + durationSeconds * 1000;

/** Sums of thirds drift; whole microseconds do not, so a window or a boundary is never missed by a rounding error. */
export const toMicroseconds = (seconds: number): number => Math.round(seconds * 1e6) / 1e6;

export const totalSeconds = (items: readonly { durationSeconds: number }[]): number =>
  toMicroseconds(items.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0));
