import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dollarsPerHour, LIST_PRICES } from '../../scripts/simulate-room/dollars.ts';
import { EventQueue } from '../../scripts/simulate-room/event-queue.ts';
import { FAR_APART, MEASURED, MEASURED_COSTS } from '../../scripts/simulate-room/measured.ts';
import { levelsOf, type Shape, simulate } from '../../scripts/simulate-room/model.ts';
import { BIG_ROOM, HUBS_MAX, NO_SHARDS, planFor } from '../../src/domain/chat/shard-plan.ts';
import { randomFrom } from '../support/random.ts';

const shape = (sockets: number, over: Partial<Shape> = {}): Shape => ({
  sockets,
  messagesPerSecond: 50,
  perShard: BIG_ROOM.perShard,
  shardsFrom: BIG_ROOM.from,
  childrenMax: BIG_ROOM.perHub,
  seconds: 10,
  ...over,
});
const far = { ...MEASURED_COSTS, assumedHopMs: FAR_APART };

describe('The model of a big room', () => {
  it('says of the sizes that were measured what was measured, within a factor of two', () => {
    expect(MEASURED.length).toBeGreaterThan(1);
    for (const { sockets, messagesPerSecond, isSharded, p50Ms, p99Ms } of MEASURED) {
      const levels = isSharded ? { isOneThread: true } : { shardsFrom: 1_000_000 };
      const { latencyMs } = simulate(shape(sockets, { messagesPerSecond, ...levels }), MEASURED_COSTS, randomFrom(7));
      const name = `${sockets} x ${messagesPerSecond}/s: ${latencyMs.p50} / ${latencyMs.p99}`;
      expect(latencyMs.p50 / p50Ms, name).toBeGreaterThan(0.5);
      expect(latencyMs.p50 / p50Ms, name).toBeLessThan(2);
      expect(latencyMs.p99 / p99Ms, name).toBeGreaterThan(0.5);
      expect(latencyMs.p99 / p99Ms, name).toBeLessThan(2);
    }
  });

  it('gives a million viewers 500 shards and 25 hubs, none of them half busy, and a second', () => {
    const outcome = simulate(shape(1_000_000, { seconds: 4 }), far, randomFrom(1));
    expect(outcome.objects).toEqual({ rooms: 1, hubs: HUBS_MAX, shards: 500 });
    expect(Math.max(...Object.values(outcome.busy))).toBeLessThan(0.5);
    expect(outcome.latencyMs.p99).toBeLessThan(1000);
  });

  it('seats a small room in the room, and needs hubs above twenty shards only', () => {
    expect(levelsOf(shape(1999))).toEqual({ rooms: 1, hubs: 0, shards: 0 });
    expect(levelsOf(shape(40_000))).toEqual({ rooms: 1, hubs: 0, shards: 20 });
    expect(levelsOf(shape(40_001))).toEqual({ rooms: 1, hubs: 2, shards: 21 });
  });

  it('reckons with the sizes that a room is set to', () => {
    const settings = readFileSync(new URL('../../wrangler.toml', import.meta.url), 'utf8');
    const setting = (name: string) => Number(new RegExp(`^${name} = "(\\d+)"$`, 'm').exec(settings)?.[1]);
    expect(BIG_ROOM).toEqual({
      from: setting('ROOM_SHARD_FROM'),
      perShard: setting('ROOM_SHARD_SOCKETS'),
      perHub: setting('ROOM_HUB_SHARDS'),
    });
    const whole = BIG_ROOM.perShard * BIG_ROOM.perHub * HUBS_MAX;
    expect(setting('ROOM_SOCKETS_MAX')).toBe(whole);
    expect(planFor(whole, NO_SHARDS, BIG_ROOM)).toMatchObject({ isSharded: true, isHubbed: true });
  });

  it('is later when one object has to tell them all', () => {
    const whole = simulate(shape(20_000, { shardsFrom: 1_000_000 }), far, randomFrom(1));
    expect(whole.busy.room).toBeGreaterThan(0.7);
    expect(whole.latencyMs.p99).toBeGreaterThan(simulate(shape(20_000), far, randomFrom(1)).latencyMs.p99);
  });

  it('costs what its parts cost at the prices that are given', () => {
    const outcome = simulate(shape(9000), far, randomFrom(1));
    const arrivalsPerHour = 13_500;
    const once = dollarsPerHour(outcome, shape(9000), { arrivalsPerHour, prices: LIST_PRICES });
    expect(once.total).toBeCloseTo(once.awake + once.deliveries + once.rows + once.arrivals, 9);
    // Six objects awake for an hour, billed as 128 MB each.
    expect(once.awake).toBeCloseTo((6 * 0.128 * 3600 * 12.5) / 1e6, 9);
    const prices = { ...LIST_PRICES, perMillionRowsWritten: 2 * LIST_PRICES.perMillionRowsWritten };
    expect(dollarsPerHour(outcome, shape(9000), { arrivalsPerHour, prices }).rows).toBeCloseTo(2 * once.rows, 9);
  });

  it('lets things happen in the order of their times', () => {
    const queue = new EventQueue();
    const random = randomFrom(3);
    const happened: number[] = [];
    for (let nth = 0; nth < 500; nth++) queue.at(Math.floor(random() * 1000), (atMs) => happened.push(atMs));
    queue.run();
    expect(happened).toHaveLength(500);
    expect(happened).toEqual([...happened].sort((a, b) => a - b));
  });
});
