import { expect, it } from 'vitest';
import { noteServerTime, serverOffsetMs, startServerClock } from '../../../src/web/player/server-clock.ts';

it('takes the local clock until the edge has said its time', () => {
  expect(serverOffsetMs(startServerClock())).toBe(0);
});

it('trusts the quickest answer', () => {
  let clock = noteServerTime(startServerClock(), { sentMs: 1000, receivedMs: 1800, serverTimeMs: 6700 });
  clock = noteServerTime(clock, { sentMs: 2000, receivedMs: 2020, serverTimeMs: 7010 });
  expect(serverOffsetMs(clock)).toBe(5000);
});

it('does not take an answer from a cache for a clock that is behind', () => {
  let clock = noteServerTime(startServerClock(), { sentMs: 1000, receivedMs: 1010, serverTimeMs: 6005 });
  clock = noteServerTime(clock, { sentMs: 2000, receivedMs: 2004, serverTimeMs: 6005 });
  expect(serverOffsetMs(clock)).toBe(5000);
});
