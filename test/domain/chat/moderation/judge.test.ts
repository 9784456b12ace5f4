import { describe, expect, it } from 'vitest';
import { ROLES, type Role } from '../../../../src/domain/access.ts';
import type { Line } from '../../../../src/domain/chat/moderation/findings.ts';
import { judge, type RoomSettings, STANDARD } from '../../../../src/domain/chat/moderation/judge.ts';
import { compileLists, NO_LISTS } from '../../../../src/domain/chat/moderation/own-lists.ts';
import { EMPTY_MEMORY, type Memory } from '../../../../src/domain/chat/moderation/repeats.ts';
import { PASSES, STRICTNESS, type Strictness } from '../../../../src/domain/chat/moderation/strictness.ts';
import type { Verdict } from '../../../../src/domain/chat/moderation/verdict.ts';
import { known, verdictOn } from './measure.ts';

const said = (
  text: string,
  change: Partial<Line> = {},
  settings: Partial<RoomSettings> = {},
  lists = NO_LISTS,
): Verdict =>
  judge(
    { ...known, text, ...change },
    { lists, settings: { ...STANDARD, ...settings }, memory: EMPTY_MEMORY, nowMs: 0 },
  ).verdict;
const stranger = { accountAgeMs: 60_000, followingForMs: null, linesBefore: 0 };

describe('what is shown of a line', () => {
  it.each([
    ['what the fuck man', 'what the **** man'],
    ['f u c k you', '* * * * you'],
    ['so ein f\u200buck', 'so ein *****'],
    ['𝓯𝓾𝓬𝓴 that', '**** that'],
    ['sh1t and ѕһіt', '**** and ****'],
    ['motherfuckers!', '*************!'],
    ['ну хуй', 'ну ***'],
    ['主播 傻 逼 呀', '主播 * * 呀'],
    ['fuuuuuck', '********'],
  ])('%s is masked exactly where the word stood', (text, shown) => {
    expect(said(text)).toMatchObject({ action: 'mask', shown, reason: 'profanity' });
  });

  it('is the very text when nothing is wrong with it', () => {
    const text = 'Ｈello  ＷＯＲＬＤ \u200d e\u0301';
    expect(said(text)).toMatchObject({ action: 'allow', shown: text, reason: null, score: 0, found: [] });
  });

  it('is nothing of a denied line, and what approval would show of a held one', () => {
    expect(said('you nigger')).toMatchObject({ action: 'deny', shown: '', reason: 'slur' });
    expect(said('fuck, go kill yourself')).toMatchObject({
      action: 'hold',
      shown: '****, go kill yourself',
      reason: 'harassment',
    });
  });
});

describe('the lists of a channel and of the platform', () => {
  const lists = compileLists({
    version: '1',
    channel: [
      { text: 'spoil*', action: 'mask' },
      { text: '*zilla', action: 'hold' },
      { text: 'pineapple pizza', action: 'deny' },
    ],
    platform: [{ text: 'forbidden', action: 'deny' }],
  });

  it.each([
    ['no spoilers here', 'mask', 'channel_word'],
    ['a despoiled land', 'allow', null],
    ['mozilla', 'hold', 'channel_word'],
    ['zillah', 'allow', null],
    ['p1neapple   PIZZA', 'deny', 'channel_word'],
    ['pineapple cake', 'allow', null],
    ['f o r b i d d e n', 'deny', 'platform_word'],
  ])('%s: %s', (text, action, reason) => {
    expect(said(text, {}, {}, lists)).toMatchObject({ action, reason });
  });

  it('leave out what has no letter in it, and take any text for a word', () => {
    const odd = compileLists({
      version: '2',
      channel: ['*', '**', '', '[', '?', '|x|', '\\', ']a['].map((text) => ({ text, action: 'deny' })),
      platform: [],
    });
    expect(said('hello', {}, {}, odd).action).toBe('allow');
    expect(said('an x here', {}, {}, odd).action).toBe('deny');
  });
});

describe('who passes', () => {
  const lists = compileLists({
    version: '1',
    channel: [{ text: 'spoiler', action: 'deny' }],
    platform: [{ text: 'forbidden', action: 'deny' }],
  });

  it.each(ROLES)('%s: as the table says', (role: Role) => {
    const roles = { authorRoles: ['viewer', role] as Role[] };
    expect(said('spoiler', roles, {}, lists).action).toBe(PASSES[role].room ? 'allow' : 'deny');
    expect(said('fuck', roles).shown).toBe(PASSES[role].room ? 'fuck' : '****');
    expect(said('forbidden', roles, {}, lists).action).toBe('deny');
    expect(said('https://paypa1.com/login', roles).action).toBe('deny');
  });
});

describe('strictness', () => {
  const TABLE: [string, Record<Strictness, string>][] = [
    ['what the fuck', { relaxed: 'allow', standard: 'mask', strict: 'hold' }],
    ['you idiot', { relaxed: 'allow', standard: 'allow', strict: 'hold' }],
    ['kill yourself', { relaxed: 'hold', standard: 'hold', strict: 'deny' }],
    ['see mysite.xyz', { relaxed: 'allow', standard: 'hold', strict: 'deny' }],
    ['https://steamcommunlty.com/trade', { relaxed: 'deny', standard: 'deny', strict: 'deny' }],
    ['hello there', { relaxed: 'allow', standard: 'allow', strict: 'allow' }],
  ];
  it.each(TABLE)('%s', (text, actions) => {
    for (const strictness of STRICTNESS) expect(said(text, {}, { strictness }).action).toBe(actions[strictness]);
  });
});

