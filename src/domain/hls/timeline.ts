// The sliding lists of a stream: frames of the publisher in, what became of them out. Holds no bytes.
import type { ErrorCode } from '../../protocol/errors.ts';
import type { RenditionName } from '../../protocol/ids.ts';
import type { BeginFrame, ChunkFrame, GapFrame, RenditionInfo, SegmentFrame } from '../../protocol/ingest.ts';
import type { LatencyShape } from '../../protocol/latency.ts';
import type { Generation, Segment } from './segments.ts';
import { type SegmentStart, Track } from './track.ts';

export type PlacedFrame = ChunkFrame | SegmentFrame | GapFrame;

export type TimelineOutput =
  /** Keep the payload after those that its segment already has. */
  | { type: 'chunk_taken'; frame: ChunkFrame }
  /** A segment is complete and listed; a gap has no bytes. */
  | { type: 'segment'; segment: Segment }
  | { type: 'generation'; generation: Generation }
  /** Already known: nothing to do, and done. */
  | { type: 'known' }
  | { type: 'refused'; code: ErrorCode; detail: string };

/** What outlives the memory of the origin. Segments of a rendition in order of msn. */
export interface TimelineMemory {
  generations: Generation[];
  segments: Segment[];
  nextMsn: number;
}

export class Timeline {
  readonly shape: LatencyShape;
  readonly windowSeconds: number;
  /** Grows with every change that a playlist can show. */
  version = 0;
  private readonly generations: Generation[];
  private readonly tracks = new Map<RenditionName, Track>();
  private readonly reservedMsn: number;

  constructor(shape: LatencyShape, windowSeconds: number, memory?: TimelineMemory) {
    this.shape = shape;
    // "The server MUST NOT remove a Media Segment if the duration of the playlist would be less than three times the
    // Target Duration" (6.2.2).
    this.windowSeconds = Math.max(windowSeconds, 3 * shape.targetDurationSeconds);
    this.generations = [...(memory?.generations ?? [])];
    this.reservedMsn = memory?.nextMsn ?? 0;
    for (const { renditions } of this.generations) for (const { name } of renditions) this.trackFor(name);
    for (const segment of memory?.segments ?? []) this.trackFor(segment.rendition).append(segment, this.windowSeconds);
  }

  get current(): Generation | null {
    return this.generations.at(-1) ?? null;
  }

  get nextGeneration(): number {
    return (this.current?.generation ?? 0) + 1;
  }

  /** Where the next generation must start, so that no number is ever used twice. */
  get nextMsn(): number {
    return Math.max(this.reservedMsn, this.current?.firstMsn ?? 0, this.unusedMsn);
  }

  /** Memory was lost, and the segment that readers saw growing then has not come again. */
  get isBehind(): boolean {
    return this.unusedMsn < this.reservedMsn;
  }

  /** End of the newest media, Unix ms; null before the first. */
  get endMs(): number | null {
    const ends = Array.from(this.tracks.values(), (track) => track.endMs).filter((end) => end !== null);
    return ends.length === 0 ? null : Math.max(...ends);
  }

  /** Renditions that are made now, in the publisher's order. */
  get renditions(): RenditionInfo[] {
    return this.current?.renditions ?? [];
  }

  isMade(rendition: string): boolean {
    return this.renditions.some(({ name }) => name === rendition);
  }

  /** The track of a rendition that is made, or was once. */
  track(rendition: string): Track | undefined {
    return this.tracks.get(rendition as RenditionName);
  }

  /** `byteLength` is that of the payload. */
  receive(frame: BeginFrame | PlacedFrame, byteLength = 0): TimelineOutput[] {
    const outputs = frame.type === 'begin' ? this.begin(frame) : this.place(frame, byteLength);
    if (outputs.some(({ type }) => type !== 'known' && type !== 'refused')) this.version += 1;
    return outputs;
  }

  /** No more media will come: what is half made is closed with what it has. */
  close(): TimelineOutput[] {
    this.version += 1;
    return Array.from(this.tracks.values()).flatMap((track) => listed(track.closeOpen(this.windowSeconds)));
  }

  /** The bytes of a listed segment were lost for good. */
  markGap(rendition: RenditionName, msn: number): Segment | undefined {
    this.version += 1;
    return this.track(rendition)?.markGap(msn);
  }

  private get unusedMsn(): number {
    return Math.max(0, ...Array.from(this.tracks.values(), (track) => track.unusedMsn ?? 0));
  }

  private begin(frame: BeginFrame): TimelineOutput[] {
    const { generation, firstMsn, renditions } = frame;
    const known = this.generations.find((one) => one.generation === generation);
    if (known) {
      // Sent again after memory was lost: what came before it was sent again too, and is whole now.
      const outputs = this.finishBefore(known);
      return outputs.length > 0 ? outputs : [{ type: 'known' }];
    }
    if (generation < this.nextGeneration)
      return refused('conflict', `Generation ${generation} is over; the next one is ${this.nextGeneration}.`);
    if (firstMsn < this.nextMsn)
      return refused(
        'conflict',
        `Generation ${generation} cannot start at segment ${firstMsn}: ${this.nextMsn} is the next free one.`,
      );
    const last = this.current;
    // A generation without a single segment leaves no trace in the playlists.
    const isTraceless = last?.firstMsn === firstMsn;
    const discontinuity = last === null ? 0 : last.discontinuity + (isTraceless ? 0 : 1);
    const begun: Generation = { generation, firstMsn, discontinuity, renditions };
    const outputs = this.finishBefore(begun);
    this.generations.push(begun);
    return [...outputs, { type: 'generation', generation: begun }];
  }

