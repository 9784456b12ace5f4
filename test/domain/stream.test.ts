import { describe, expect, test } from 'vitest';
import { advance, judgePublish, type StreamEvent, type StreamLife } from '../../src/domain/stream.ts';
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
    ['the owner ends it', live, { type: 'end_wanted' }, { state: 'ended', atMs: 100_000 }],
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
