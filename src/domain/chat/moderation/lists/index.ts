// All word lists of our own, joined.
import { asian } from './asian.ts';
import { eastern } from './eastern.ts';
import { english } from './english.ts';
import { germanic } from './germanic.ts';
import { romance } from './romance.ts';
import { slavic } from './slavic.ts';
import { WORD_KINDS, type WordKind, type WordList } from './word-list.ts';

export interface ListedTerm {
  kind: WordKind;
  text: string;
  glues: boolean;
}

const LISTS: readonly WordList[] = [english, ...germanic, ...romance, ...slavic, ...eastern, ...asian];

const termsOf = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((term) => term.trim())
    .filter((term) => term !== '');

export const listedTerms = (): ListedTerm[] =>
  LISTS.flatMap((list) =>
    WORD_KINDS.flatMap((kind) =>
      termsOf(list[kind]).map((term) => ({ kind, text: term.replace(/^\+/, ''), glues: term.startsWith('+') })),
    ),
  );

export const innocentTerms = (): string[] => LISTS.flatMap((list) => termsOf(list.innocent));