describe('links', () => {
  it.each([
    ['https://www.youtube.com/watch?v=1', null],
    ['https://example.com/page', 'link'],
    ['example dot com', 'disguised_link'],
    ['example(.)com', 'disguised_link'],
    ['bit.ly/abc', 'short_link'],
    ['https://раураl.com', 'lookalike_link'],
    ['https://google.com@evil.ru/x', 'lookalike_link'],
    ['twitch.tv.login-check.com', 'lookalike_link'],
    ['great.It was', null],
    ['node.js and README.md', null],
    ['mail someone@example.com', null],
    ['版本1.2.3', null],
  ])('%s: %s', (text, reason) => {
    expect(verdictOn(text).reason).toBe(reason);
  });

  it('to sites of the room pass, and what follows from the others is the room’s choice', () => {
    expect(said('https://shop.example.com/x', {}, { allowedSites: ['Example.com'] }).action).toBe('allow');
    expect(said('https://notexample.com', {}, { allowedSites: ['example.com'] }).action).toBe('hold');
    expect(said('see https://a.xyz/b now', {}, { links: 'mask' })).toMatchObject({
      action: 'mask',
      shown: 'see *************** now',
    });
  });
});

describe('a new account', () => {
  it('may say hello, and is held where somebody known is only doubted', () => {
    expect(said('hello', stranger).action).toBe('allow');
    expect(said('you idiot', stranger)).toMatchObject({ action: 'hold', reason: 'new_account' });
    expect(said('you idiot').action).toBe('allow');
    expect(said('hello', stranger, { strictness: 'strict' }).action).toBe('hold');
  });
});

describe('the memory of a room', () => {
  const LONG = 'have you all seen the new trailer of that film';
  const sayAll = (lines: { text: string; authorId: string; nowMs: number; isNew?: boolean }[]): Verdict[] => {
    let memory: Memory = EMPTY_MEMORY;
    return lines.map(({ text, authorId, nowMs, isNew }) => {
      const line = { ...known, ...(isNew ? stranger : {}), text, authorId };
      const judged = judge(line, { lists: NO_LISTS, settings: STANDARD, memory, nowMs });
      memory = judged.memory;
      expect(memory.lines.length).toBeLessThanOrEqual(128);
      return judged.verdict;
    });
  };

  it('denies the third of the same long line within half a minute, changed a little or not', () => {
    const verdicts = sayAll(
      [LONG, `${LONG}!`, `${LONG} x`, LONG].map((text, nth) => ({ text, authorId: 'us_a', nowMs: nth * 1000 })),
    );
    expect(verdicts.map(({ action }) => action)).toEqual(['allow', 'allow', 'deny', 'deny']);
    expect(verdicts[3]?.reason).toBe('duplicate');
  });

  it('has forgotten after half a minute', () => {
    const verdicts = sayAll([0, 1000, 40_000].map((nowMs) => ({ text: LONG, authorId: 'us_a', nowMs })));
    expect(verdicts.map(({ action }) => action)).toEqual(['allow', 'allow', 'allow']);
  });

  it('lets everybody say "gg", and somebody say it four times', () => {
    const crowd = Array.from({ length: 300 }, (_, nth) => ({
      text: 'gg',
      authorId: `us_${nth}`,
      nowMs: nth,
      isNew: true,
    }));
    expect(sayAll(crowd).every(({ action }) => action === 'allow')).toBe(true);
    const again = sayAll(Array.from({ length: 5 }, (_, nth) => ({ text: 'gg', authorId: 'us_a', nowMs: nth })));
    expect(again.map(({ action }) => action)).toEqual(['allow', 'allow', 'allow', 'allow', 'deny']);
  });

  it('holds what many new accounts say alike, from the fifth on; regulars may say it together', () => {
    const raid = (isNew: boolean): Verdict[] =>
      sayAll(
        Array.from({ length: 7 }, (_, nth) => ({
          text: `${LONG} ${nth}${nth}`,
          authorId: `us_${nth}`,
          nowMs: nth * 100,
          isNew,
        })),
      );
    expect(raid(true).map(({ action }) => action)).toEqual([
      'allow',
      'allow',
      'allow',
      'allow',
      'hold',
      'hold',
      'hold',
    ]);
    expect(raid(true)[6]?.found.some(({ kind }) => kind === 'raid')).toBe(true);
    expect(raid(false).every(({ action }) => action === 'allow')).toBe(true);
  });

  it('is bounded, and is not changed in place', () => {
    const before = judge(
      { ...known, text: LONG },
      { lists: NO_LISTS, settings: STANDARD, memory: EMPTY_MEMORY, nowMs: 0 },
    ).memory;
    const copy = structuredClone(before);
    judge({ ...known, text: LONG }, { lists: NO_LISTS, settings: STANDARD, memory: before, nowMs: 1 });
    expect(before).toEqual(copy);
    sayAll(
      Array.from({ length: 300 }, (_, nth) => ({
        text: `${nth.toString(36)} ${'qwertzuiop'.slice(nth % 10)} number ${String.fromCharCode(97 + (nth % 26), 97 + (nth % 25), 97 + (nth % 23))}`,
        authorId: `us_${nth}`,
        nowMs: nth,
      })),
    );
  });
});
