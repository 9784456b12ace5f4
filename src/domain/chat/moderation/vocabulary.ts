// The words that every room is judged by: obscenity's English data set, less what would hit other languages, and our own lists.
import { DataSet, englishDataset, type ParsedPattern, SyntaxKind } from 'obscenity';
import type { Span } from './findings.ts';
import type { Layout } from './layout.ts';
import { innocentTerms, listedTerms } from './lists/index.ts';
import type { WordKind } from './lists/word-list.ts';
import { PhraseMatcher } from './phrase-matcher.ts';
import { compileWords, findWords, type WordMatcher } from './words.ts';

export interface FoundWord extends Span {
  kind: WordKind;
  term: string;
}

/**
 * Not taken from the data set. It was made for English text; these stand in words of other languages or in names (Abo, Kanal, negro, slut,
 * retard, incest, Dickson, Fu, tit for tat), or ordinary talk (hooker of a rugby team). What of them is wanted stands in our lists with its edges.
 */
const NOT_FROM_DATASET = new Set(
  `abo anal anus arse ass bitch boob bollocks chink cock cuck cum cunt dick dyke fag fuck hentai hooker incest kike negro nigger orgasm orgy piss porn
  prick pussy rape retard scat semen sex shit slut spastic tit tranny turd twat vagina wank whore penis jizz bastard`.split(
    /\s+/,
  ),
);

const KIND_OF_DATASET: Record<string, WordKind> = {
  abeed: 'slur',
  africoon: 'slur',
  arabush: 'slur',
  boonga: 'slur',
  chingchong: 'slur',
};

interface Vocabulary {
  dataset: { matcher: PhraseMatcher; wordOf: (termId: number) => string };
  lists: WordMatcher<WordKind>;
}

let vocabulary: Vocabulary | null = null;

/** Compiled at the first line that is judged: a Worker that judges none does not pay for it. */
function theVocabulary(): Vocabulary {
  vocabulary ??= {
    dataset: compileDataset(),
    lists: compileWords(
      listedTerms().map(({ kind, text, glues }) => ({ text, tag: kind, glues })),
      innocentTerms(),
    ),
  };
  return vocabulary;
}

export function findKnownWords(layout: Layout, written: string): FoundWord[] {
  const { dataset, lists } = theVocabulary();
  const own = findWords(lists, layout, written)
    .filter((found) => !isName(found, written))
    .map(({ tag, term, from, to }) => ({ kind: tag, term, from, to }));
  if (!layout.scripts.has('latin')) return own;
  const known = dataset.matcher
    .matchesIn(layout.text.slice(0, layout.gluedAt))
    .map(({ termId, startIndex, endIndex }) => ({
      kind: KIND_OF_DATASET[dataset.wordOf(termId)] ?? 'sexual',
      term: dataset.wordOf(termId),
      ...wholeWord(layout, startIndex, endIndex),
    }));
  return [...own, ...known];
}

/** "Dick Fosbury": a first name, written as one, in front of a surname. */
const isName = ({ term, from, to }: Span & { term: string }, written: string): boolean =>
  term === 'dick' && /^Dick$/.test(written.slice(from, to)) && /^ \p{Lu}\p{Ll}/u.test(written.slice(to, to + 4));

function compileDataset(): Vocabulary['dataset'] {
  const kept = new DataSet<{ originalWord: string }>()
    .addAll(englishDataset)
    .removePhrasesIf(({ metadata }) => NOT_FROM_DATASET.has(metadata?.originalWord ?? ''));
  const { blacklistedTerms, whitelistedTerms } = kept.build();
  const words = blacklistedTerms.map(({ id }) => {
    const payload = { termId: id, startIndex: 0, endIndex: 0, matchLength: 0 };
    return kept.getPayloadWithPhraseMetadata(payload).phraseMetadata?.originalWord ?? '';
  });
  const matcher = new PhraseMatcher({
    phrases: blacklistedTerms.map(({ pattern }) => ({ pattern, core: longestLiteral(pattern) })),
    excuses: whitelistedTerms ?? [],
    // The data set is written for these thresholds.
    twice: 'beolsg ',
  });
  return { matcher, wordOf: (id) => words[id] ?? '' };
}

/** What no text that the pattern matches can be without. */
const longestLiteral = ({ nodes }: ParsedPattern): string =>
  nodes
    .map((node) => (node.kind === SyntaxKind.Literal ? String.fromCodePoint(...node.chars) : ''))
    .reduce((longest, literal) => (literal.length > longest.length ? literal : longest), '');

function wholeWord({ text, from, to }: Layout, startIndex: number, endIndex: number): Span {
  let [start, end] = [startIndex, endIndex];
  while (start > 0 && text[start - 1] !== ' ') start--;
  while (end + 1 < text.length && text[end + 1] !== ' ') end++;
  return { from: from[start] ?? 0, to: to[end] ?? 0 };
}
