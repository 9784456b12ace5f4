// Nobody hears of a goal before their own picture has shown it, and nobody waits for what they have seen.
import { describe, expect, it } from 'vitest';
import { isDue, showDue } from '../../../src/web/chat/due.ts';
import {
  type PictureClock,
  readPictureClock,
  type SpoilerChoice,
  shownUntilMs,
  startPictureClock,
} from '../../../src/web/chat/picture-clock.ts';
import type { Line } from '../../../src/web/chat/state.ts';
import { randomFrom } from '../../support/random.ts';
import { person, SENT_AT_MS, said } from './frames.ts';

const START_MS = SENT_AT_MS;
const TICK_MS = 200;

const line = (message: ReturnType<typeof said>): Line => ({ kind: 'message', key: message.id, message });

/** A viewer whose picture is this far behind the lens. */
class Viewer {
  readonly lagMs: number;
  readonly id: string;
  readonly choice: SpoilerChoice;
  clock: PictureClock = startPictureClock(START_MS);
  shown: Line[] = [];
  /** When each text came onto the screen. */
  readonly seenAt = new Map<string, number>();

  constructor(name: string, lagMs: number, choice: SpoilerChoice = 'auto') {
    this.id = person(name).id;
    this.lagMs = lagMs;
    this.choice = choice;
  }
  playingMs(nowMs: number): number {
    return nowMs - this.lagMs;
  }
  look(lines: readonly Line[], nowMs: number): void {
    const reading = { readingMs: this.playingMs(nowMs), nowMs, isLive: true, choice: this.choice };
    this.clock = readPictureClock(this.clock, reading);
    this.shown = showDue(this.shown, lines, { untilMs: shownUntilMs(this.clock, nowMs), youId: this.id });
    for (const shown of this.shown)
      if (shown.kind === 'message' && !this.seenAt.has(shown.message.text)) this.seenAt.set(shown.message.text, nowMs);
  }
}

describe('two players eight seconds apart', () => {
  const near = new Viewer('ben', 1_000);
  const far = new Viewer('cleo', 9_000);
  const goalMs = START_MS + 20_000;
  const lines: Line[] = [];
  let seq = 0;
  const say = (viewer: Viewer, name: string, text: string, nowMs: number) => {
    seq += 1;
    const facts = { author: person(name), mediaTimeMs: viewer.playingMs(nowMs), sentAt: new Date(nowMs).toISOString() };
    lines.push(line(said(seq, text, facts)));
  };
  for (let nowMs = START_MS; nowMs < START_MS + 60_000; nowMs += TICK_MS) {
    if (near.playingMs(nowMs) === goalMs) say(near, 'ben', 'GOAL', nowMs);
    if (far.playingMs(nowMs) === goalMs) say(far, 'cleo', 'goal here, too', nowMs);
    if (nowMs === goalMs + 3_000) say(far, 'cleo', 'boring match', nowMs);
    for (const viewer of [near, far]) viewer.look(lines, nowMs);
  }

  it('"GOAL" never precedes the goal on either', () => {
    expect(near.seenAt.get('GOAL')).toBe(goalMs + 1_000);
    expect(far.seenAt.get('GOAL')).toBe(goalMs + 9_000);
  });

  it('what the late one says is at once with both', () => {
    for (const viewer of [near, far]) {
      expect(viewer.seenAt.get('boring match')).toBe(goalMs + 3_000);
      expect(viewer.seenAt.get('goal here, too')).toBe(goalMs + 9_000);
    }
  });

  it('what becomes due comes at the end, after what was read already', () => {
    const texts = far.shown.map((shown) => shown.kind === 'message' && shown.message.text);
    expect(texts).toEqual(['boring match', 'GOAL', 'goal here, too']);
  });
});

describe('many viewers with lags of all kinds', () => {
  it('see nothing before their picture, all of it in the end, and each line once', () => {
    const next = randomFrom(2026);
    const viewers = Array.from({ length: 12 }, (_, index) => new Viewer(`v${index}`, 5_200 + next() * 40_000, 'auto'));
    const lines: Line[] = [];
    const saidAt = new Map<string, number>();
    for (let nowMs = START_MS; nowMs < START_MS + 120_000; nowMs += TICK_MS) {
      if (next() < 0.3 && nowMs < START_MS + 60_000) {
        const index = Math.floor(next() * viewers.length);
        const mediaTimeMs = Math.round(viewers[index]?.playingMs(nowMs) ?? 0);
        const seq = lines.length + 1;
        const facts = { author: person(`v${index}`), mediaTimeMs, sentAt: new Date(nowMs).toISOString() };
        lines.push(line(said(seq, `line ${seq}`, facts)));
        saidAt.set(`line ${seq}`, mediaTimeMs);
      }
      for (const viewer of viewers) viewer.look(lines, nowMs);
    }
    for (const viewer of viewers) {
      expect(viewer.shown.map(({ key }) => key).toSorted()).toEqual(lines.map(({ key }) => key).toSorted());
      for (const [text, seenMs] of viewer.seenAt)
        expect(viewer.playingMs(seenMs) + 1, text).toBeGreaterThanOrEqual(saidAt.get(text) ?? 0);
    }
  });
});

