// The rounds in which the lines of a room are told: one after the other, each the newest, and nobody is forgotten.
import { describe, expect, it, vi } from 'vitest';
import { ShardRounds } from '../../durable-objects/live-room/shard-rounds.ts';
import { sleep } from '../support/sleep.ts';
import { FarEnd, fails, Log, lineTo } from './far-end.ts';

const LIMIT = { timeout: 5000, interval: 5 };

function roundsOf(log: Log, { lines, frameIntervalMs }: { lines: number; frameIntervalMs: number }) {
  const farEnds = Array.from({ length: lines }, () => new FarEnd());
  const all = farEnds.map((farEnd) => lineTo(farEnd, log));
  const awake = new Set(all);
  const rounds = new ShardRounds({
    lines: () => all.filter((line) => awake.has(line)),
    newestSeq: () => log.seq,
    frameIntervalMs: () => frameIntervalMs,
  });
  const isKnown = () => [...awake].every((line) => line.isOffered(log.seq));
  return {
    farEnds,
    all,
    awake,
    rounds,
    isKnown,
    isSoonKnown: () => vi.waitFor(() => expect(isKnown()).toBe(true), LIMIT),
  };
}
const counts = (farEnds: FarEnd[]) => farEnds.map(({ deliveries }) => deliveries.length);
const heardUpTo = ({ deliveries }: FarEnd) => deliveries.at(-1)!.afterSeq + deliveries.at(-1)!.frames.length;

describe('The rounds of a room', () => {
  it('tell one line after the other, each the newest when it is its turn', async () => {
    const log = new Log();
    const { farEnds, rounds, isSoonKnown } = roundsOf(log, { lines: 4, frameIntervalMs: 400 });
    const told = () => counts(farEnds).reduce((sum, count) => sum + count);
    for (let nth = 0; nth < 3; nth++) {
      log.grow();
      rounds.go();
    }
    await vi.waitFor(() => expect(told()).toBe(1), LIMIT);
    log.grow();
    rounds.go();
    await isSoonKnown();
    // The first was told before the last event: its turn comes again, and nobody else's.
    await vi.waitFor(() => expect(told()).toBe(5), LIMIT);
    expect(counts(farEnds)).toEqual([2, 1, 1, 1]);
    expect(farEnds.map(heardUpTo)).toEqual([4, 4, 4, 4]);
  });

  it('leave time between, so that what comes meanwhile goes in one', async () => {
    const log = new Log();
    const { farEnds, rounds, isSoonKnown } = roundsOf(log, { lines: 2, frameIntervalMs: 200 });
    for (let nth = 0; nth < 40; nth++) {
      log.grow();
      rounds.go();
      await sleep(10);
    }
    await isSoonKnown();
    for (const count of counts(farEnds)) expect(count).toBeLessThan(10);
  });

  it('reach a line that wakes in the middle of one, and end without one that rests', async () => {
    const log = new Log();
    const { farEnds, all, awake, rounds, isSoonKnown } = roundsOf(log, { lines: 3, frameIntervalMs: 150 });
    awake.delete(all[2]!);
    log.grow();
    rounds.go();
    await vi.waitFor(() => expect(farEnds[0]!.deliveries).toHaveLength(1), LIMIT);
    awake.delete(all[1]!);
    awake.add(all[2]!);
    await isSoonKnown();
    await vi.waitFor(() => expect(farEnds[2]!.deliveries).toHaveLength(1), LIMIT);
    await sleep(200);
    expect(farEnds[0]!.deliveries).toHaveLength(1);
  });

  it('do not wait for a line that cannot be reached, and try it again with the next event', async () => {
    const log = new Log();
    const { farEnds, rounds, isSoonKnown } = roundsOf(log, { lines: 2, frameIntervalMs: 20 });
    const [broken, whole] = farEnds as [FarEnd, FarEnd];
    broken.answer = fails;
    log.grow();
    rounds.go();
    await isSoonKnown();
    await vi.waitFor(() => expect(heardUpTo(whole)).toBe(1), LIMIT);
    broken.answer = new FarEnd().answer;
    log.grow();
    rounds.go();
    await vi.waitFor(() => expect(farEnds.map(heardUpTo)).toEqual([2, 2]), LIMIT);
  });

  it('are none where a frame takes no time', () => {
    const log = new Log();
    const { rounds, isKnown } = roundsOf(log, { lines: 3, frameIntervalMs: 0 });
    log.grow();
    rounds.go();
    expect(isKnown()).toBe(true);
  });

  it('wait for nobody where there is no line', () => {
    const { rounds } = roundsOf(new Log(), { lines: 0, frameIntervalMs: 100 });
    expect(() => rounds.go()).not.toThrow();
  });

  it('go on when the clock is set back', async () => {
    const log = new Log();
    const { rounds, isSoonKnown } = roundsOf(log, { lines: 2, frameIntervalMs: 50 });
    log.grow();
    rounds.go();
    await isSoonKnown();
    const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() - 3_600_000);
    log.grow();
    rounds.go();
    clock.mockRestore();
    await isSoonKnown();
  });
});
