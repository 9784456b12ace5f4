import { describe, expect, test } from 'vitest';
import { LATENCY_SHAPES } from '../../../src/protocol/latency.ts';
import { PartCutter, type TimedSample } from '../../../transcoder/packager/part-cutter.ts';
import { SegmentBoundaries, Segmenter } from '../../../transcoder/packager/segmenter.ts';

const FRAME = 1 / 30;
const shape = LATENCY_SHAPES.low;

describe('segments on a grid', () => {
  const grid = () => {
    const boundaries = new SegmentBoundaries({ kind: 'grid', segmentSeconds: 2 });
    boundaries.startAt(10.0213);
    return boundaries;
  };

  test('six parts fill one, and it closes with the sixth', () => {
    const segmenter = new Segmenter(grid(), FRAME / 2);
    const placed = Array.from({ length: 8 }, (_, i) =>
      segmenter.place({ startSeconds: 10.0213 + i / 3, durationSeconds: 1 / 3 }),
    );
    expect(placed.map(({ segment, part }) => `${segment}.${part}`)).toEqual([
      '0.0',
      '0.1',
      '0.2',
      '0.3',
      '0.4',
      '0.5',
      '1.0',
      '1.1',
    ]);
    expect(placed.map(({ closes }) => closes)).toEqual([
      null,
      null,
      null,
      null,
      null,
      { segment: 0, parts: 6 },
      null,
      null,
    ]);
    expect(segmenter.end()).toEqual({ segment: 1, parts: 2 });
    expect(segmenter.end()).toBeNull();
  });

  test('a rendition that rounds its times otherwise has the same numbers', () => {
    const segmenter = new Segmenter(grid(), FRAME / 2);
    const segments = Array.from({ length: 60 }, (_, i) => {
      const jitter = ((i % 3) - 1) * 0.005;
      return segmenter.place({ startSeconds: 10.0213 + i / 3 + jitter, durationSeconds: 1 / 3 }).segment;
    });
    expect(segments).toEqual(Array.from({ length: 60 }, (_, i) => Math.floor(i / 6)));
  });

  test('the first time decides where the grid begins', () => {
    const boundaries = grid();
    boundaries.startAt(99);
    expect(boundaries.originSeconds).toBe(10.0213);
    expect(boundaries.segmentAt(12.0213, 0.001)).toBe(1);
    expect(boundaries.segmentAt(10, 0.001)).toBe(-1);
  });
});

describe('segments of a copied source', () => {
  const startsFor = (keys: number[]) => {
    const boundaries = new SegmentBoundaries({ kind: 'source', shape });
    for (const key of keys) boundaries.sourceKey(key);
    return keys.filter((key) => boundaries.segmentAt(key, 0.01) > boundaries.segmentAt(key - 0.1, 0.01));
  };

  test.each<[string, number[], number[]]>([
    ['a GOP of 2 s is one', [10, 12, 14, 16], [10, 12, 14, 16]],
    ['two GOPs of 1 s are one', [10, 11, 12, 13, 14], [10, 12, 14]],
    ['four GOPs of 0.5 s are one', [10, 10.5, 11, 11.5, 12, 12.5], [10, 12]],
    ['a GOP of 1.5 s is one, two would round to more than TARGETDURATION', [10, 11.5, 13, 14.5], [10, 11.5, 13, 14.5]],
    ['clocks in ms change nothing', [10.021, 11.02, 12.022, 13.021, 14.02], [10.021, 12.022, 14.02]],
  ])('%s', (_, keys, starts) => {
    expect(startsFor(keys)).toEqual(starts);
  });

  test('numbers go on after more boundaries than are remembered', () => {
    const boundaries = new SegmentBoundaries({ kind: 'source', shape });
    for (let n = 0; n < 1000; n += 1) boundaries.sourceKey(10 + 2 * n);
    expect(boundaries.segmentAt(10 + 2 * 999 + 1, 0.01)).toBe(999);
  });

  test('a segment whose end was not known closes when the next begins', () => {
    const boundaries = new SegmentBoundaries({ kind: 'source', shape });
    boundaries.sourceKey(10);
    const segmenter = new Segmenter(boundaries, FRAME / 2);
    expect(segmenter.place({ startSeconds: 10, durationSeconds: 2 })).toMatchObject({
      segment: 0,
      part: 0,
      closes: null,
    });
    boundaries.sourceKey(12);
    expect(segmenter.place({ startSeconds: 12, durationSeconds: 1 / 3 })).toMatchObject({
      segment: 1,
      part: 0,
      closedBefore: { segment: 0, parts: 1 },
    });
  });
});

describe('parts from single frames', () => {
  const cut = (startsMs: number[], keysMs: number[] = [], partTargetSeconds = 0.334) => {
    const cutter = new PartCutter({ timescale: 90_000, partTargetSeconds, frameSeconds: FRAME });
    const parts: TimedSample[][] = [];
    for (let i = 0; i + 1 < startsMs.length; i += 1) {
      const startTicks = Math.round((startsMs[i] ?? 0) * 90);
      const durationTicks = Math.round((startsMs[i + 1] ?? 0) * 90) - startTicks;
      const sample = { startTicks, durationTicks, offsetTicks: 0, isSync: false, data: new Uint8Array(1) };
      parts.push(...cutter.push(sample, keysMs.includes(startsMs[i + 1] ?? -1)));
    }
    return parts.map((part) => ({
      frames: part.length,
      ms: part.reduce((sum, { durationTicks }) => sum + durationTicks, 0) / 90,
    }));
  };
  const beat = (frames: number, fps = 30) => Array.from({ length: frames + 1 }, (_, i) => Math.round((i * 1000) / fps));

  test('hold ten frames of a clock in ms', () => {
    expect(cut(beat(60)).map(({ frames }) => frames)).toEqual([10, 10, 10, 10, 10, 10]);
  });

  test('hold six frames in the 0.2 s profile', () => {
    expect(cut(beat(60), [], 0.2).map(({ frames }) => frames)).toEqual(Array(10).fill(6));
  });

  test('end before a key frame', () => {
    expect(cut(beat(25), [500, 833]).map(({ frames }) => frames)).toEqual([10, 5, 10]);
  });

  test('never outgrow PART-TARGET when frames are missing', () => {
    for (let missing = 1; missing < 40; missing += 1) {
      for (let howMany = 1; howMany <= 8; howMany += 1) {
        const kept = beat(60).filter((_, i) => i < missing || i >= missing + howMany);
        for (const { ms } of cut(kept)) expect(ms).toBeLessThanOrEqual(335.5);
      }
    }
  });
});
