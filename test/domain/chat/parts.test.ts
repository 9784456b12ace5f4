import { describe, expect, it } from 'vitest';
import { frameIntervalMs, retryWindow } from '../../../src/domain/chat/audience.ts';
import { Conduct } from '../../../src/domain/chat/conduct.ts';
import { mentionsIn } from '../../../src/domain/chat/mentions.ts';
import { sameness } from '../../../src/domain/chat/modes.ts';
import { readClientFrame } from '../../../src/domain/chat/read-frame.ts';
import { waitInWords } from '../../../src/domain/chat/refusal.ts';
import { closeReason, readCloseReason } from '../../../src/protocol/chat/closing.ts';

describe('the size of a room', () => {
  it.each([
    [1, 0],
    [199, 0],
    [200, 100],
    [1999, 100],
    [2000, 250],
    [9000, 250],
  ])('%d sockets are told every %d ms', (sockets, ms) => expect(frameIntervalMs(sockets)).toBe(ms));

  it('spreads those who come back', () => {
    expect(retryWindow(1)).toEqual({ fromMs: 250, toMs: 1250 });
    expect(retryWindow(9000).toMs).toBeGreaterThanOrEqual(18_000);
  });
});

describe('a mention', () => {
  it.each([
    ['@ada hello', ['ada']],
    ['Hello @Ada_L, and @ben.', ['ada_l', 'ben']],
    ['mail me at me@example.org', []],
    ['@@ada @', []],
    ['@ada @Ada @ada', ['ada']],
    ['(@x-y.z)!', ['x-y.z']],
    [
      Array.from({ length: 12 }, (_, index) => `@u${index}`).join(' '),
      Array.from({ length: 10 }, (_, index) => `u${index}`),
    ],
  ])('is found in %s', (text, handles) => expect(mentionsIn(text)).toEqual(handles));
});

describe('a wait', () => {
  it.each([
    [1, '1 second'],
    [59, '59 seconds'],
    [119, '119 seconds'],
    [121, '3 minutes'],
    [7200, '2 hours'],
    [200_000, '3 days'],
  ])('of %d is said as %s', (seconds, words) => expect(waitInWords(seconds)).toBe(words));
});

it('the same in other clothes is the same', () => {
  expect(sameness('  Hello   WORLD\u200b ')).toBe(sameness('hello world'));
  expect(sameness('Ｈｅｌｌｏ')).toBe('hello');
});

it('a close reason is read as it was written', () => {
  expect(closeReason('roles_changed', { fromMs: 250, toMs: 4000 })).toBe('roles_changed 250-4000');
  expect(readCloseReason('roles_changed 250-4000')).toEqual({
    closing: 'roles_changed',
    retry: { fromMs: 250, toMs: 4000 },
  });
  expect(readCloseReason('room_closed')).toEqual({ closing: 'room_closed', retry: null });
  for (const reason of ['', 'nonsense', 'roles_changed 1', 'roles_changed 1-2-3'])
    expect(readCloseReason(reason)).toBeNull();
});

describe('a socket', () => {
  it('may send ten frames a second for ever, and thirty at once', () => {
    const conduct = new Conduct(0);
    for (let index = 0; index < 1000; index++) expect(conduct.frame(index * 100)).toBe('fine');
    for (let index = 0; index < 28; index++) expect(conduct.frame(100_000)).toBe('fine');
  });

  it('that floods is told so twenty times and then closed', () => {
    const conduct = new Conduct(0);
    const answers = Array.from({ length: 60 }, () => conduct.frame(0));
    expect([answers.indexOf('too_fast'), answers.indexOf('close')]).toEqual([30, 50]);
  });

  it('that makes a mistake now and then is never closed', () => {
    const conduct = new Conduct(0);
    for (let index = 0; index < 500; index++) expect(conduct.strike(index * 10_000)).toBe('refuse');
  });
});

describe('a frame', () => {
  it('keeps the fields that we do not know', () => {
    const read = readClientFrame('{"kind":"resume","afterSeq":3,"why":"a gap"}');
    expect(read).toEqual({ ok: true, frame: { kind: 'resume', afterSeq: 3, why: 'a gap' } });
  });

  it('is measured in bytes', () => {
    const text = (length: number) => JSON.stringify({ kind: 'send', clientId: 'c', text: '語'.repeat(length) });
    expect(readClientFrame(text(500)).ok).toBe(true);
    expect(readClientFrame(text(1400))).toMatchObject({ refusal: { code: 'payload_too_large' } });
  });
});
