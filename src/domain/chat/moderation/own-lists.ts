// The word lists of a channel and of the platform: each word with what follows from it, compiled once per version.
import type { Action, Suspicion } from './findings.ts';
import type { Layout } from './layout.ts';
import { compileWords, findWords, type Term, type WordMatcher } from './words.ts';

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

interface OwnTag {
  kind: 'channel_word' | 'platform_word';
  action: Action;
}

export interface CompiledLists {
  version: string;
  matcher: WordMatcher<OwnTag>;
}

/** Beyond this a list is cut off: every line is held against all of it. */
export const OWN_WORDS_MAX = 1000;

export function compileLists({ version, channel, platform }: OwnLists): CompiledLists {
  const termsOf = (kind: OwnTag['kind'], words: readonly OwnWord[]): Term<OwnTag>[] =>
    words.slice(0, OWN_WORDS_MAX).map(({ text, action }) => ({ text, tag: { kind, action } }));
  return {
    version,
    matcher: compileWords([...termsOf('platform_word', platform), ...termsOf('channel_word', channel)], []),
  };
}

export const NO_LISTS: CompiledLists = compileLists({ version: 'none', channel: [], platform: [] });

export const suspectOwnWords = ({ matcher }: CompiledLists, layout: Layout, written: string): Suspicion[] =>
  findWords(matcher, layout, written).map(({ tag, term, from, to }) => ({
    ...tag,
    score: 1,
    spans: [{ from, to }],
    detail: term,
  }));
