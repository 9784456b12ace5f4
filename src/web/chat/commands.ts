// What is typed with a slash: the same acts as the doors of the API, in short. Pure.

import type { Ban } from '../../protocol/bans.ts';
import { CLEAR_REASON_MAX } from '../../protocol/chat/limits.ts';
import type { UpdateRoom } from '../../protocol/chat/settings.ts';
import type { MessageId } from '../../protocol/ids.ts';
import { duration } from './room-words.ts';

export type Act =
  | { kind: 'change'; settings: UpdateRoom }
  | { kind: 'pin'; messageId: string }
  | { kind: 'unpin' }
  | { kind: 'remove'; messageId: MessageId }
  | { kind: 'announce'; text: string }
  | { kind: 'clear'; reason: string | null }
  | { kind: 'poll'; poll: { question: string; options: string[]; seconds: number } }
  /** `seconds` null: for good. */
  | { kind: 'restrain'; whom: Whom; seconds: number | null }
  | { kind: 'lift'; whom: Whom }
  /** What stood before somebody was restrained. */
  | { kind: 'restore'; whom: Whom; before: Ban };

/** `id` null: to be looked up by the handle. */
export interface Whom {
  id: string | null;
  handle: string;
}

export const TIMEOUT_SECONDS = 600;
const TIMEOUT_MINUTES_MAX = 90 * 24 * 60;
const POLL_SECONDS = 60;

export type Command =
  | { kind: 'say'; text: string }
  /** Only for whoever typed it. */
  | { kind: 'tell'; words: string; isProblem: boolean }
  | { kind: 'act'; act: Act; done: string };

export interface CommandPlace {
  mayModerate: boolean;
  /** Of the message that is being answered; null: none. */
  replyToId: string | null;
  /** Of the newest message that somebody else may be meant by. */
  lastId: string | null;
}

interface Known {
  usage: string;
  about: string;
  isForModerators: boolean;
  run(rest: string, place: CommandPlace): Command;
}

/** By its word; a new command is one more row. */
const COMMANDS: Record<string, Known> = {
  me: {
    usage: '/me waves',
    about: 'say what you do',
    isForModerators: false,
    run: (rest) => (rest === '' ? usage('me') : { kind: 'say', text: `/me ${rest}` }),
  },
  help: {
    usage: '/help',
    about: 'this list',
    isForModerators: false,
    run: (_rest, place) => ({ kind: 'tell', words: listOf(place), isProblem: false }),
  },
  slow: {
    usage: '/slow 10, /slow off',
    about: 'seconds between two messages of one person',
    isForModerators: true,
    run: (rest) => {
      const slowSeconds = rest === '' ? 10 : numberOf(rest);
      if (slowSeconds === null || slowSeconds > 600) return usage('slow', 'Up to 600 seconds.');
      return change({ slowSeconds }, slowSeconds === 0 ? 'Slow mode is off.' : `Slow mode: ${slowSeconds} s.`);
    },
  },
  followers: {
    usage: '/followers, /followers 10, /followers off',
    about: 'only who follows, or has for so many minutes',
    isForModerators: true,
    run: (rest) => {
      if (isOff(rest)) return change({ followersOnlyMinutes: null }, 'Everybody may say something again.');
      const followersOnlyMinutes = rest === '' ? 0 : numberOf(rest);
      if (followersOnlyMinutes === null || followersOnlyMinutes > 120_960) return usage('followers', 'Up to 12 weeks.');
      return change({ followersOnlyMinutes }, 'Only followers may say something now.');
    },
  },
  emoteonly: {
    usage: '/emoteonly, /emoteonly off',
    about: 'nothing but emoji',
    isForModerators: true,
    run: (rest) =>
      onOrOff(rest, 'emoteonly', (emoteOnly) =>
        change({ emoteOnly }, emoteOnly ? 'Only emoji may be said now.' : 'Words may be said again.'),
      ),
  },
  unique: {
    usage: '/unique, /unique off',
    about: 'nothing that was said before',
    isForModerators: true,
    run: (rest) =>
      onOrOff(rest, 'unique', (unique) =>
        change({ unique }, unique ? 'Nothing may be said twice now.' : 'Things may be said twice again.'),
      ),
  },
  pin: {
    usage: '/pin',
    about: 'the message that you answer, or the last one',
    isForModerators: true,
    run: (_rest, { replyToId, lastId }) => {
      const messageId = replyToId ?? lastId;
      if (messageId === null) return problem('There is no message to pin yet.');
      return { kind: 'act', act: { kind: 'pin', messageId }, done: 'It is pinned.' };
    },
  },
  unpin: {
    usage: '/unpin',
    about: 'nothing on top',
    isForModerators: true,
    run: () => ({ kind: 'act', act: { kind: 'unpin' }, done: 'Nothing is pinned any more.' }),
  },
  clear: {
    usage: '/clear, /clear Why',
    about: 'takes away all that was said so far, for good',
    isForModerators: true,
    run: (rest) => {
      if (rest.length > CLEAR_REASON_MAX) return usage('clear', `A reason has up to ${CLEAR_REASON_MAX} characters.`);
      const reason = rest === '' ? null : rest;
      return { kind: 'act', act: { kind: 'clear', reason }, done: 'The chat is cleared.' };
    },
  },
  announce: {
    usage: '/announce We begin at nine',
    about: 'tell everybody',
    isForModerators: true,
    run: (rest) =>
      rest === ''
        ? usage('announce')
        : { kind: 'act', act: { kind: 'announce', text: rest }, done: 'Everybody has been told.' },
  },
  poll: {
    usage: '/poll Encore? | Yes | No',
    about: 'ask everybody, for a minute',
    isForModerators: true,
    run: (rest) => {
      const [question = '', ...options] = rest.split('|').map((part) => part.trim());
      if (question === '' || options.length < 2 || options.includes('')) return usage('poll', '2 to 6 options.');
      return {
        kind: 'act',
        act: { kind: 'poll', poll: { question, options, seconds: POLL_SECONDS } },
        done: 'It is asked.',
      };
    },
  },
  timeout: {
    usage: '/timeout @ben, /timeout @ben 30',
    about: 'lets somebody say nothing for 10, or so many, minutes',
    isForModerators: true,
    run: (rest) => {
      const [, handle, digits] = /^@?([\w-]+)(?:\s+(\d{1,6})m?)?$/.exec(rest) ?? [];
      const minutes = digits === undefined ? TIMEOUT_SECONDS / 60 : Number(digits);
      if (handle === undefined || minutes < 1 || minutes > TIMEOUT_MINUTES_MAX)
        return usage('timeout', 'Up to 90 days.');
      return restrain({ id: null, handle }, minutes * 60);
    },
  },
  ban: {
    usage: '/ban @ben',
    about: 'lets somebody say nothing any more, and removes what they said',
    isForModerators: true,
    run: (rest) => (HANDLE.test(rest) ? restrain({ id: null, handle: rest.replace('@', '') }, null) : usage('ban')),
  },
  unban: {
    usage: '/unban @ben',
    about: 'lets them speak again',
    isForModerators: true,
    run: (rest) => {
      if (!HANDLE.test(rest)) return usage('unban');
      const whom = { id: null, handle: rest.replace('@', '') };
      return { kind: 'act', act: { kind: 'lift', whom }, done: `@${whom.handle} may speak again.` };
    },
  },
};

