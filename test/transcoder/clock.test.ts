// A machine whose clock is set while broadcasts run.
import { describe, expect, it } from 'vitest';
import { createSteadyClock } from '../../transcoder/clock.ts';

const HOUR_MS = 3_600_000;

describe('the clock of a node', () => {
  it('runs on when the clock of the machine is set, and follows it when nobody is on air', () => {
    let wallMs = 1_700_000_000_000;
    let monotonicMs = 5000;
    const clock = createSteadyClock(
      () => wallMs,
      () => monotonicMs,
    );
    const pass = (ms: number) => {
      wallMs += ms;
      monotonicMs += ms;
    };
    expect(clock.now()).toBe(1_700_000_000_000);
    pass(250);
    wallMs -= HOUR_MS;
    expect(clock.now()).toBe(1_700_000_000_250);
    wallMs += 2 * HOUR_MS;
    pass(250);
    expect(clock.now()).toBe(1_700_000_000_500);
    clock.adjust();
    expect(clock.now()).toBe(wallMs);
  });
});
