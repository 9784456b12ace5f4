// One encoder run as a generation: order, numbers, and a clean end however it ends.
import { describe, expect, it } from 'vitest';
import { RenditionName } from '../../../src/protocol/ids.ts';
import type { RenditionInfo } from '../../../src/protocol/ingest.ts';
import { Generation } from '../../../transcoder/session/generation.ts';

const TOP = RenditionName.parse('720p');
const LOW = RenditionName.parse('360p');
const info = (name: RenditionName): RenditionInfo => ({
  ...{
    name,
    kind: 'video',
    codecs: 'avc1.64001F',
    width: 2,
    height: 2,
    frameRate: 30,
    bandwidth: 1,
    averageBandwidth: 1,
  },
  isSource: false,
});
const init = (name: RenditionName) => ({
  type: 'init' as const,
  rendition: name,
  info: info(name),
  payload: new Uint8Array(1),
});
const chunk = (name: RenditionName, segment: number, part: number, more = {}) => ({
  ...{ type: 'chunk' as const, rendition: name, segment, part, chunk: 0, endsPart: true, independent: part === 0 },
  ...{ startSeconds: 10 + segment * 2 + part * 0.5, durationSeconds: 0.5, payload: new Uint8Array(2), ...more },
});
const start = () =>
  new Generation({ generation: 3, firstMsn: 20, renditions: [TOP, LOW], wallTimeMs: (mediaMs) => 1_000_000 + mediaMs });

describe('a generation', () => {
  it('says nothing before every rendition has its init; then begin, inits and what was held, in order', () => {
    const generation = start();
    expect(generation.take(init(LOW))).toEqual([]);
    expect(generation.take(chunk(LOW, 0, 0))).toEqual([]);
    expect(generation.take(init(TOP)).map(({ item }) => item)).toMatchObject([
      { type: 'begin', generation: 3, firstMsn: 20, renditions: [{ name: '720p' }, { name: '360p' }] },
      { type: 'init', rendition: '720p' },
      { type: 'init', rendition: '360p' },
      { type: 'chunk', rendition: '360p', msn: 20, part: 0, programDateTimeMs: 1_010_000 },
    ]);
  });

  it('leaves out a rendition that never speaks', () => {
    const generation = start();
    generation.take(init(LOW));
    let said = generation.take(chunk(LOW, 0, 0));
    for (let part = 1; said.length === 0; part += 1) {
      expect(part).toBeLessThan(10);
      said = generation.take(chunk(LOW, 0, part));
    }
    expect(said[0]?.item).toMatchObject({ type: 'begin', renditions: [{ name: '360p' }] });
    expect(generation.take(init(TOP))).toEqual([]);
    expect(generation.take(chunk(TOP, 0, 0))).toEqual([]);
  });

  it('ends at the same number in every rendition: with the parts there are, or a gap', () => {
    const generation = start();
    for (const name of [TOP, LOW]) generation.take(init(name));
    for (const part of [0, 1]) for (const name of [TOP, LOW]) generation.take(chunk(name, 0, part));
    generation.take({ type: 'segment', rendition: TOP, segment: 0, parts: 2 });
    generation.take(chunk(TOP, 1, 0));
    expect(generation.close().map(({ item }) => item)).toEqual([
      { type: 'segment', generation: 3, rendition: '720p', msn: 21, parts: 1 },
      { type: 'segment', generation: 3, rendition: '360p', msn: 20, parts: 2 },
      { type: 'gap', generation: 3, rendition: '360p', msn: 21, durationSeconds: 0.5, programDateTimeMs: 1_012_000 },
    ]);
    expect(generation.nextMsn).toBe(22);
    expect([generation.endSeconds, generation.commonEndSeconds]).toEqual([12.5, 11]);
  });

  it('leaves no trace when it never began', () => {
    const generation = start();
    generation.take(init(TOP));
    expect(generation.close()).toEqual([]);
    expect([generation.hasBegun, generation.nextMsn]).toEqual([false, 20]);
  });
});
