// Long random broadcasts from a printed seed: what players rely on holds after every single frame.
import { describe, expect, test } from 'vitest';
import { placeOfPart } from '../../../src/domain/hls/media-place.ts';
import { writeMediaPlaylist } from '../../../src/domain/hls/media-playlist.ts';
import type { Generation, Segment } from '../../../src/domain/hls/segments.ts';
import { mediaSnapshot } from '../../../src/domain/hls/snapshot.ts';
import { Timeline } from '../../../src/domain/hls/timeline.ts';
import { LATENCY_SHAPES, LatencyProfile } from '../../../src/protocol/latency.ts';
import { audioInfo, Broadcast, type SentFrame, videoInfo } from '../../support/broadcast.ts';
import { mergeDelta, type ReadPlaylist, readPlaylist, writePlaylist } from '../../support/playlist-parser.ts';

const ALL = [videoInfo('720p', 720), videoInfo('480p', 480), audioInfo()];

/** mulberry32: small, seeded, good enough to wander about. */
function randomFrom(seed: number) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** An origin without a network: keeps rows and bytes as the real one does, loses its memory when told. */
class Rehearsal {
  readonly windowSeconds: number;
  readonly shape;
  timeline: Timeline;
  readonly bytes = new Map<string, number>();
  private readonly generations: Generation[] = [];
  private rows: Segment[] = [];
  private unstored: Segment[] = [];
  private unacknowledged: SentFrame[] = [];

  constructor(latency: LatencyProfile, windowSeconds: number) {
    this.shape = LATENCY_SHAPES[latency];
    this.windowSeconds = windowSeconds;
    this.timeline = new Timeline(this.shape, windowSeconds);
  }

  send(sent: SentFrame): void {
    this.unacknowledged.push(sent);
    this.take(sent);
  }

  /** What is complete goes to the store; frames of it need not be sent again. */
  store(): void {
    this.rows.push(...this.unstored.map((segment) => structuredClone(segment)));
    this.unstored = [];
    const isStored = ({ frame }: SentFrame) =>
      frame.type === 'begin' ||
      ('msn' in frame && this.rows.some((row) => row.rendition === frame.rendition && row.msn === frame.msn));
    // Acknowledgements are cumulative: what follows a frame that is not stored is sent again as well.
    const kept = this.unacknowledged.findIndex((sent) => !isStored(sent));
    this.unacknowledged = kept < 0 ? [] : this.unacknowledged.slice(kept);
  }

  evict(): void {
    const { nextMsn } = this.timeline;
    const segments = [...this.rows].sort((a, b) => a.rendition.localeCompare(b.rendition) || a.msn - b.msn);
    this.unstored = [];
    this.timeline = new Timeline(
      this.shape,
      this.windowSeconds,
      structuredClone({ generations: this.generations, segments, nextMsn }),
    );
    for (const sent of this.unacknowledged) this.take(sent);
  }

  private take({ frame, payload }: SentFrame): void {
    if (frame.type !== 'begin' && frame.type !== 'chunk' && frame.type !== 'segment' && frame.type !== 'gap') return;
    for (const output of this.timeline.receive(frame, payload.byteLength)) {
      if (output.type === 'refused') throw new Error(`${output.detail} ${JSON.stringify(frame)}`);
      if (output.type === 'generation') this.generations.push(output.generation);
      if (output.type === 'segment') this.unstored.push(output.segment);
      if (output.type === 'chunk_taken') {
        const { generation, rendition, msn, part, chunk } = output.frame;
        this.bytes.set(`${rendition}/g${generation}/${msn}.${part}.${chunk}`, payload.byteLength);
      }
    }
  }
}

/** The first run makes everything, for long enough that each rendition is shown: whatever comes later, nothing was left untried. */
const FIRST_RUN_STEPS = 120;

/** An encoder that stumbles: parts of renditions interleave, segments are short, lost, or never finished, runs restart. */
class Stumbling {
  private readonly random: () => number;
  private readonly rehearsal: Rehearsal;
  private readonly broadcast: Broadcast;
  private places = new Map<string, { msn: number; part: number; parts: number }>();
  private steps = 0;

