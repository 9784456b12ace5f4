import { describe, expect, it } from 'vitest';
import {
  ANNOUNCED_FOR_MS,
  KEPT_FOR_MS,
  planKeys,
  type ScheduledKey,
  SIGNS_FOR_MS,
} from '../../../src/domain/oauth/key-schedule.ts';

const HOUR_MS = 3_600_000;
const START_MS = 1_900_000_000_000;

describe('the keys that sign', () => {
  it('begin with one that signs at once', () => {
    expect(planKeys([], START_MS)).toEqual({
      signing: null,
      published: [],
      expired: [],
      next: { signsFromMs: START_MS },
    });
  });

  it('are never without one that signs when the first comes from a clock that is ahead', () => {
    const key = { signsFromMs: START_MS + 50 };
    expect(planKeys([key], START_MS).signing).toBe(key);
  });

  it.each([1, 5, 24 * 45])('follow each other without a gap when somebody looks every %i hours', (everyHours) => {
    let keys: ScheduledKey[] = [];
    let signing: ScheduledKey | null = null;
    let announcedAtMs = new Map<ScheduledKey, number>();
    let droppedAtMs = new Map<ScheduledKey, number>();
    for (let nowMs = START_MS; nowMs < START_MS + 6 * SIGNS_FOR_MS; nowMs += everyHours * HOUR_MS) {
      const plan = planKeys(keys, nowMs);
      keys = keys.filter((key) => !plan.expired.includes(key));
      if (plan.next) keys.push(plan.next);
      const now = planKeys(keys, nowMs);
      for (const key of now.published) if (!announcedAtMs.has(key)) announcedAtMs = announcedAtMs.set(key, nowMs);
      if (now.signing !== signing) {
        // The old one stays to be checked against for as long as anything that it signed may live.
        if (signing) droppedAtMs = droppedAtMs.set(signing, nowMs);
        if (signing)
          expect(now.signing!.signsFromMs - announcedAtMs.get(now.signing!)!).toBeGreaterThanOrEqual(ANNOUNCED_FOR_MS);
        signing = now.signing;
      }
      expect(now.signing).not.toBeNull();
      expect(now.published).toContain(now.signing);
      for (const [key, ms] of droppedAtMs)
        if (nowMs - ms < KEPT_FOR_MS - everyHours * HOUR_MS) expect(now.published).toContain(key);
      expect(keys.length).toBeLessThanOrEqual(3);
    }
  });
});