  /** All renditions reach the same number before a discontinuity, so that it has one place in all of them (6.2.4). */
  private finishBefore({ firstMsn, renditions }: Generation): TimelineOutput[] {
    const closed = Array.from(this.tracks.values()).flatMap((track) =>
      track.open && track.open.msn < firstMsn ? listed(track.closeOpen(this.windowSeconds)) : [],
    );
    const filled = renditions.flatMap(({ name }) => {
      const track = this.trackFor(name);
      return (track.unusedMsn ?? firstMsn) < firstMsn ? this.fillUpTo(track, firstMsn) : [];
    });
    return [...closed, ...filled];
  }

  private place(frame: PlacedFrame, byteLength: number): TimelineOutput[] {
    const track = this.track(frame.rendition);
    if (track?.has(frame)) return [{ type: 'known' }];
    const home = this.homeOf(frame.msn);
    if (
      !track ||
      home?.generation !== frame.generation ||
      !home.renditions.some(({ name }) => name === frame.rendition)
    )
      return refused(
        'conflict',
        `Segment ${frame.msn} of ${frame.rendition} has no place in generation ${frame.generation}: begin a new generation first.`,
      );
    const outputs = track.open?.msn === frame.msn ? [] : this.fillUpTo(track, frame.msn);
    if (frame.type === 'chunk') {
      const start = this.start(frame.msn, frame.programDateTimeMs ?? track.endMs ?? this.endMs ?? 0);
      const objection = track.takeChunk(frame, byteLength, start, this.shape);
      return [...outputs, ...(objection ? refused('conflict', objection) : [{ type: 'chunk_taken', frame } as const])];
    }
    // A gap whose first parts came before the publisher was cut off: players have them, so they stay.
    const segment = track.closeOpen(this.windowSeconds);
    const stated = frame.type === 'gap' ? frame : undefined;
    return [...outputs, ...listed(segment ?? this.appendGap(track, frame.msn, stated))];
  }

  /** Closes what is open below `msn` and lists what never came as gaps: numbers have no holes. */
  private fillUpTo(track: Track, msn: number): TimelineOutput[] {
    const outputs = listed(track.closeOpen(this.windowSeconds));
    // A rendition that never was starts where it starts; one that was away longer than the window starts anew.
    const longestHole = Math.ceil(this.windowSeconds / this.segmentSeconds);
    const first = Math.max(track.unusedMsn ?? msn, msn - longestHole);
    for (let missing = first; missing < msn; missing += 1) outputs.push(...listed(this.appendGap(track, missing)));
    return outputs;
  }

  /** Its times are those that the publisher states, or of the same segment in another rendition, or the usual ones. */
  private appendGap(track: Track, msn: number, stated?: GapFrame): Segment {
    track.closeOpen(this.windowSeconds);
    const like = stated ?? this.sameSegmentElsewhere(track, msn);
    const longest = this.shape.targetDurationSeconds;
    const segment: Segment = {
      ...this.start(msn, like?.programDateTimeMs ?? track.endMs ?? this.endMs ?? 0),
      rendition: track.rendition,
      durationSeconds: Math.min(like?.durationSeconds ?? this.segmentSeconds, longest),
      byteLength: 0,
      parts: [],
      offersParts: false,
      isGap: true,
    };
    track.append(segment, this.windowSeconds);
    return segment;
  }

  private start(msn: number, programDateTimeMs: number): SegmentStart {
    const home = this.homeOf(msn);
    const discontinuity = home?.discontinuity ?? 0;
    const startsDiscontinuity = discontinuity > 0 && home?.firstMsn === msn;
    return { generation: home?.generation ?? 1, msn, programDateTimeMs, discontinuity, startsDiscontinuity };
  }

  /** The generation that a number belongs to. */
  private homeOf(msn: number): Generation | undefined {
    return this.generations.findLast(({ firstMsn }) => firstMsn <= msn);
  }

  private sameSegmentElsewhere(track: Track, msn: number): Segment | undefined {
    return Array.from(this.tracks.values(), (other) => (other === track ? undefined : other.segment(msn))).find(
      Boolean,
    );
  }

  private get segmentSeconds(): number {
    const { partTargetSeconds, partsPerGop, gopsPerSegment, targetDurationSeconds } = this.shape;
    return Math.min(partTargetSeconds * partsPerGop * gopsPerSegment, targetDurationSeconds);
  }

  private trackFor(rendition: RenditionName): Track {
    const track = this.tracks.get(rendition) ?? new Track(rendition);
    this.tracks.set(rendition, track);
    return track;
  }
}

const listed = (segment: Segment | null): TimelineOutput[] => (segment ? [{ type: 'segment', segment }] : []);
const refused = (code: ErrorCode, detail: string): TimelineOutput[] => [{ type: 'refused', code, detail }];
