import { describe, expect, test } from 'vitest';
import { framesPerGop, framesPerPart, outputFrameRate, segmentSeconds } from '../../../src/domain/hls/frame-grid.ts';
import {
  admit,
  isGopRegular,
  type LadderRequest,
  type LadderSource,
  type Preset,
  planLadder,
  shed,
} from '../../../src/domain/hls/ladder.ts';
import { LATENCY_SHAPES, type LatencyProfile } from '../../../src/protocol/latency.ts';

const HIGH_AVCC = Uint8Array.of(1, 100, 0, 31);
const source = (changes: Partial<LadderSource> = {}): LadderSource => ({
  codec: 'h264',
  config: HIGH_AVCC,
  width: 1280,
  height: 720,
  frameRate: 30,
  bitrateKbps: null,
  gopRegular: false,
  ...changes,
});

const ladderFor = (changes: Partial<LadderSource>, request: Partial<LadderRequest> = {}) => {
  const answer = planLadder({ video: source(changes), hasAudio: true, shape: LATENCY_SHAPES.low, ...request });
  if (!answer.ok) throw new Error(answer.detail);
  return answer.ladder;
};

const describeRungs = (changes: Partial<LadderSource>, request: Partial<LadderRequest> = {}) =>
  ladderFor(changes, request).renditions.map(({ name, video }) =>
    video ? `${name} ${video.width}x${video.height} ${video.bitrateKbps}k${video.copied ? ' copied' : ''}` : name,
  );

describe('the ladder of a source', () => {
  test.each<[string, Partial<LadderSource>, string[]]>([
    ['720p30', {}, ['720p 1280x720 2500k', '480p 854x480 1200k', '360p 640x360 600k', 'audio']],
    [
      '1080p30',
      { width: 1920, height: 1080 },
      ['1080p 1920x1080 4500k', '720p 1280x720 2500k', '480p 854x480 1200k', '360p 640x360 600k', 'audio'],
    ],
    ['720p60', { frameRate: 59.94 }, ['720p 1280x720 3750k', '480p 854x480 1800k', '360p 640x360 900k', 'audio']],
    [
      'portrait',
      { width: 720, height: 1280 },
      ['720p 720x1280 2500k', '480p 480x854 1200k', '360p 360x640 600k', 'audio'],
    ],
    ['an odd width', { width: 853, height: 480 }, ['480p 852x480 1200k', '360p 640x360 600k', 'audio']],
    ['4:3', { width: 640, height: 480 }, ['480p 640x480 1200k', '360p 480x360 600k', 'audio']],
    ['smaller than any rung', { width: 321, height: 181 }, ['180p 320x180 150k', 'audio']],
    [
      '4K',
      { width: 3840, height: 2160, frameRate: 25 },
      ['1080p 1920x1080 4500k', '720p 1280x720 2500k', '480p 854x480 1200k', '360p 640x360 600k', 'audio'],
    ],
    ['few bits', { bitrateKbps: 900 }, ['720p 1280x720 900k', '480p 854x480 900k', '360p 640x360 600k', 'audio']],
    [
      'H.264 with regular key frames',
      { gopRegular: true, bitrateKbps: 3100 },
      ['720p 1280x720 3100k copied', '480p 854x480 1200k', '360p 640x360 600k', 'audio'],
    ],
    [
      'a regular source of an own size',
      { gopRegular: true, width: 1600, height: 900, bitrateKbps: 3000 },
      ['900p 1600x900 3000k copied', '720p 1280x720 2500k', '480p 854x480 1200k', '360p 640x360 600k', 'audio'],
    ],
    [
      'regular, but 4:4:4',
      { gopRegular: true, config: Uint8Array.of(1, 244, 0, 31) },
      ['720p 1280x720 2500k', '480p 854x480 1200k', '360p 640x360 600k', 'audio'],
    ],
    [
      'regular, but VP8',
      { gopRegular: true, codec: 'vp8', config: null },
      ['720p 1280x720 2500k', '480p 854x480 1200k', '360p 640x360 600k', 'audio'],
    ],
  ])('%s', (_, changes, rungs) => {
    expect(describeRungs(changes)).toEqual(rungs);
  });

  test('has no audio rung for a silent source, and only that rung for a source without pictures', () => {
    expect(
      ladderFor({}, { hasAudio: false }).renditions.every(({ audioBitrateKbps }) => audioBitrateKbps === null),
    ).toBe(true);
    expect(describeRungs({}, { hasAudio: false })).not.toContain('audio');
    const answer = planLadder({ video: null, hasAudio: true, shape: LATENCY_SHAPES.low });
    expect(answer).toMatchObject({
      ok: true,
      ladder: { frameRate: null, renditions: [{ name: 'audio', video: null }] },
    });
  });

  test('never has a rung above the source or with an odd side, whatever its size', () => {
    for (let width = 64; width <= 2600; width += 97) {
      for (let height = 64; height <= 1500; height += 89) {
        const { renditions } = ladderFor({ width, height });
        const pictures = renditions.flatMap(({ video }) => (video ? [video] : []));
        expect(pictures.length).toBeGreaterThan(0);
        expect(new Set(renditions.map(({ name }) => name)).size).toBe(renditions.length);
        for (const picture of pictures) {
          expect(picture.width).toBeLessThanOrEqual(width);
          expect(picture.height).toBeLessThanOrEqual(height);
          expect((picture.width % 2) + (picture.height % 2)).toBe(0);
        }
      }
    }
  });

  test('obeys a cap on size and on frame rate', () => {
    const settings = { maxShortSide: 480, maxFrameRate: 30 };
    expect(describeRungs({ gopRegular: true, frameRate: 60 }, { settings })).toEqual([
      '480p 854x480 1200k',
      '360p 640x360 600k',
      'audio',
    ]);
    expect(ladderFor({ frameRate: 60 }, { settings }).frameRate).toBe(30);
    expect(ladderFor({ frameRate: 50 }, { settings }).frameRate).toBe(25);
  });
});

