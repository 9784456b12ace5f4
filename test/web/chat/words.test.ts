// What is typed and what is read: commands, links, names, modes and refusals.
import { describe, expect, it } from 'vitest';
import { MESSAGE_CHARACTERS_MAX, MessageText } from '../../../src/protocol/chat/text.ts';
import { RoomSettings } from '../../../src/protocol/chat.ts';
import { readCommand } from '../../../src/web/chat/commands.ts';
import { modeWords, refusalWords, shutWords } from '../../../src/web/chat/room-words.ts';
import { EMPTY_ROOM } from '../../../src/web/chat/state.ts';
import { actionOf, countCharacters, isAction, textParts } from '../../../src/web/chat/text-parts.ts';
import { view } from './frames.ts';

const moderator = { mayModerate: true, replyToId: null, lastId: 'ms_last00' };
const viewer = { ...moderator, mayModerate: false };

describe('what is typed', () => {
  it.each([
    ['hello', { kind: 'say', text: 'hello' }],
    ['  hello ', { kind: 'say', text: 'hello' }],
    ['/usr/bin is a folder', { kind: 'say', text: '/usr/bin is a folder' }],
    ['/me  waves', { kind: 'say', text: '/me waves' }],
    ['/slow 10', { act: { kind: 'change', settings: { slowSeconds: 10 } } }],
    ['/slow 5s', { act: { kind: 'change', settings: { slowSeconds: 5 } } }],
    ['/SLOW off', { act: { kind: 'change', settings: { slowSeconds: 0 } } }],
    ['/slow 601', { kind: 'tell', isProblem: true }],
    ['/slow soon', { kind: 'tell', isProblem: true }],
    ['/followers', { act: { kind: 'change', settings: { followersOnlyMinutes: 0 } } }],
    ['/followers 30', { act: { kind: 'change', settings: { followersOnlyMinutes: 30 } } }],
    ['/followers off', { act: { kind: 'change', settings: { followersOnlyMinutes: null } } }],
    ['/emoteonly', { act: { kind: 'change', settings: { emoteOnly: true } } }],
    ['/emoteonly off', { act: { kind: 'change', settings: { emoteOnly: false } } }],
    ['/unique on', { act: { kind: 'change', settings: { unique: true } } }],
    ['/pin', { act: { kind: 'pin', messageId: 'ms_last00' } }],
    ['/unpin', { act: { kind: 'unpin' } }],
    ['/clear', { act: { kind: 'clear', reason: null } }],
    ['/clear A raid', { act: { kind: 'clear', reason: 'A raid' } }],
    ['/announce We begin', { act: { kind: 'announce', text: 'We begin' } }],
    ['/announce', { kind: 'tell', isProblem: true }],
    ['/timeout @ben', { act: { kind: 'restrain', whom: { id: null, handle: 'ben' }, seconds: 600 } }],
    ['/timeout ben 30', { act: { kind: 'restrain', whom: { handle: 'ben' }, seconds: 1800 } }],
    ['/timeout', { kind: 'tell', isProblem: true }],
    ['/timeout @ben 0', { kind: 'tell', isProblem: true }],
    ['/timeout @ben 999999', { kind: 'tell', isProblem: true }],
    ['/ban @ben', { act: { kind: 'restrain', whom: { handle: 'ben' }, seconds: null } }],
    ['/ban ben and cleo', { kind: 'tell', isProblem: true }],
    ['/unban @ben', { act: { kind: 'lift', whom: { id: null, handle: 'ben' } } }],
    [
      '/poll Encore? | Yes | No',
      { act: { kind: 'poll', poll: { question: 'Encore?', options: ['Yes', 'No'], seconds: 60 } } },
    ],
    ['/poll Encore? | Yes', { kind: 'tell', isProblem: true }],
    ['/poll | Yes | No', { kind: 'tell', isProblem: true }],
    [
      '/dance',
      { kind: 'tell', isProblem: true, words: 'There is no command /dance. /help lists those that there are.' },
    ],
    ['/constructor', { kind: 'tell', isProblem: true }],
  ])('%s', (typed, meant) => {
    const command = readCommand(typed, moderator);
    expect(command).toMatchObject(meant);
    if (command.kind === 'act' && command.act.kind === 'change')
      expect(RoomSettings.partial().safeParse(command.act.settings).success).toBe(true);
  });

  it('pins what is answered, rather than the last', () => {
    expect(readCommand('/pin', { ...moderator, replyToId: 'ms_that00' })).toMatchObject({
      act: { messageId: 'ms_that00' },
    });
  });

  it('is for moderators where it changes the room, and /help says to each what is theirs', () => {
    for (const typed of ['/slow 10', '/pin', '/announce x', '/unique', '/ban @ben', '/timeout @ben', '/poll a | b | c'])
      expect(readCommand(typed, viewer)).toMatchObject({ kind: 'tell', isProblem: true });
    const words = (place: typeof viewer) => {
      const told = readCommand('/help', place);
      return told.kind === 'tell' ? told.words : '';
    };
    expect(words(viewer)).toContain('/me');
    expect(words(viewer)).not.toContain('/slow');
    expect(words(moderator)).toContain('/slow');
  });

  it('is counted as the room counts it', () => {
    for (const one of ['a', '👨‍👩‍👧‍👦', '🇫🇷', 'é', 'नि']) {
      expect(countCharacters(one)).toBe(1);
      const most = one.repeat(MESSAGE_CHARACTERS_MAX);
      expect(countCharacters(most)).toBe(MESSAGE_CHARACTERS_MAX);
      expect(MessageText.safeParse(most).success).toBe(true);
      expect(MessageText.safeParse(most + one).success).toBe(false);
    }
  });
});

