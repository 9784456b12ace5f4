// The bytes of a stream: hot in memory, on their way to the store, and where they are afterwards.
import { posterKey, segmentKey } from '../../src/domain/hls/object-keys.ts';
import type { Generation, Segment } from '../../src/domain/hls/segments.ts';
import type { Timeline } from '../../src/domain/hls/timeline.ts';
import type { StreamId } from '../../src/protocol/ids.ts';
import type { ChunkFrame, InitFrame } from '../../src/protocol/ingest.ts';
import type { MediaAnswer } from '../../src/protocol/origin.ts';
import { putMedia } from '../../src/storage/media.ts';
import { HotBytes } from './hot-bytes.ts';
import { SegmentKeeper } from './segment-keeper.ts';
import type { Shelf } from './shelf.ts';

/** Bytes that wait for a store that does not take them; beyond, new segments become gaps. */
const MAX_UNSTORED_BYTES = 64 * 1024 * 1024;
const POSTER_STORED_EVERY_MS = 5000;
/** Init segments at hand; beyond, all are forgotten and read from the shelf again. */
const MAX_INITS = 64;

interface Surroundings {
  ctx: DurableObjectState;
  bucket: R2Bucket;
  shelf: Shelf;
  /** The segment is in the store, or (`isStored` false) will never be. */
  onSettled(segment: Segment, isStored: boolean): void;
}

export class Recorder {
  private readonly around: Surroundings;
  private readonly streamId: StreamId;
  private readonly keeper: SegmentKeeper;
  private readonly bytes = new HotBytes();
  private readonly inits = new Map<string, Uint8Array>();
  /** Segments that are taken but not settled: their place, and the key of their bytes. */
  private readonly unsettled = new Map<string, string>();
  private reservedMsn = 0;
  private posterImage: { bytes: Uint8Array; storedMs: number } | null = null;

  constructor(streamId: StreamId, around: Surroundings) {
    this.streamId = streamId;
    this.around = around;
    this.keeper = new SegmentKeeper(around.bucket, (segment, isStored) => this.settle(segment, isStored));
  }

  /** The place of a segment that was taken and is not settled; null when nothing is left to wait for. */
  unsettledPlace(frame: { rendition: string; msn: number }): string | null {
    const place = placeOf(frame);
    return this.unsettled.has(place) ? place : null;
  }

  takeChunk(frame: ChunkFrame, payload: Uint8Array): void {
    const key = this.keyOf(frame);
    this.unsettled.set(placeOf(frame), key);
    this.bytes.add(key, payload);
  }

  takeSegment(segment: Segment): void {
    const key = this.keyOf(segment);
    this.unsettled.set(placeOf(segment), key);
    const isTaken = !segment.isGap && this.bytes.unstoredBytes <= MAX_UNSTORED_BYTES;
    const body = isTaken ? this.bytes.read(key, 0, segment.byteLength) : null;
    this.around.ctx.waitUntil(this.keeper.keep({ segment, key, body }));
  }

  /** Chunks of segments that were given up before their first part: no row will ever tell of them. */
  forgetAbandoned(timeline: Timeline): string[] {
    const abandoned = [...this.unsettled].filter(([place]) => {
      const [rendition = '', msn] = place.split('/');
      const track = timeline.track(rendition);
      return track && track.open?.msn !== Number(msn) && Number(msn) > (track.lastMsn ?? -1);
    });
    for (const [place, key] of abandoned) {
      this.unsettled.delete(place);
      this.bytes.drop(key);
    }
    return abandoned.map(([place]) => place);
  }

  read(segment: Segment, offset: number, length: number): MediaAnswer {
    const key = this.keyOf(segment);
    const body = this.bytes.read(key, offset, length);
    return body ? { ok: true, at: 'memory', body } : { ok: true, at: 'store', key, offset, length };
  }

  /** Numbers that readers may have seen are never given out again, even if all that they named is lost. */
  reserve(nextMsn: number): void {
    if (nextMsn <= this.reservedMsn) return;
    this.reservedMsn = nextMsn;
    this.around.shelf.write('nextMsn', nextMsn);
  }

  takeGeneration(generation: Generation): void {
    this.around.shelf.saveGeneration(generation);
  }

  takeInit({ generation, rendition }: InitFrame, payload: Uint8Array): void {
    this.around.shelf.saveInit(generation, rendition, payload);
    this.keepInit(`${generation}/${rendition}`, payload.slice());
  }

  init(rendition: string, generation: number): MediaAnswer {
    const place = `${generation}/${rendition}`;
    const body = this.inits.get(place) ?? this.around.shelf.init(generation, rendition);
    if (!body) return absent(`There is no init segment of ${rendition} in generation ${generation}.`);
    this.keepInit(place, body);
    return { ok: true, at: 'memory', body };
  }

  takePoster(payload: Uint8Array, nowMs: number): void {
    const storedMs = this.posterImage?.storedMs ?? 0;
    const isDue = nowMs - storedMs >= POSTER_STORED_EVERY_MS;
    const bytes = payload.slice();
    this.posterImage = { bytes, storedMs: isDue ? nowMs : storedMs };
    if (!isDue) return;
    this.around.shelf.write('posterBytes', bytes.byteLength);
    const put = putMedia(this.around.bucket, posterKey(this.streamId), bytes, 'image/jpeg');
    // The next picture comes in seconds and makes up for one that was not stored.
    this.around.ctx.waitUntil(put.catch((error) => console.warn('A poster could not be stored.', error)));
  }

  poster(): MediaAnswer {
    if (this.posterImage) return { ok: true, at: 'memory', body: this.posterImage.bytes };
    const length = this.around.shelf.read('posterBytes');
    if (!length) return absent('The stream has no picture yet. It comes seconds after the stream is live.');
    return { ok: true, at: 'store', key: posterKey(this.streamId), offset: 0, length };
  }

  private keepInit(place: string, body: Uint8Array): void {
    if (this.inits.size >= MAX_INITS) this.inits.clear();
    this.inits.set(place, body);
  }

  private settle(segment: Segment, isStored: boolean): void {
    const key = this.keyOf(segment);
    if (isStored) this.bytes.release(key);
    else {
      this.bytes.drop(key);
      segment.isGap = true;
    }
    this.around.shelf.saveSegment(segment);
    this.unsettled.delete(placeOf(segment));
    this.around.onSettled(segment, isStored);
  }

  private keyOf({ rendition, generation, msn }: { rendition: string; generation: number; msn: number }): string {
    return segmentKey(this.streamId, rendition, generation, msn);
  }
}

/** Numbers are never used twice, so a rendition and a number name one segment. */
export const placeOf = ({ rendition, msn }: { rendition: string; msn: number }): string => `${rendition}/${msn}`;

const absent = (detail: string): MediaAnswer => ({ ok: false, code: 'not_found', detail });