  constructor(rehearsal: Rehearsal, latency: LatencyProfile, random: () => number) {
    this.rehearsal = rehearsal;
    this.random = random;
    this.broadcast = new Broadcast({ latency, infos: ALL });
    this.restart();
  }

  step(): void {
    const dice = this.random();
    this.steps += 1;
    if (dice < 0.004 && this.steps > FIRST_RUN_STEPS) this.restart();
    else if (dice < 0.012) this.rehearsal.evict();
    else if (dice < 0.06) this.rehearsal.store();
    else this.advance();
  }

  private restart(): void {
    const { timeline } = this.rehearsal;
    const infos = this.steps === 0 || this.random() < 0.6 ? ALL : ALL.filter(() => this.random() < 0.6);
    Object.assign(this.broadcast, {
      infos: infos.length > 0 ? infos : ALL.slice(2),
      generation: timeline.nextGeneration,
      firstMsn: timeline.nextMsn,
    });
    this.places = new Map(this.broadcast.infos.map(({ name }) => [name, this.fresh(this.broadcast.firstMsn)]));
    for (const sent of this.broadcast.opening()) this.rehearsal.send(sent);
  }

  private advance(): void {
    const slowest = Math.min(...Array.from(this.places.values(), ({ msn }) => msn));
    const able = [...this.places].filter(([, { msn }]) => msn - slowest <= 1);
    const [name, place] = able[Math.floor(this.random() * able.length)]!;
    if (place.part === 0 && this.random() < 0.02) {
      const seconds = this.broadcast.partsPerSegment * this.broadcast.partSeconds;
      const { seq: _, ...like } = this.broadcast.segmentEnd(name, place.msn).frame as Extract<
        SentFrame['frame'],
        { type: 'segment' }
      >;
      const programDateTimeMs = this.broadcast.startMs + place.msn * seconds * 1000;
      const frame = {
        ...like,
        type: 'gap',
        seq: this.broadcast.next(),
        durationSeconds: seconds,
        programDateTimeMs,
      } as const;
      this.rehearsal.send({ frame, payload: new Uint8Array(0) });
      this.places.set(name, this.fresh(place.msn + 1));
    } else if (place.part < place.parts) {
      this.rehearsal.send(this.broadcast.part(name, place.msn, place.part));
      place.part += 1;
    } else {
      this.rehearsal.send(this.broadcast.segmentEnd(name, place.msn, place.parts));
      this.places.set(name, this.fresh(place.msn + 1));
    }
  }

  private fresh(msn: number) {
    const { partsPerSegment } = this.broadcast;
    return {
      msn,
      part: 0,
      parts: this.random() < 0.05 ? 1 + Math.floor(this.random() * partsPerSegment) : partsPerSegment,
    };
  }
}

function playlistOf(timeline: Timeline, rendition: string, skip?: 'YES' | 'v2'): string | null {
  const track = timeline.track(rendition);
  if (!track || track.segments.length === 0 || !timeline.isMade(rendition)) return null;
  return writeMediaPlaylist(mediaSnapshot(timeline, track, false), skip);
}

/** Cheaper than `expect`, which would be called a million times. */
function must(holds: boolean, promise: string, ...facts: unknown[]): void {
  if (!holds) throw new Error(`${promise}: ${JSON.stringify(facts)}`);
}

function checkAlone({ timeline, bytes }: Rehearsal, rendition: string, playlist: ReadPlaylist): void {
  const { segments, open, hints, partTarget, targetDuration } = playlist;
  must(hints.filter(({ type }) => type === 'PART').length === 1, 'one part is hinted', hints);
  for (const { duration, uri, isGap } of segments) {
    must(Math.round(Number(duration)) <= targetDuration, 'no segment is over the target duration', uri, duration);
    must(isGap || bytes.has(`${rendition}/${uri.replace('.m4s', '.0.0')}`), 'every listed segment has bytes', uri);
  }
  for (const { uri, duration } of [...segments, ...(open ? [open] : [])].flatMap(({ parts }) => parts)) {
    must(duration <= partTarget, 'no part is over the part target', uri, duration);
    const [, generation, msn, part] = /^g(\d+)\/(\d+)\.(\d+)\.m4s$/.exec(uri)!.map(Number);
    const place = placeOfPart(timeline, { rendition, generation: generation!, msn: msn!, part: part! });
    const length = bytes.get(`${rendition}/${uri.replace('.m4s', '.0')}`);
    must(place.type === 'known' && place.part.byteLength === length, 'every listed part can be read', uri, place);
  }
}

