// Polling and rebuilding: when, and how patiently.
import { describe, expect, it } from 'vitest';
import { pollDelayMs } from '../../../src/web/player/poll-plan.ts';
import { isStuck, mayHaveMedia, rebuildDelayMs } from '../../../src/web/player/rebuild-plan.ts';

describe('following the state of a stream', () => {
  const facts = { isHidden: false, isSettled: false, failures: 0, random: 0.5 };

  it('asks every second or two while somebody looks, spread over the audience', () => {
    expect(pollDelayMs(facts)).toBe(1200);
    expect(pollDelayMs({ ...facts, random: 0 })).toBe(960);
    expect(pollDelayMs({ ...facts, random: 1 })).toBe(1440);
  });

  it('asks less often in a hidden tab and after the end', () => {
    expect(pollDelayMs({ ...facts, isHidden: true })).toBe(8000);
    expect(pollDelayMs({ ...facts, isSettled: true })).toBe(5000);
  });

  it('backs off from a server that fails, up to a bound', () => {
    expect([1, 2, 3, 4, 5, 50].map((failures) => pollDelayMs({ ...facts, failures }))).toEqual([
      1200, 2000, 4000, 8000, 8000, 8000,
    ]);
  });
});

describe('a player that broke', () => {
  it('comes back at once, then more slowly, up to a bound', () => {
    expect([0, 1, 2, 3, 4, 40].map((attempts) => rebuildDelayMs(attempts, 0.5))).toEqual([
      300, 600, 1200, 2400, 4800, 5000,
    ]);
  });

  it('asks for media only while there may be some', () => {
    expect([null, 'live', 'interrupted'].map((state) => mayHaveMedia(state as never))).toEqual([true, true, true]);
    expect([mayHaveMedia('waiting'), mayHaveMedia('ended')]).toEqual([false, false]);
  });

  it('is built anew when a live picture stands for seconds, but not when the viewer paused it', () => {
    const facts = { state: 'live' as const, stillForMs: 8000, sinceBuildMs: 8000, isPaused: false };
    expect(isStuck(facts)).toBe(true);
    expect(isStuck({ ...facts, isPaused: true })).toBe(false);
    expect(isStuck({ ...facts, state: 'interrupted' })).toBe(false);
    expect(isStuck({ ...facts, sinceBuildMs: 3000 })).toBe(false);
  });
});