describe('the frame rate', () => {
  test.each<[number | null, LatencyProfile, number]>([
    [29.97, 'low', 30],
    [23.976, 'low', 24],
    [23.976, 'ultra-low', 30],
    [25, 'ultra-low', 25],
    [25, 'low', 25],
    [59.94, 'low', 60],
    [50, 'low', 50],
    [120, 'low', 60],
    [15, 'low', 24],
    [null, 'balanced', 30],
    [24, 'relaxed', 24],
  ])('of a source with %s and the profile %s is %s', (rate, profile, expected) => {
    expect(outputFrameRate(rate, LATENCY_SHAPES[profile], 60)).toBe(expected);
  });

  test('always fills at least 85 % of PART-TARGET and never more than all of it', () => {
    for (const shape of Object.values(LATENCY_SHAPES)) {
      for (let rate = 5; rate <= 130; rate += 0.5) {
        const chosen = outputFrameRate(rate, shape, 60);
        const share = framesPerPart(chosen, shape) / chosen / shape.partTargetSeconds;
        expect(share).toBeGreaterThanOrEqual(0.85);
        expect(share).toBeLessThanOrEqual(1 + 1e-9);
        expect(Math.round(segmentSeconds(chosen, shape))).toBeLessThanOrEqual(shape.targetDurationSeconds);
      }
    }
  });

  test('30 frames per second make parts of ten frames, a key frame each second and segments of two', () => {
    expect([
      framesPerPart(30, LATENCY_SHAPES.low),
      framesPerGop(30, LATENCY_SHAPES.low),
      segmentSeconds(30, LATENCY_SHAPES.low),
    ]).toEqual([10, 30, 2]);
  });

  test('a source of 29.97 cannot be copied into parts of 0.2 s, because six of its frames are longer', () => {
    const request = { shape: LATENCY_SHAPES['ultra-low'] };
    expect(describeRungs({ gopRegular: true, frameRate: 29.97 }, request)[0]).not.toContain('copied');
    expect(describeRungs({ gopRegular: true, frameRate: 30 }, request)[0]).toContain('copied');
  });
});

describe('regular key frames', () => {
  test.each<[string, number[], boolean]>([
    ['each second', [1000, 1000, 1001], true],
    ['each two seconds, clock in ms', [2000, 2033, 1999], true],
    ['too far apart', [4000, 4000], false],
    ['on scene cuts', [2000, 400, 1600], false],
    ['seen only once', [2000], false],
    ['never seen', [], false],
    ['on every frame', [33, 33, 34], false],
  ])('%s', (_, intervals, expected) => {
    expect(isGopRegular(intervals)).toBe(expected);
  });
});