/** Only appending, sliding and dropping old parts happens to a playlist (6.2.1). */
function checkSuccession(older: ReadPlaylist, newer: ReadPlaylist): void {
  const end = (playlist: ReadPlaylist) => playlist.mediaSequence + playlist.segments.length;
  must(newer.mediaSequence >= older.mediaSequence, 'the media sequence never falls', older.head, newer.head);
  must(
    newer.discontinuitySequence >= older.discontinuitySequence,
    'nor the discontinuity sequence',
    older.head,
    newer.head,
  );
  must(end(newer) >= end(older), 'nor the end', end(older), end(newer));
  for (const { parts, ...segment } of older.segments) {
    const same = newer.segments[segment.msn - newer.mediaSequence];
    if (!same) continue;
    const { parts: newerParts, ...rest } = same;
    must(JSON.stringify(rest) === JSON.stringify(segment), 'a listed segment never changes', segment, rest);
    must(newerParts.length === 0 || newerParts.length === parts.length, 'its parts stay or go together', segment);
  }
  const { open } = older;
  if (!open || open.msn < newer.mediaSequence) return;
  const same = newer.segments.find(({ msn }) => msn === open.msn) ?? newer.open;
  must(
    same?.msn === open.msn && same.programDateTime === open.programDateTime,
    'what grew goes on growing',
    open,
    same,
  );
  // After a long absence was filled with gaps, its parts may be too old to be listed.
  if (same !== newer.open && same?.parts.length === 0) return;
  const begun = same?.parts.slice(0, open.parts.length);
  must(JSON.stringify(begun) === JSON.stringify(open.parts), 'listed parts never change', open.parts, begun);
}

/** Equal numbers have equal discontinuities in all renditions (6.2.4). */
function checkTogether(playlists: ReadPlaylist[]): void {
  const discontinuities = new Map<number, number>();
  for (const { segments, discontinuitySequence } of playlists) {
    let number = discontinuitySequence;
    for (const { msn, discontinuity } of segments) {
      if (discontinuity) number += 1;
      must(
        (discontinuities.get(msn) ?? number) === number,
        'discontinuities have one place in all renditions',
        msn,
        number,
      );
      discontinuities.set(msn, number);
    }
  }
}

describe('Long random broadcasts', () => {
  const base = Number(process.env.SEED ?? Math.floor(Date.now() / 1000) % 1_000_000);
  for (let run = 0; run < 4; run += 1) {
    const seed = base + run;
    test(`nothing that players rely on breaks (SEED=${seed})`, { timeout: 30_000 }, () => {
      const random = randomFrom(seed);
      const latency = LatencyProfile.options[seed % LatencyProfile.options.length]!;
      const rehearsal = new Rehearsal(latency, [6, 20, 60][seed % 3]!);
      const encoder = new Stumbling(rehearsal, latency, random);
      const shown = new Map<string, ReadPlaylist>();
      for (let step = 0; step < 800; step += 1) {
        encoder.step();
        const now: ReadPlaylist[] = [];
        for (const { name } of ALL) {
          const text = playlistOf(rehearsal.timeline, name);
          if (text === null) continue;
          const playlist = readPlaylist(text);
          checkAlone(rehearsal, name, playlist);
          const older = shown.get(name);
          if (older) {
            checkSuccession(older, playlist);
            const delta = playlistOf(rehearsal.timeline, name, step % 2 ? 'YES' : 'v2')!;
            const isMergeable =
              older.mediaSequence + older.segments.length >=
              readPlaylist(delta).mediaSequence + readPlaylist(delta).skipped;
            if (isMergeable)
              must(
                writePlaylist(mergeDelta(older, readPlaylist(delta))) === text,
                'a merged delta is the whole',
                delta,
              );
          }
          shown.set(name, playlist);
          now.push(playlist);
        }
        checkTogether(now);
      }
      expect(shown.size).toBe(ALL.length);
    });
  }
});
