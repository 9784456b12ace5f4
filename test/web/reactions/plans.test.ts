import { describe, expect, it } from 'vitest';
import { TAPS_PER_FRAME_MAX } from '../../../src/protocol/chat/reaction-words.ts';
import { percent, short, viewersWords } from '../../../src/web/reactions/counts-words.ts';
import { NO_TAPS, SEND_EVERY_MS, taken, tapped } from '../../../src/web/reactions/tap-batch.ts';
import { NOT_WATCHING, type Say, watchSecond } from '../../../src/web/reactions/watching-plan.ts';

/** A page, second by second: `p` plays, `s` stands still, `h` plays in the background. */
function says(seconds: string): { second: number; say: NonNullable<Say> }[] {
  let watching = NOT_WATCHING;
  return [...seconds].flatMap((second, at) => {
    const facts = { isPlaying: second !== 's', isShown: second !== 'h', nowMs: at * 1000, random: 0.5 };
    const next = watchSecond(watching, facts);
    watching = next.watching;
    return next.say ? [{ second: at, say: next.say }] : [];
  });
}
const kinds = (seconds: string) => says(seconds).map(({ second, say }) => `${second} ${say.kind}`);

describe('a page that plays', () => {
  it('says so once it has played for two seconds, and then every half a minute', () => {
    expect(says('p'.repeat(65))).toEqual([
      { second: 1, say: { kind: 'beat', playedSeconds: 2 } },
      { second: 31, say: { kind: 'beat', playedSeconds: 30 } },
      { second: 61, say: { kind: 'beat', playedSeconds: 30 } },
    ]);
  });

  it('does not count while it never plays, or only where nobody looks', () => {
    expect(kinds('s'.repeat(100))).toEqual([]);
    expect(kinds('h'.repeat(100))).toEqual([]);
  });

  it('says at once that it went to the background, and after a while that it was paused, but not that it stalled', () => {
    expect(kinds('ppphhhhpp')).toEqual(['1 beat', '3 left', '8 beat']);
    expect(kinds(`ppp${'s'.repeat(12)}`)).toEqual(['1 beat', '10 left']);
    expect(kinds('pppsssspppp')).toEqual(['1 beat']);
  });

  it('spreads what it says, so that an audience that came together does not speak at once', () => {
    const nextOf = (random: number) => {
      const facts = { isPlaying: true, isShown: true, nowMs: 0, random };
      return watchSecond({ ...NOT_WATCHING, playedSeconds: 5 }, facts).watching.nextBeatAtMs;
    };
    expect([nextOf(0), nextOf(0.5), nextOf(1)]).toEqual([27_000, 30_000, 33_000]);
  });
});

describe('taps', () => {
  const many = (count: number) =>
    Array.from({ length: count }).reduce<typeof NO_TAPS>((batch) => tapped(batch, 'heart'), NO_TAPS);

  it('are gathered into frames that the room takes, one in a quarter of a second', () => {
    const first = taken(many(TAPS_PER_FRAME_MAX + 3), 1000)!;
    expect(first.counts).toEqual({ heart: TAPS_PER_FRAME_MAX });
    expect(taken(first.batch, 1000 + SEND_EVERY_MS - 1)).toBeNull();
    const second = taken(tapped(first.batch, 'fire'), 1000 + SEND_EVERY_MS)!;
    expect(second.counts).toEqual({ heart: 3, fire: 1 });
    expect(taken(second.batch, 9000)).toBeNull();
  });

  it('do not pile up', () => {
    expect(many(1000).waiting.length).toBeLessThan(100);
  });
});

it('counts are said as people read them', () => {
  expect([0, 987, 1000, 1240, 34_000, 999_400, 999_900, 5_600_000].map(short)).toEqual([
    '0',
    '987',
    '1k',
    '1.2k',
    '34k',
    '999k',
    '1M',
    '5.6M',
  ]);
  expect([viewersWords(1), viewersWords(12_345)]).toEqual(['1 viewer', '12,345 viewers']);
  expect([percent(0, 0), percent(1, 3)]).toEqual([0, 33]);
});
