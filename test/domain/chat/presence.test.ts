import { describe, expect, it } from 'vitest';
import { isRobot, Presence } from '../../../src/domain/chat/presence.ts';
import { WATCHING_JITTER, WATCHING_LOST_SECONDS, WATCHING_SECONDS } from '../../../src/protocol/watching.ts';
import { randomFrom } from '../../support/random.ts';

const NOTHING = { viewers: 0, atMs: 0 };
const tagOf = (number: number): string => `tag${String(number).padStart(16, '0')}`;
const beat = (number: number, isLeaving = false) => ({ viewer: tagOf(number), isLeaving });

/** A page that plays, hidden or paused at times, and goes with or without a word. */
interface Page {
  tag: number;
  nextMs: number;
  goesAtMs: number;
  saysGoodBye: boolean;
}

describe('the count of viewers', () => {
  it('is within 2 % of the truth with 500 people who come, go without a word, and open a second window', () => {
    const random = randomFrom(20_261_124);
    const presence = new Presence(NOTHING);
    const pages = new Set<Page>();
    let tags = 0;
    const come = (nowMs: number, tag = ++tags) =>
      pages.add({
        tag,
        nextMs: nowMs,
        // A quarter of an hour on average.
        goesAtMs: nowMs - Math.log(1 - random()) * 900_000,
        saysGoodBye: random() < 0.8,
      });
    for (let count = 0; count < 500; count += 1) come(0);
    const errors: number[] = [];
    for (let nowMs = 0; nowMs <= 1_800_000; nowMs += 250) {
      for (const page of pages) {
        const isDoubled = () => [...pages].some((other) => other !== page && other.tag === page.tag);
        if (nowMs >= page.goesAtMs) {
          pages.delete(page);
          if (page.saysGoodBye && !isDoubled()) presence.beat(beat(page.tag, true), nowMs);
          // Somebody else comes in their place, one in ten of them with a second window of one who is there.
          const doubles = random() < 0.1 ? [...pages][Math.floor(random() * pages.size)]!.tag : undefined;
          come(nowMs, doubles);
        } else if (nowMs >= page.nextMs) {
          presence.beat(beat(page.tag), nowMs);
          page.nextMs = nowMs + WATCHING_SECONDS * 1000 * (1 - WATCHING_JITTER + 2 * WATCHING_JITTER * random());
        }
      }
      if (nowMs >= 60_000 && nowMs % 5000 === 0) {
        const truth = new Set([...pages].map(({ tag }) => tag)).size;
        errors.push((presence.count(nowMs) - truth) / truth);
      }
    }
    expect(errors.length).toBeGreaterThan(300);
    expect(Math.max(...errors.map(Math.abs))).toBeLessThan(0.02);
  });

  it('forgets who is not heard of, and at once who says so', () => {
    const presence = new Presence(NOTHING);
    for (const number of [1, 2, 3]) presence.beat(beat(number), 0);
    presence.beat(beat(2, true), 10);
    expect(presence.count(20)).toBe(2);
    presence.beat(beat(3), 20_000);
    expect(presence.count(WATCHING_LOST_SECONDS * 1000)).toBe(1);
    expect(presence.count(20_000 + WATCHING_LOST_SECONDS * 1000)).toBe(0);
  });

  it('outlives the memory of the object until everybody has had time to say so again', () => {
    const presence = new Presence({ viewers: 40, atMs: 1000 });
    presence.beat(beat(1), 2000);
    expect(presence.count(2000)).toBe(40);
    expect(presence.count(1000 + WATCHING_LOST_SECONDS * 1000)).toBe(1);
  });

  it('of a great audience is made from a sample, close to the truth on the way up and down', () => {
    const presence = new Presence(NOTHING, 10_000);
    const audience = 300_000;
    for (let number = 0; number < audience; number += 1) presence.beat(beat(number), 1000);
    expect(Math.abs(presence.count(1001) - audience) / audience).toBeLessThan(0.04);
    // All but a hundred go; those are sampled finer, and counted one by one once they were heard again.
    for (let nowMs = 30_000; nowMs <= 180_000; nowMs += 30_000) {
      for (let number = 0; number < 100; number += 1) presence.beat(beat(number), nowMs);
      presence.count(nowMs + 10_000);
    }
    expect(presence.count(190_000)).toBe(100);
  });

  it('has no place for what says of itself that it is a program', () => {
    for (const agent of ['Googlebot/2.1', 'curl/8.1', 'facebookexternalhit/1.1', 'python-requests/2', undefined])
      expect(isRobot(agent), agent).toBe(true);
    expect(isRobot('Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131 Safari/537.36')).toBe(false);
  });
});
