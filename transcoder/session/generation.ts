// One encoder run as one generation of the stream: holds back until every rendition has its init, numbers, and closes cleanly.
import type { RenditionName } from '../../src/protocol/ids.ts';
import type { RenditionInfo } from '../../src/protocol/ingest.ts';
import type { EncoderEvent } from '../encoder/events.ts';
import type { PublishItem } from '../publisher/items.ts';

export interface Publication {
  item: PublishItem;
  payload: Uint8Array | null;
}

export interface GenerationOptions {
  /** Both count from 0 within the session. */
  generation: number;
  firstMsn: number;
  renditions: readonly RenditionName[];
  /** Capture time of a moment on the media timeline. */
  wallTimeMs: (mediaMs: number) => number;
}

type MediaEvent = Extract<EncoderEvent, { type: 'chunk' | 'segment' }>;

/** A rendition that says nothing while the others make this much media is left out. */
const MAX_HELD_SECONDS = 2;

interface Progress {
  segment: number;
  partsDone: number;
  isSegmentClosed: boolean;
  endSeconds: number;
}

export class Generation {
  readonly #options: GenerationOptions;
  readonly #inits = new Map<RenditionName, { info: RenditionInfo; payload: Uint8Array }>();
  readonly #progress = new Map<RenditionName, Progress>();
  /** Start and length of every segment that is not closed in all renditions. */
  readonly #segments = new Map<number, { startSeconds: number; durationSeconds: number }>();
  #held: MediaEvent[] = [];
  #hasBegun = false;

  constructor(options: GenerationOptions) {
    this.#options = options;
  }

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  get renditions(): RenditionName[] {
    return [...this.#inits.keys()];
  }

  /** End of the newest finished part on the media timeline; null before the first. */
  get endSeconds(): number | null {
    return this.#progress.size === 0
      ? null
      : Math.max(...[...this.#progress.values()].map(({ endSeconds }) => endSeconds));
  }

  /** Up to where every rendition has parts. */
  get commonEndSeconds(): number | null {
    if (!this.#hasBegun || this.#progress.size < this.#inits.size) return null;
    return Math.min(...[...this.#progress.values()].map(({ endSeconds }) => endSeconds));
  }

  /** The number after the newest segment. */
  get nextMsn(): number {
    const newest = Math.max(-1, ...[...this.#progress.values()].map(({ segment }) => segment));
    return this.#options.firstMsn + newest + 1;
  }

  take(event: Extract<EncoderEvent, { type: 'init' | 'chunk' | 'segment' }>): Publication[] {
    if (event.type === 'init') {
      if (this.#hasBegun || this.#inits.has(event.rendition)) return [];
      this.#inits.set(event.rendition, { info: event.info, payload: event.payload });
      return this.#inits.size === this.#options.renditions.length ? this.#begin() : [];
    }
    if (this.#hasBegun) return this.#number(event);
    this.#held.push(event);
    return this.#inits.size > 0 && this.#heldSeconds() > MAX_HELD_SECONDS ? this.#begin() : [];
  }

  /** The run is over: open segments are closed with the parts they have, and those that never came are gaps. */
  close(): Publication[] {
    if (!this.#hasBegun) return [];
    const newest = Math.max(-1, ...[...this.#progress.values()].map(({ segment }) => segment));
    const closing: Publication[] = [];
    for (const rendition of this.#inits.keys()) {
      const progress = this.#progress.get(rendition);
      let from = 0;
      if (progress) {
        from = progress.segment + 1;
        if (!progress.isSegmentClosed) {
          if (progress.partsDone > 0) closing.push(this.#segmentItem(rendition, progress.segment, progress.partsDone));
          else from = progress.segment;
        }
      }
      for (let segment = from; segment <= newest; segment += 1) closing.push(this.#gapItem(rendition, segment));
    }
    return closing;
  }

  #heldSeconds(): number {
    const chunks = this.#held.filter((event) => event.type === 'chunk');
    const last = chunks.at(-1);
    return last ? last.startSeconds - (chunks[0]?.startSeconds ?? last.startSeconds) : 0;
  }

  #begin(): Publication[] {
    this.#hasBegun = true;
    const { generation, firstMsn } = this.#options;
    // In the order of the plan, best first, whatever the order in which the pipes spoke.
    const names = this.#options.renditions.filter((name) => this.#inits.has(name));
    const inits = names.map((name) => this.#inits.get(name)).filter((init) => init !== undefined);
    const opening: Publication[] = [
      { item: { type: 'begin', generation, firstMsn, renditions: inits.map(({ info }) => info) }, payload: null },
      ...inits.map(({ info, payload }) => ({
        item: { type: 'init', generation, rendition: info.name } as const,
        payload,
      })),
    ];
    const held = this.#held;
    this.#held = [];
    return opening.concat(held.flatMap((event) => this.#number(event)));
  }

  #number(event: MediaEvent): Publication[] {
    const { rendition } = event;
    if (!this.#inits.has(rendition)) return [];
    if (event.type === 'segment') {
      const progress = this.#progress.get(rendition);
      if (progress?.segment === event.segment) progress.isSegmentClosed = true;
      this.#forgetSegments();
      return [this.#segmentItem(rendition, event.segment, event.parts)];
    }
    const { generation, firstMsn, wallTimeMs } = this.#options;
    const { segment, part, chunk, endsPart, independent, durationSeconds, startSeconds, payload } = event;
    this.#advance(event);
    const item: PublishItem = {
      ...{ type: 'chunk', generation, rendition, msn: firstMsn + segment, part, chunk },
      ...{ endsPart, independent, durationSeconds },
      ...(part === 0 && chunk === 0 ? { programDateTimeMs: wallTimeMs(startSeconds * 1000) } : {}),
    };
    return [{ item, payload }];
  }

  #advance({
    rendition,
    segment,
    part,
    endsPart,
    startSeconds,
    durationSeconds,
  }: Extract<MediaEvent, { type: 'chunk' }>): void {
    const before = this.#progress.get(rendition);
    const isSame = before?.segment === segment;
    const endSeconds = startSeconds + durationSeconds;
    this.#progress.set(rendition, {
      segment,
      partsDone: endsPart ? part + 1 : isSame ? before.partsDone : 0,
      isSegmentClosed: false,
      endSeconds: endsPart ? endSeconds : (before?.endSeconds ?? startSeconds),
    });
    const known = this.#segments.get(segment) ?? { startSeconds, durationSeconds: 0 };
    known.durationSeconds = Math.max(known.durationSeconds, endSeconds - known.startSeconds);
    this.#segments.set(segment, known);
  }

  #forgetSegments(): void {
    const oldest = Math.min(...[...this.#progress.values()].map(({ segment }) => segment));
    if (this.#progress.size < this.#inits.size) return;
    for (const segment of this.#segments.keys()) if (segment < oldest) this.#segments.delete(segment);
  }

  #segmentItem(rendition: RenditionName, segment: number, parts: number): Publication {
    const { generation, firstMsn } = this.#options;
    return { item: { type: 'segment', generation, rendition, msn: firstMsn + segment, parts }, payload: null };
  }

  #gapItem(rendition: RenditionName, segment: number): Publication {
    const { generation, firstMsn, wallTimeMs } = this.#options;
    const { startSeconds, durationSeconds } = this.#segments.get(segment) ?? { startSeconds: 0, durationSeconds: 1 };
    const programDateTimeMs = wallTimeMs(startSeconds * 1000);
    const item = {
      type: 'gap',
      generation,
      rendition,
      msn: firstMsn + segment,
      durationSeconds,
      programDateTimeMs,
    } as const;
    return { item, payload: null };
  }
}
