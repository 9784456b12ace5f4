// The source's clock on the media timeline, and the media timeline on the wall.
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../transcoder/media.ts';
import { MEDIA_BASE_MS, Timeline, type TimelineDecision } from '../../transcoder/timeline.ts';
import { audioFrame, videoFrame } from '../support/fake-source.ts';
import { randomFrom } from '../support/random.ts';

const WALL = 1_700_000_000_000;
const placed = (decision: TimelineDecision): Frame => {
  if (decision.type === 'drop') throw new Error('dropped');
  return decision.frame;
};

describe('the media timeline', () => {
  it('begins at ten seconds, whatever the source calls its first moment', () => {
    for (const start of [0, 5_000_000, -40]) {
      expect(placed(new Timeline().place(videoFrame(start, WALL))).ptsMs).toBe(MEDIA_BASE_MS);
    }
  });

  it('keeps sound and picture as far apart as the source has them', () => {
    const timeline = new Timeline();
    timeline.place(videoFrame(1000, WALL));
    expect(placed(timeline.place(audioFrame(1021, WALL))).ptsMs).toBe(MEDIA_BASE_MS + 21);
    expect(timeline.audioVideoSkewMs()).toBe(21);
  });

  it('lets a late frame cost nothing: the capture clock follows the earliest arrival of the first second', () => {
    const timeline = new Timeline();
    timeline.place(videoFrame(0, WALL + 300));
    timeline.place(videoFrame(33, WALL + 43));
    timeline.place(videoFrame(66, WALL + 166));
    expect(timeline.wallTimeMs(MEDIA_BASE_MS)).toBe(WALL + 10);
  });

  it('never steps its capture clock once it was used, nor after the first second', () => {
    const used = new Timeline();
    used.place(videoFrame(0, WALL + 300));
    used.wallTimeMs(0);
    used.place(videoFrame(33, WALL + 33));
    expect(used.wallTimeMs(MEDIA_BASE_MS)).toBe(WALL + 300);
    const old = new Timeline();
    old.place(videoFrame(0, WALL + 50));
    old.place(videoFrame(1400, WALL + 1401));
    expect(old.wallTimeMs(MEDIA_BASE_MS)).toBe(WALL + 50);
  });

  describe('over hours', () => {
    /** Captured at a true time, stamped by a clock that is wrong by `ppm`, and delayed by the network. */
    function broadcast({ ppm, minutes, delayMs }: { ppm: number; minutes: number; delayMs: (atMs: number) => number }) {
      const timeline = new Timeline();
      const errors: number[] = [];
      let lastMs = Number.NEGATIVE_INFINITY;
      for (let atMs = 0; atMs < minutes * 60_000; atMs += 100) {
        const frame = placed(timeline.place(videoFrame(atMs * (1 + ppm / 1e6), WALL + atMs + delayMs(atMs))));
        const wallMs = timeline.wallTimeMs(frame.ptsMs);
        if (atMs > 0) expect(Math.abs(wallMs - lastMs - 100)).toBeLessThan(0.3);
        lastMs = wallMs;
        errors.push(wallMs - (WALL + atMs));
      }
      return { worst: Math.max(...errors.map(Math.abs)), last: errors.at(-1) ?? 0 };
    }
    const jitter = () => {
      const random = randomFrom(5);
      return () => 5 + random() * 30;
    };

    it.each([100, -100])('its capture clock stays true beside an encoder clock that is wrong by %i ppm', (ppm) => {
      expect(broadcast({ ppm, minutes: 180, delayMs: jitter() }).worst).toBeLessThan(50);
    });

    it('a start on a slow network is made good within minutes, without a step', () => {
      const delay = jitter();
      const { last } = broadcast({ ppm: 0, minutes: 5, delayMs: (atMs) => delay() + (atMs < 3000 ? 150 : 0) });
      expect(Math.abs(last)).toBeLessThan(20);
    });

    it('a minute of congestion hardly moves it', () => {
      const delay = jitter();
      const isSlow = (atMs: number) => atMs > 60_000 && atMs < 120_000;
      const { worst } = broadcast({ ppm: 0, minutes: 4, delayMs: (atMs) => delay() + (isSlow(atMs) ? 3000 : 0) });
      expect(worst).toBeLessThan(50);
    });
  });

  it('reads the capture time of reordered pictures from when they are shown', () => {
    const timeline = new Timeline();
    timeline.place({ ...videoFrame(0, WALL), ptsMs: 66 });
    expect(timeline.wallTimeMs(MEDIA_BASE_MS + 66)).toBe(WALL);
  });

  it('smooths a step back of a few milliseconds', () => {
    const timeline = new Timeline();
    timeline.place(videoFrame(100, WALL));
    const decision = timeline.place(videoFrame(60, WALL));
    expect(decision.type).toBe('pass');
    expect(placed(decision).dtsMs).toBeGreaterThan(MEDIA_BASE_MS);
    expect(placed(decision).dtsMs).toBeLessThan(MEDIA_BASE_MS + 1);
  });

  it.each([
    ['back', -150, 0],
    ['to zero', -60_000, 5000],
    ['hours ahead', 7_200_000, 0],
    ['eleven seconds ahead', 11_000, 11_000],
  ])('calls a clock that jumps %s a discontinuity and goes on at the wall', (_, jumpMs, awayMs) => {
    const timeline = new Timeline();
    for (let ms = 60_000; ms <= 61_000; ms += 100) timeline.place(videoFrame(ms, WALL + ms));
    const decision = timeline.place(videoFrame(61_000 + jumpMs, WALL + 61_000 + awayMs + 100));
    expect(decision.type).toBe('discontinuity');
    expect(placed(decision).dtsMs).toBe(MEDIA_BASE_MS + 1000 + awayMs + 100);
    const next = timeline.place(videoFrame(61_033 + jumpMs, WALL + 61_000 + awayMs + 133));
    expect(next.type).toBe('pass');
    expect(placed(next).dtsMs).toBe(MEDIA_BASE_MS + 1000 + awayMs + 133);
  });

  it('goes on through a gap of seconds', () => {
    const timeline = new Timeline();
    timeline.place(videoFrame(0, WALL));
    const decision = timeline.place(videoFrame(5000, WALL + 5000));
    expect(decision).toMatchObject({ type: 'pass', gapMs: 5000 });
  });

  it('drops a frame without a time', () => {
    expect(new Timeline().place(videoFrame(Number.NaN, WALL)).type).toBe('drop');
  });

  it.each([1, 2, 3, 4, 5])(
    'never goes backwards and never below its base, whatever a source sends (seed %i)',
    (seed) => {
      const random = randomFrom(seed);
      const timeline = new Timeline();
      const last = { video: 0, audio: 0 };
      let clockMs = random() * 1e6;
      let wallMs = WALL;
      for (let step = 0; step < 2000; step += 1) {
        wallMs += random() * 40;
        clockMs += random() < 0.01 ? (random() - 0.5) * 1e8 : random() * 60 - 5;
        const frame = random() < 0.5 ? videoFrame(clockMs, wallMs) : audioFrame(clockMs, wallMs);
        const decision = timeline.place(frame);
        if (decision.type === 'drop') continue;
        const { kind, dtsMs } = decision.frame;
        expect(dtsMs).toBeGreaterThan(last[kind]);
        expect(dtsMs).toBeGreaterThanOrEqual(MEDIA_BASE_MS - 1000);
        last[kind] = dtsMs;
      }
    },
  );
});
