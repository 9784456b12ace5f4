// Puts finished segments into R2 and reports them in order, per rendition. Owns the retry.
import type { Segment } from '../../src/domain/hls/segments.ts';
import { putMedia } from '../../src/storage/media.ts';

/** Waits between attempts: about six seconds in all, after which the segment becomes a gap. */
const RETRY_DELAYS_MS = [100, 300, 800, 1600, 3200];

export interface Keepsake {
  segment: Segment;
  key: string;
  /** Null for a gap. */
  body: Uint8Array | null;
}

export class SegmentKeeper {
  private readonly bucket: R2Bucket;
  private readonly onSettled: (segment: Segment, isStored: boolean) => void;
  /** The newest segment of each rendition: rows are written in order, so that a reload finds no hole in the middle. */
  private readonly tails = new Map<string, Promise<void>>();

  constructor(bucket: R2Bucket, onSettled: (segment: Segment, isStored: boolean) => void) {
    this.bucket = bucket;
    this.onSettled = onSettled;
  }

  /** Resolves when the segment and all before it in its rendition are settled. */
  keep({ segment, key, body }: Keepsake): Promise<void> {
    const put = body ? this.put(key, body) : Promise.resolve(false);
    const tail = (this.tails.get(segment.rendition) ?? Promise.resolve())
      .then(() => put)
      .then((isStored) => this.onSettled(segment, isStored));
    this.tails.set(segment.rendition, tail);
    return tail;
  }

  private async put(key: string, body: Uint8Array): Promise<boolean> {
    for (const delayMs of [...RETRY_DELAYS_MS, null]) {
      try {
        await putMedia(this.bucket, key, body, 'video/mp4');
        return true;
      } catch (error) {
        if (delayMs === null) {
          console.error(
            `Segment ${key} could not be stored after ${RETRY_DELAYS_MS.length + 1} attempts: it becomes a gap.`,
            error,
          );
          return false;
        }
        await new Promise((resolve) => setTimeout(resolve, delayMs));
      }
    }
    return false;
  }
}
