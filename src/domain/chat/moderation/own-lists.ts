// The word lists of a channel and of the platform: each word with what follows from it, compiled once per version.
import type { Action, Suspicion } from './findings.ts';
import type { Layout } from './layout.ts';
import { compileWords, findWords, type WordMatcher } from './words.ts';

/** `text`: a word or phrase; `*` at an edge means that the word may go on there. */
export interface OwnWord {
  text: string;
  action: Exclude<Action, 'allow'>;
}

export interface OwnLists {
  /** Whatever tells two states of the lists apart; the room keeps what it compiled as long as it stays the same. */
  version: string;
  channel: readonly OwnWord[];
  platform: readonly OwnWord[];
}

export interface CompiledLists {
  version: string;
  matcher: WordMatcher<{ kind: 'channel_word' | 'platform_word'; action: Action }>;
}

/** Beyond this a list is cut off: every line is held against all of it. */
export const OWN_WORDS_MAX = 1000;

export function compileLists({ version, channel, platform }: OwnLists): CompiledLists {
  const terms = [
    ...platform
      .slice(0, OWN_WORDS_MAX)
      .map(({ text, action }) => ({ text, tag: { kind: 'platform_word' as const, action } })),
    ...channel
      .slice(0, OWN_WORDS_MAX)
      .map(({ text, action }) => ({ text, tag: { kind: 'channel_word' as const, action } })),
  ];
  return { version, matcher: compileWords(terms, []) };
}

export const NO_LISTS: CompiledLists = compileLists({ version: 'none', channel: [], platform: [] });

export const suspectOwnWords = ({ matcher }: CompiledLists, layout: Layout, written: string): Suspicion[] =>
  findWords(matcher, layout, written).map(({ tag, term, from, to }) => ({
    ...tag,
    score: 1,
    spans: [{ from, to }],
    detail: term,
  }));