describe('what is read', () => {
  const links = (text: string) =>
    textParts(text, [], null).flatMap((part) => (part.kind === 'link' ? [part.href] : []));

  it.each([
    ['see https://example.org/a?b=1.', ['https://example.org/a?b=1']],
    ['(http://example.org)', ['http://example.org/']],
    ['https://en.example.org/wiki/Stage_(theatre)', ['https://en.example.org/wiki/Stage_(theatre)']],
    ['javascript:alert(1)', []],
    ['data:text/html,<b>x</b>', []],
    ['https://bank.example@evil.example/', []],
    ['https://', []],
    ['<a href="https://example.org">x</a>', ['https://example.org/']],
    ['ahttps://example.org', []],
  ])('%s leads to %j', (text, expected) => {
    expect(links(text)).toEqual(expected);
    // Nothing is lost on the way, and nothing is added.
    expect(
      textParts(text, [], null)
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
  });

  it('names who is named, and tells you apart', () => {
    expect(textParts('@Ben and @cleo, not @dora', ['ben', 'cleo'], 'ben')).toEqual([
      { kind: 'mention', text: '@Ben', isYou: true },
      { kind: 'text', text: ' and ' },
      { kind: 'mention', text: '@cleo', isYou: false },
      { kind: 'text', text: ', not @dora' },
    ]);
    expect(textParts('ben@cleo.example', ['cleo'], null)).toEqual([{ kind: 'text', text: 'ben@cleo.example' }]);
  });

  it('knows what one does from what one says', () => {
    expect([isAction('/me waves'), isAction('/meow'), actionOf('/me waves')]).toEqual([true, false, 'waves']);
  });
});

describe('a room in words', () => {
  const state = (settings: object, more: object = {}) => ({ ...EMPTY_ROOM, room: view(settings, more) });

  it('names its modes', () => {
    expect(modeWords(state({}))).toEqual([]);
    expect(modeWords(state({ slowSeconds: 10 }))).toEqual(['Slow mode: 10 s']);
    expect(modeWords(state({ slowSeconds: 3 }, { automaticSlowSeconds: 5 }))).toEqual(['Slow mode: 5 s']);
    expect(modeWords(state({ followersOnlyMinutes: 0, emoteOnly: true, unique: true }))).toEqual([
      'Followers only',
      'Emoji only',
      'Nothing twice',
    ]);
    expect(modeWords(state({ followersOnlyMinutes: 10, minAccountAgeMinutes: 1440 }))).toEqual([
      'Followers only: after 10 min',
      'Accounts older than 24 h',
    ]);
  });

  it('says why nobody may say something', () => {
    expect(shutWords(state({}))).toBeNull();
    expect(shutWords(state({}, { isOpen: false, streamState: 'waiting' }))).toMatch(/opens when/);
    expect(shutWords(state({}, { isOpen: false, streamState: 'ended' }))).toMatch(/has ended/);
    const you = { id: 'us_ada0', handle: 'ada', name: 'Ada', roles: [], maySend: true, mayModerate: true };
    expect(shutWords({ ...state({}, { isOpen: false, streamState: 'waiting' }), you } as never)).toBeNull();
  });

  it('counts a wait down, and says when it is over', () => {
    const refusal = {
      code: 'slow_mode',
      detail: 'No.',
      text: 'x',
      replyTo: null,
      untilMs: 8_000,
      appealAt: null,
    } as const;
    expect(refusalWords(refusal, 0)).toBe('Slow mode: 8 s more.');
    expect(refusalWords(refusal, 7_100)).toBe('Slow mode: 1 s more.');
    expect(refusalWords(refusal, 8_000)).toBe('You can send it now.');
    expect(refusalWords({ ...refusal, code: 'message_denied', untilMs: null }, 0)).toMatch(/Nobody has seen it/);
    expect(refusalWords({ ...refusal, code: 'conflict', untilMs: null }, 0)).toBe('No.');
  });
});
