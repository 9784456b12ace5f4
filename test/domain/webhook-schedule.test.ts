import { describe, expect, it } from 'vitest';
import { ATTEMPTS_MAX, judge } from '../../src/domain/webhook-schedule.ts';

/** The delays of a delivery that never arrives. */
const delays = (random: number): number[] => {
  const seconds: number[] = [];
  for (let attempt = 1; ; attempt++) {
    const verdict = judge({ status: 500, attempt, random });
    if (verdict.state !== 'pending') return seconds;
    seconds.push(verdict.delaySeconds);
  }
};

describe('the schedule of a delivery', () => {
  it('tries eight times, each time after a longer wait, within about a day', () => {
    expect(delays(0)).toEqual([5, 60, 300, 1800, 7200, 18_000, 36_000]);
    expect(delays(0).length + 1).toBe(ATTEMPTS_MAX);
    for (const random of [0, 0.999]) {
      const total = delays(random).reduce((sum, delay) => sum + delay, 0) / 3600;
      expect(total).toBeGreaterThan(17);
      expect(total).toBeLessThan(24);
    }
  });

  it('adds up to a fifth by chance, and never more than a queue can hold', () => {
    expect(delays(0.5)[1]).toBe(66);
    expect(Math.max(...delays(1))).toBeLessThanOrEqual(12 * 3600);
  });

  it.each([200, 201, 204, 299])('takes %i for arrived', (status) => {
    expect(judge({ status, attempt: 1, random: 0 })).toEqual({ state: 'delivered' });
  });

  it.each([null, 199, 301, 302, 307, 400, 401, 404, 409, 429, 500, 503])('tries again after %s', (status) => {
    expect(judge({ status, attempt: 1, random: 0 })).toEqual({ state: 'pending', delaySeconds: 5 });
  });

  it.each([429, 503])('comes back no sooner than a %i asks, and no later than a queue can hold', (status) => {
    const delay = (retryAfterSeconds: number, attempt = 1, random = 0) =>
      judge({ status, attempt, random, retryAfterSeconds });
    expect(delay(90)).toEqual({ state: 'pending', delaySeconds: 90 });
    expect(delay(90, 1, 1)).toEqual({ state: 'pending', delaySeconds: 108 });
    expect(delay(2, 4)).toEqual({ state: 'pending', delaySeconds: 1800 });
    expect(delay(10 ** 9, 1, 1)).toEqual({ state: 'pending', delaySeconds: 12 * 3600 });
    expect(delay(90, ATTEMPTS_MAX)).toEqual({ state: 'parked', isGone: false });
  });

  it.each([null, 301, 404, 500])('goes by its own time after %s, whatever is asked', (status) => {
    const verdict = judge({ status, attempt: 1, random: 0, retryAfterSeconds: 3600 });
    expect(verdict).toEqual({ state: 'pending', delaySeconds: 5 });
  });

  it('gives up after the last try', () => {
    expect(judge({ status: 503, attempt: ATTEMPTS_MAX, random: 0 })).toEqual({ state: 'parked', isGone: false });
  });

  it('gives up at once where the address is gone for good', () => {
    expect(judge({ status: 410, attempt: 1, random: 0 })).toEqual({ state: 'parked', isGone: true });
  });
});
