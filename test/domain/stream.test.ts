import { describe, expect, test } from 'vitest';
import {
  advance,
  judgePublish,
  QUIET_MS,
  quietUntilMs,
  type StreamEvent,
  type StreamLife,
} from '../../src/domain/stream.ts';
import type { SessionId } from '../../src/protocol/ids.ts';

const at = { nowMs: 100_000, reconnectWindowMs: 60_000 };
const waiting: StreamLife = { state: 'waiting' };
const live: StreamLife = { state: 'live', sinceMs: 1 };
const interrupted: StreamLife = { state: 'interrupted', sinceMs: 90_000, endsAtMs: 150_000 };
const ended: StreamLife = { state: 'ended', atMs: 5 };
const segment: StreamEvent = { type: 'segment_completed' };

describe('The life of a stream', () => {
  const table: [string, StreamLife, StreamEvent, StreamLife][] = [
    ['the first whole segment makes it live', waiting, segment, { state: 'live', sinceMs: 100_000 }],
    ['a chunk alone does not', waiting, { type: 'media_came' }, waiting],
    ['a publisher that left before its first segment changes nothing', waiting, { type: 'publisher_left' }, waiting],
    [
      'the publisher left: its place is kept',
      live,
      { type: 'publisher_left' },
      { state: 'interrupted', sinceMs: 100_000, endsAtMs: 160_000 },
    ],
    ['it came back', interrupted, { type: 'media_came' }, { state: 'live', sinceMs: 100_000 }],
    ['the window is not over', interrupted, { type: 'time_passed' }, interrupted],
    ['leaving again does not lengthen it', interrupted, { type: 'publisher_left' }, interrupted],
    [
      'a shorter window ends it at once',
      { ...interrupted, sinceMs: 10_000 },
      { type: 'window_changed' },
      { state: 'ended', atMs: 70_000 },
    ],
    ['the owner ends it', live, { type: 'end_wanted' }, { state: 'ended', atMs: 100_000, cutOff: true }],
    [
      'or while it is interrupted',
      interrupted,
      { type: 'end_wanted' },
      { state: 'ended', atMs: 100_000, cutOff: true },
    ],
    ['also before it began', waiting, { type: 'end_wanted' }, { state: 'ended', atMs: 100_000 }],
    ['ended is for good', ended, { type: 'media_came' }, ended],
    ['ended once', ended, { type: 'end_wanted' }, ended],
  ];
  for (const [name, life, event, expected] of table)
    test(name, () => expect(advance(life, event, at)).toEqual(expected));

  test('the window passed: it ended when the window did', () => {
    expect(advance(interrupted, { type: 'time_passed' }, { ...at, nowMs: 200_000 })).toEqual({
      state: 'ended',
      atMs: 150_000,
    });
  });

  test('with a window of zero the stream ends with its publisher', () => {
    expect(advance(live, { type: 'publisher_left' }, { ...at, reconnectWindowMs: 0 })).toEqual({
      state: 'ended',
      atMs: 100_000,
    });
  });
});

describe('An encoder whose broadcast was ended', () => {
  const cut: StreamLife = { state: 'ended', atMs: 100_000, cutOff: true };

  /** When, if ever, an encoder gets in that tries again and again, `delayMs(n)` after its try before. */
  function getsInAt(delayMs: (attempt: number) => number, attempts: number): number | null {
    let lastTryMs: number | null = null;
    let nowMs = 100_000;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      nowMs += delayMs(attempt);
      if (nowMs >= quietUntilMs(cut, lastTryMs)) return nowMs;
      lastTryMs = nowMs;
    }
    return null;
  }

  const encoders: [string, (attempt: number) => number][] = [
    [
      'OBS: 25 times, from 2 s on, each time half as long again',
      (attempt) => Math.min(900_000, 2000 * 1.55 ** attempt),
    ],
    [
      'a browser: from 0.7 s on, twice as long each time, up to 15 s',
      (attempt) => Math.min(15_000, 700 * 2 ** attempt),
    ],
    ['a loop without a pause', () => 500],
    ['a box that tries every ten seconds', () => 10_000],
  ];
  for (const [name, delayMs] of encoders)
    test(`does not come back by itself: ${name}`, () => expect(getsInAt(delayMs, 25)).toBeNull());

  test('goes live again when somebody starts it later', () => {
    expect(getsInAt(() => QUIET_MS, 1)).toBe(100_000 + QUIET_MS);
    expect(quietUntilMs(cut, 160_000)).toBe(280_000);
  });

  test('is not held up when its window ran out, or nothing was sent yet', () => {
    expect(quietUntilMs(ended, null)).toBe(0);
    expect(quietUntilMs(live, null)).toBe(0);
  });
});

describe('Who may publish', () => {
  const [first, second] = ['se_first', 'se_second'] as SessionId[];
  const present = { sessionId: first!, lastHeardMs: 10_000 };

  test('the first one who asks, and the same one again', () => {
    expect(judgePublish(waiting, null, first!, 10_500)).toEqual({ ok: true, supersedes: null });
    expect(judgePublish(live, present, first!, 10_500)).toEqual({ ok: true, supersedes: null });
  });

  test('a second one only after two seconds of silence', () => {
    expect(judgePublish(live, present, second!, 11_999)).toMatchObject({
      ok: false,
      code: 'already_publishing',
      retryAfterSeconds: 1,
    });
    expect(judgePublish(live, present, second!, 12_000)).toEqual({ ok: true, supersedes: first });
  });

  test('nobody once it has ended', () => {
    expect(judgePublish(ended, null, first!, 0)).toMatchObject({ ok: false, code: 'conflict' });
  });
});
