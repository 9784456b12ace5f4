// The pace of the picture: simple cases, then a simulated player over random seeds.
import { describe, expect, it } from 'vitest';
import {
  BUFFER_FLOOR_SECONDS,
  type CatchUpInput,
  DRIFT_MAX_RATE,
  decideCatchUp,
  JOIN_MAX_RATE,
  MIN_RATE,
  noteStall,
  startCatchUp,
} from '../../../src/web/player/catch-up.ts';
import { simulate } from './simulated-player.ts';

const steady: CatchUpInput = {
  nowMs: 100_000,
  bufferedAheadSeconds: 0.9,
  latencySeconds: 1,
  targetSeconds: 1,
  isPlaying: true,
};
/** A minute after the join. */
const joined = { ...startCatchUp(), joinedAtMs: 40_000 };

describe('a picture that catches up', () => {
  it('runs at its own pace while it stands at its target', () => {
    expect(decideCatchUp(joined, steady)).toMatchObject({ rate: 1, skipSeconds: null });
  });

  it('leaves small distances alone, but goes all the way once it has begun', () => {
    const near = { ...steady, latencySeconds: 1.05 };
    expect(decideCatchUp(joined, near).rate).toBe(1);
    expect(decideCatchUp({ ...joined, isCorrecting: true }, near).rate).toBeGreaterThan(1);
  });

  it('hurries up to 1.1 after joining and never above 1.05 later', () => {
    const behind = { ...steady, latencySeconds: 2 };
    expect(decideCatchUp(startCatchUp(), behind).rate).toBe(JOIN_MAX_RATE);
    expect(decideCatchUp(joined, behind).rate).toBe(DRIFT_MAX_RATE);
  });

  it('does not hurry on a thin buffer, and slows down on an almost empty one', () => {
    const behind = { ...steady, latencySeconds: 1.8 };
    expect(decideCatchUp(joined, { ...behind, bufferedAheadSeconds: 0.2 }).rate).toBe(1);
    expect(decideCatchUp(joined, { ...behind, bufferedAheadSeconds: BUFFER_FLOOR_SECONDS - 0.01 }).rate).toBe(MIN_RATE);
  });

  it('remembers for a second that the buffer was thin', () => {
    const thin = decideCatchUp(joined, { ...steady, bufferedAheadSeconds: 0.2 }).state;
    const behind = { ...steady, latencySeconds: 1.8 };
    expect(decideCatchUp(thin, { ...behind, nowMs: 100_500 }).rate).toBe(1);
    expect(decideCatchUp(thin, { ...behind, nowMs: 101_500 }).rate).toBeGreaterThan(1);
  });

  it('slows down gently when it stands too near to the edge', () => {
    expect(decideCatchUp(joined, { ...steady, latencySeconds: 0.6 }).rate).toBe(MIN_RATE);
  });

  it('jumps over a larger delay inside of what is buffered', () => {
    const behind = { ...steady, latencySeconds: 3.5, bufferedAheadSeconds: 3.2 };
    expect(decideCatchUp(joined, behind).skipSeconds).toBeCloseTo(2.5);
    expect(decideCatchUp(joined, { ...behind, bufferedAheadSeconds: 2 }).skipSeconds).toBeNull();
  });

  it('goes to the edge from far behind, but not again and again', () => {
    const far = { ...steady, latencySeconds: 20, bufferedAheadSeconds: 0.5 };
    const first = decideCatchUp(joined, far);
    expect(first.skipSeconds).toBeCloseTo(19);
    expect(decideCatchUp(first.state, { ...far, nowMs: 101_000 }).skipSeconds).toBeNull();
    expect(decideCatchUp(first.state, { ...far, nowMs: 105_000 }).skipSeconds).not.toBeNull();
  });

  it('does nothing while the viewer has paused', () => {
    expect(decideCatchUp(joined, { ...steady, latencySeconds: 30, isPlaying: false })).toMatchObject({
      rate: 1,
      skipSeconds: null,
    });
  });

  it('stands back from the edge after several stalls in a minute, not after one', () => {
    const once = noteStall(joined, 99_000);
    expect(decideCatchUp(once, steady).targetSeconds).toBe(1);
    const often = noteStall(noteStall(once, 99_300), 99_600);
    expect(decideCatchUp(often, steady).targetSeconds).toBe(1.5);
    expect(decideCatchUp(often, { ...steady, nowMs: 170_000 }).targetSeconds).toBe(1);
  });
});

describe.each([
  { partSeconds: 0.2, holdBackSeconds: 0.6 },
  { partSeconds: 1 / 3, holdBackSeconds: 1 },
  { partSeconds: 0.5, holdBackSeconds: 1.5 },
])('a simulated player with parts of $partSeconds s', ({ partSeconds, holdBackSeconds }) => {
  const seeds = Array.from({ length: 40 }, (_, index) => index + 1);

  it.each(seeds)('joins within 10 s at its target, without a stall, and stays there (seed %i)', (seed) => {
    const run = simulate({
      seed,
      partSeconds,
      holdBackSeconds,
      seconds: 60,
      jitterSeconds: 0.05,
      startBehindSeconds: 0.9,
    });
    expect(run.stalls).toBe(0);
    expect(run.latencyAt(10)).toBeLessThan(holdBackSeconds + 0.15);
    for (const at of [15, 25, 40, 60]) expect(Math.abs(run.latencyAt(at) - holdBackSeconds)).toBeLessThan(0.15);
    expect(run.fastestAfter(13)).toBeLessThanOrEqual(DRIFT_MAX_RATE);
    expect(run.fastestAfter(0)).toBeLessThanOrEqual(JOIN_MAX_RATE);
    expect(run.slowest).toBeGreaterThanOrEqual(MIN_RATE);
    expect(run.hurriedBelowFloor).toBe(false);
  });

  it.each(seeds)('is back at its target 30 s after the line was away (seed %i)', (seed) => {
    const run = simulate({
      seed,
      partSeconds,
      holdBackSeconds,
      seconds: 60,
      jitterSeconds: 0.05,
      startBehindSeconds: 0.2,
      outage: { atSeconds: 20, lastsSeconds: 0.8 + (seed % 20) / 4 },
    });
    expect(run.latencyAt(58)).toBeLessThan(holdBackSeconds + 0.15);
    expect(run.fastestAfter(13)).toBeLessThanOrEqual(DRIFT_MAX_RATE);
    expect(run.hurriedBelowFloor).toBe(false);
  });
});