/** As one click or one word does it. */
export const restrain = (whom: Whom, seconds: number | null): Extract<Command, { kind: 'act' }> => ({
  kind: 'act',
  act: { kind: 'restrain', whom, seconds },
  done:
    seconds === null
      ? `@${whom.handle} is banned, and what they said is gone.`
      : `@${whom.handle} says nothing for ${duration(seconds)}.`,
});

const HANDLE = /^@?[\w-]+$/;

/** "/usr/bin" and "/ hm" are no commands. */
const TYPED = /^\/([a-z]+)(?:\s+([\s\S]*))?$/i;

export function readCommand(typed: string, place: CommandPlace): Command {
  const [, word, rest = ''] = TYPED.exec(typed.trim()) ?? [];
  if (word === undefined) return { kind: 'say', text: typed.trim() };
  const known = Object.hasOwn(COMMANDS, word.toLowerCase()) ? COMMANDS[word.toLowerCase()] : undefined;
  if (!known) return problem(`There is no command /${word}. /help lists those that there are.`);
  if (known.isForModerators && !place.mayModerate) return problem(`/${word} is for moderators of this channel.`);
  return known.run(rest.trim(), place);
}

const listOf = ({ mayModerate }: CommandPlace): string =>
  Object.values(COMMANDS)
    .filter(({ isForModerators }) => mayModerate || !isForModerators)
    .map(({ usage: how, about }) => `${how}: ${about}`)
    .join('\n');

const problem = (words: string): Command => ({ kind: 'tell', words, isProblem: true });

const usage = (word: string, more = ''): Command => problem(`${COMMANDS[word]?.usage}. ${more}`.trim());

const change = (settings: UpdateRoom, done: string): Command => ({
  kind: 'act',
  act: { kind: 'change', settings },
  done,
});

const isOff = (rest: string): boolean => /^(off|0)$/i.test(rest);

function onOrOff(rest: string, word: string, act: (isOn: boolean) => Command): Command {
  if (rest === '' || /^on$/i.test(rest)) return act(true);
  return isOff(rest) ? act(false) : usage(word);
}

/** "10", "10s", "off"; null: no number. */
function numberOf(rest: string): number | null {
  if (isOff(rest)) return 0;
  const [, digits] = /^(\d{1,6})\s?[sm]?$/.exec(rest) ?? [];
  return digits === undefined ? null : Number(digits);
}