describe('the cost', () => {
  const HD = { width: 1920, height: 1080 };
  const cap = (maxShortSide: number) => ({ settings: { maxShortSide, passthrough: false } });
  const preset = (name: Preset) => ({ settings: { preset: name } });
  // Cores measured with ffmpeg 5.1 on the machine the model was fitted to.
  test.each<[string, Partial<LadderSource>, Partial<LadderRequest>, string[], number]>([
    ['720/480/360 ultrafast', {}, preset('ultrafast'), [], 0.34],
    ['720/480/360 superfast', {}, preset('superfast'), [], 0.54],
    ['720/480/360 veryfast', {}, preset('veryfast'), [], 0.65],
    ['720/480/360 faster', {}, preset('faster'), [], 1.06],
    ['720 alone', {}, {}, ['480p', '360p'], 0.45],
    ['480/360 from 720', {}, cap(480), [], 0.48],
    ['720 copied, 480/360', { gopRegular: true }, {}, [], 0.47],
    ['720/480/360 at 60', { frameRate: 60 }, {}, [], 1.09],
    ['1080/720/480/360', HD, {}, [], 1.31],
    ['1080/720/480 superfast', HD, preset('superfast'), ['360p'], 0.9],
    ['1080 copied, 720/480/360', { ...HD, gopRegular: true }, {}, [], 0.85],
  ])('%s is within 30 %% of what was measured', (_, changes, request, without, measured) => {
    const { costUnits } = costWithout(changes, request, without);
    expect(costUnits / measured).toBeGreaterThan(0.7);
    expect(costUnits / measured).toBeLessThan(1.3);
  });

  test('of a copy alone is next to nothing', () => {
    const { costUnits } = costWithout({ gopRegular: true }, {}, ['480p', '360p']);
    expect(costUnits).toBeLessThan(0.12);
  });
});

/** The cost after the named rungs were taken out by hand: shed order does not reach all of the measured ladders. */
function costWithout(changes: Partial<LadderSource>, request: Partial<LadderRequest>, names: string[]) {
  const full = ladderFor(changes, request);
  const kept = full.renditions.filter(({ name }) => !names.includes(name));
  if (names.length === 0) return full;
  // A rung that is certainly the dearest is added, so that shedding it leaves the wanted ladder with its cost worked out.
  const decoy = {
    ...full.renditions[0],
    name: full.renditions[0]!.name,
    video: { width: 9000, height: 9000, bitrateKbps: 1, copied: false },
    audioBitrateKbps: null,
  };
  const shedded = shed({ ...full, video: source(changes), renditions: [...kept, decoy] });
  if (!shedded) throw new Error('nothing to shed');
  return shedded;
}

describe('when there is not enough', () => {
  const names = (plan: { renditions: { name: string }[] } | null) => plan?.renditions.map(({ name }) => name) ?? null;

  test('the dearest encoded rung goes first, the last picture and the audio stay', () => {
    let plan: (ReturnType<typeof ladderFor> & { video: LadderSource }) | null = {
      ...ladderFor({ width: 1920, height: 1080 }),
      video: source({ width: 1920, height: 1080 }),
    };
    const seen: unknown[] = [];
    let cost = Number.POSITIVE_INFINITY;
    while (plan) {
      expect(plan.costUnits).toBeLessThan(cost);
      cost = plan.costUnits;
      seen.push(names(plan));
      plan = shed(plan);
    }
    expect(seen).toEqual([
      ['1080p', '720p', '480p', '360p', 'audio'],
      ['720p', '480p', '360p', 'audio'],
      ['480p', '360p', 'audio'],
      ['360p', 'audio'],
    ]);
  });

  test('a copied rung stays to the end', () => {
    const full = { ...ladderFor({ gopRegular: true }), video: source({ gopRegular: true }) };
    const once = shed(full);
    const twice = once && shed(once);
    expect(names(once)).toEqual(['720p', '360p', 'audio']);
    expect(names(twice)).toEqual(['720p', 'audio']);
    expect(twice && shed(twice)).toBeNull();
  });

  test('a new source gets the ladder that fits, or is refused in words', () => {
    expect(names(ladderFor({}, { availableUnits: 0.6 }))).toEqual(['480p', '360p', 'audio']);
    const refused = planLadder({ video: source(), hasAudio: true, shape: LATENCY_SHAPES.low, availableUnits: 0.1 });
    expect(refused).toMatchObject({ ok: false, code: 'no_capacity' });
  });

  test('something is admitted as long as the sum stays within the budget', () => {
    expect(admit(1.4, 0.7, 0.7)).toBe(true);
    expect(admit(1.4, 0.8, 0.7)).toBe(false);
  });
});