describe('the lock', () => {
  const after = (readings: [number | null, number][], choice: SpoilerChoice = 'auto', isLive = true) =>
    readings.reduce(
      (clock, [readingMs, nowMs]) => readPictureClock(clock, { readingMs, nowMs, isLive, choice }),
      startPictureClock(0),
    );

  it('holds by itself from five seconds behind, until three', () => {
    expect(after([[95_000, 99_900]]).isLocked).toBe(false);
    expect(after([[95_000, 100_100]]).isLocked).toBe(true);
    const falling: [number, number][] = [
      [90_000, 96_000],
      [93_000, 97_000],
    ];
    expect(after(falling).isLocked).toBe(true);
    expect(after([...falling, [95_500, 98_000]]).isLocked).toBe(false);
  });

  it('is the switch of the viewer', () => {
    expect(after([[99_000, 100_000]], 'on').isLocked).toBe(true);
    expect(after([[50_000, 100_000]], 'off').isLocked).toBe(false);
  });

  it('keeps the last moment while a player is rebuilt, and lets go when there is no picture any more', () => {
    const readings: [number | null, number][] = [
      [91_000, 100_000],
      [null, 110_000],
    ];
    expect(shownUntilMs(after(readings), 110_000)).toBe(91_000);
    expect(shownUntilMs(after([...readings, [null, 121_000]]), 121_000)).toBe(Number.POSITIVE_INFINITY);
    expect(shownUntilMs(after([...readings, [null, 121_000], [null, 122_000]]), 122_000)).toBe(
      Number.POSITIVE_INFINITY,
    );
  });

  it('expects the worst before the first picture of a live stream, for a while, and nothing where none is expected', () => {
    expect(shownUntilMs(after([[null, 5_000]]), 5_000)).toBe(5_000 - 30_000);
    expect(shownUntilMs(after([[null, 16_000]]), 16_000)).toBe(Number.POSITIVE_INFINITY);
    expect(shownUntilMs(after([[null, 5_000]], 'auto', false), 5_000)).toBe(Number.POSITIVE_INFINITY);
    expect(shownUntilMs(after([[null, 5_000]], 'off'), 5_000)).toBe(Number.POSITIVE_INFINITY);
  });

  it('does not hold for who paused long ago: there is nothing to play on from', () => {
    expect(after([[0, 130_000]], 'on').isLocked).toBe(false);
  });
});

describe('a line', () => {
  it('that says no picture, one of your own, and one from a picture that cannot have been seen yet are not held back', () => {
    const seen = { untilMs: SENT_AT_MS, youId: person('ben').id };
    expect(isDue(said(1, 'a'), seen)).toBe(true);
    expect(isDue(said(1, 'a', { mediaTimeMs: SENT_AT_MS + 500 }), seen)).toBe(false);
    expect(isDue(said(1, 'a', { mediaTimeMs: SENT_AT_MS + 500, author: person('ben') }), seen)).toBe(true);
    const far = said(1, 'a', { mediaTimeMs: SENT_AT_MS + 9_000_000 });
    expect(isDue(far, { ...seen, untilMs: Date.parse(far.sentAt) })).toBe(true);
  });

  it('that is removed while it waits is never shown, and one that changes changes where it stands', () => {
    const held = line(said(1, 'held', { mediaTimeMs: SENT_AT_MS + 500 }));
    const free = line(said(2, 'free'));
    const seen = { untilMs: SENT_AT_MS, youId: null };
    const shown = showDue([], [held, free], seen);
    expect(shown).toEqual([free]);
    const changed = line(said(2, 'free', { replyTo: null, text: 'masked' }));
    expect(showDue(shown, [changed], { ...seen, untilMs: Number.POSITIVE_INFINITY })).toEqual([changed]);
  });
});
