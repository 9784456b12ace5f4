// Everything published arrives exactly once, whatever is cut; what cannot be kept becomes a gap.
import { describe, expect, it } from 'vitest';
import { RenditionName } from '../../../src/protocol/ids.ts';
import type { PublishFrame, WelcomeFrame } from '../../../src/protocol/ingest.ts';
import type { PublishItem } from '../../../transcoder/publisher/items.ts';
import { PublishRing } from '../../../transcoder/publisher/ring.ts';
import { randomFrom } from '../../support/random.ts';

const LIMITS = { maxBytes: 1e9, maxSeconds: 1e9 };
const TOP = RenditionName.parse('720p');
const LOW = RenditionName.parse('360p');

const welcome = (acknowledgedSeq = 0, more: Partial<WelcomeFrame> = {}): WelcomeFrame => ({
  ...{ type: 'welcome', nextGeneration: 4, nextMsn: 70, lastProgramDateTimeMs: null, acknowledgedSeq },
  ...more,
});
const chunk = (rendition: RenditionName, msn: number, part: number): PublishItem => ({
  ...{
    type: 'chunk',
    generation: 0,
    rendition,
    msn,
    part,
    chunk: 0,
    endsPart: true,
    durationSeconds: 1,
    independent: true,
  },
  ...(part === 0 ? { programDateTimeMs: 1_000_000 + msn * 2000 } : {}),
});
const segment = (rendition: RenditionName, msn: number): PublishItem => ({
  ...{ type: 'segment', generation: 0, rendition, msn, parts: 2 },
});
const drain = (ring: PublishRing): PublishFrame[] => {
  const frames: PublishFrame[] = [];
  for (let next = ring.next(); next; next = ring.next()) frames.push(next.header);
  return frames;
};
/** Segments of two parts in two renditions. */
const fill = (ring: PublishRing, msns: readonly number[], { atMs = 0, bytes = 1000 } = {}): void => {
  for (const msn of msns) {
    for (const part of [0, 1])
      for (const name of [TOP, LOW]) ring.push(chunk(name, msn, part), new Uint8Array(bytes), atMs);
    for (const name of [TOP, LOW]) ring.push(segment(name, msn), null, atMs);
  }
};

