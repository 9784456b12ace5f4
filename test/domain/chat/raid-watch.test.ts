import { describe, expect, it } from 'vitest';
import { RaidWatch } from '../../../src/domain/chat/raid-watch.ts';
import { NO_TRIPS } from '../../../src/protocol/shield.ts';
import type { TripName } from '../../../src/protocol/shield-state.ts';

const NOW = 1_795_521_600_000;
const TRIPS = { ...NO_TRIPS, joinsPerMinute: 100, messagesPerSecond: 20 };

/** So many, evenly over so many ms; the trips that they caused. */
function come(
  watch: RaidWatch,
  name: TripName,
  { count, fromMs, overMs }: { count: number; fromMs: number; overMs: number },
) {
  const trips = Array.from({ length: count }, (_, index) =>
    watch.came(name, TRIPS, fromMs + Math.floor((index * overMs) / count)),
  );
  return trips.filter((trip) => trip !== null);
}

describe('a raid', () => {
  it('trips a number that is set once more have come than its limit, and says which', () => {
    const watch = new RaidWatch();
    expect(come(watch, 'joinsPerMinute', { count: 100, fromMs: NOW, overMs: 50_000 })).toEqual([]);
    expect(watch.came('joinsPerMinute', TRIPS, NOW + 50_000)).toEqual({
      trip: 'joinsPerMinute',
      count: 101,
      limit: 100,
    });
  });

  it('is not the same number of people over a longer time', () => {
    expect(come(new RaidWatch(), 'joinsPerMinute', { count: 1000, fromMs: NOW, overMs: 20 * 60_000 })).toEqual([]);
  });

  it('of lines is counted per second over five', () => {
    const watch = new RaidWatch();
    expect(come(watch, 'messagesPerSecond', { count: 99, fromMs: NOW, overMs: 1000 })).toEqual([]);
    expect(come(watch, 'messagesPerSecond', { count: 10, fromMs: NOW + 1000, overMs: 100 })).toMatchObject([
      { trip: 'messagesPerSecond', count: 21 },
    ]);
  });

  it('trips nothing that nobody has set', () => {
    const watch = new RaidWatch();
    for (let index = 0; index < 5000; index++) expect(watch.came('deniedPerMinute', TRIPS, NOW)).toBeNull();
    expect(watch.stillHigh(TRIPS, NOW)).toBeNull();
  });

  it('trips again only after it was below half, so that a shield lowered by hand stays down', () => {
    const watch = new RaidWatch();
    const lasting = come(watch, 'joinsPerMinute', { count: 5000, fromMs: NOW, overMs: 10 * 60_000 });
    expect(lasting).toHaveLength(1);
    const laterMs = NOW + 12 * 60_000;
    expect(come(watch, 'joinsPerMinute', { count: 150, fromMs: laterMs, overMs: 10_000 })).toHaveLength(1);
  });

  it('is over when every number is at most half of its limit', () => {
    const watch = new RaidWatch();
    come(watch, 'joinsPerMinute', { count: 60, fromMs: NOW, overMs: 1000 });
    expect(watch.stillHigh(TRIPS, NOW + 1000)).toMatchObject({ trip: 'joinsPerMinute', count: 60 });
    expect(watch.stillHigh(TRIPS, NOW + 70_000)).toBeNull();
  });
});