describe('the ring of unacknowledged frames', () => {
  it('sends nothing before the welcome, and then takes its place from it', () => {
    const ring = new PublishRing(LIMITS);
    ring.push({ type: 'begin', generation: 0, firstMsn: 0, renditions: [] }, null, 0);
    ring.push(chunk(TOP, 1, 0), new Uint8Array(5), 0);
    expect(ring.next()).toBeNull();
    ring.welcome(welcome());
    expect(drain(ring)).toMatchObject([
      { type: 'begin', seq: 1, generation: 4, firstMsn: 70 },
      { type: 'chunk', seq: 2, generation: 4, msn: 71 },
    ]);
  });

  it('sends again what was not acknowledged, with the same numbers, after a cut and after the origin lost its memory', () => {
    const ring = new PublishRing(LIMITS);
    ring.welcome(welcome());
    fill(ring, [0]);
    const first = drain(ring);
    ring.ack(2);
    ring.disconnected();
    expect(ring.next()).toBeNull();
    ring.welcome(welcome(2, { nextMsn: 99, nextGeneration: 9 }));
    expect(drain(ring)).toEqual(first.slice(2));
    ring.welcome(welcome(2));
    expect(drain(ring)).toEqual(first.slice(2));
    ring.ack(6);
    expect(ring.isEmpty).toBe(true);
    expect(ring.bytes).toBe(0);
  });

  it('counts a refused frame as done', () => {
    const ring = new PublishRing(LIMITS);
    ring.welcome(welcome());
    fill(ring, [0]);
    drain(ring);
    ring.refused(3);
    ring.welcome(welcome());
    expect(drain(ring).map((frame) => ('seq' in frame ? frame.seq : 0))).toEqual([1, 2, 4, 5, 6]);
  });

  it('stays after the capture clock of the node before', () => {
    const ring = new PublishRing(LIMITS);
    fill(ring, [0, 1]);
    ring.welcome(welcome(0, { lastProgramDateTimeMs: 1_000_400 }));
    const stamps = drain(ring).flatMap((frame) => (frame.type === 'chunk' ? (frame.programDateTimeMs ?? []) : []));
    expect(stamps).toEqual([1_000_400, 1_000_400, 1_002_400, 1_002_400]);
  });

  it('gives up the oldest whole segments at its bound in bytes, and says gap for them', () => {
    const ring = new PublishRing({ maxBytes: 10_000, maxSeconds: 1e9 });
    fill(ring, [0, 1, 2, 3]);
    expect(ring.bytes).toBeLessThanOrEqual(10_000);
    expect(ring.droppedSegments).toBe(4);
    ring.welcome(welcome());
    const frames = drain(ring);
    expect(frames.slice(0, 4)).toMatchObject([
      { type: 'gap', rendition: '720p', msn: 70, durationSeconds: 2, programDateTimeMs: 1_000_000, seq: 1 },
      { type: 'gap', rendition: '360p', msn: 70, seq: 2 },
      { type: 'gap', rendition: '720p', msn: 71, seq: 3 },
      { type: 'gap', rendition: '360p', msn: 71, seq: 4 },
    ]);
    expect(frames.slice(4).every(({ type }) => type !== 'gap')).toBe(true);
  });

  it('gives up what is too old, but never a number that was sent already', () => {
    const ring = new PublishRing({ maxBytes: 1e9, maxSeconds: 30 });
    ring.welcome(welcome());
    fill(ring, [0], { atMs: 0 });
    const sent = drain(ring).length;
    ring.disconnected();
    fill(ring, [1, 2], { atMs: 31_000 });
    ring.welcome(welcome());
    const frames = drain(ring);
    expect(frames.slice(0, sent).every(({ type }) => type === 'gap')).toBe(true);
    expect(frames.map((frame) => ('seq' in frame ? frame.seq : 0))).toEqual(frames.map((_, index) => index + 1));
  });

  it.each(Array.from({ length: 20 }, (_, index) => 7919 * (index + 1)))(
    'delivers every frame exactly once through any cuts (seed %i)',
    (seed) => {
      const random = randomFrom(seed);
      const ring = new PublishRing(LIMITS);
      const pushed: PublishItem[] = [];
      const stored: PublishFrame[] = [];
      let isConnected = false;
      let onTheWay: PublishFrame[] = [];
      let acks: number[] = [];
      for (let step = 0; step < 3000 || !ring.isEmpty; step += 1) {
        expect(step).toBeLessThan(10_000);
        const dice = random();
        if (step < 2000 && dice < 0.3) {
          const item = chunk(TOP, pushed.length, 0);
          pushed.push(item);
          ring.push(item, new Uint8Array(10), step);
        } else if (dice > 0.99) {
          isConnected = false;
          onTheWay = [];
          acks = [];
          ring.disconnected();
        } else if (!isConnected || dice > 0.98) {
          // A welcome in the middle of a connection: the origin's memory was lost, the socket was not.
          isConnected = true;
          ring.welcome(welcome(stored.length));
        } else if (dice < 0.6) {
          const next = ring.next();
          if (next) onTheWay.push(next.header);
        } else if (dice < 0.85) {
          const frame = onTheWay.shift();
          if (frame && 'seq' in frame) {
            if (frame.seq === stored.length + 1) stored.push(frame);
            expect(frame.seq).toBeLessThanOrEqual(stored.length);
            acks.push(stored.length);
          }
        } else {
          const seq = acks.shift();
          if (seq !== undefined) ring.ack(seq);
        }
      }
      expect(stored.map((frame) => (frame.type === 'chunk' ? frame.msn - 70 : -1))).toEqual(
        pushed.map((_, index) => index),
      );
      expect(ring.bytes).toBe(0);
    },
  );
});
