// The words that every room is judged by: obscenity's English data set, less what would hit other languages, and our own lists.
import { collapseDuplicatesTransformer, DataSet, englishDataset, RegExpMatcher } from 'obscenity';
import type { Span } from './findings.ts';
import type { Layout } from './layout.ts';
import { innocentTerms, listedTerms } from './lists/index.ts';
import type { WordKind } from './lists/word-list.ts';
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
  dataset: { matcher: RegExpMatcher; kindOf: (termId: number) => WordKind; wordOf: (termId: number) => string };
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
    .getAllMatches(layout.text.slice(0, layout.gluedAt))
    .map(({ termId, startIndex, endIndex }) => ({
      kind: dataset.kindOf(termId),
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
  const terms = kept.build();
  const words = new Map(
    terms.blacklistedTerms.map(({ id }) => {
      const payload = { termId: id, startIndex: 0, endIndex: 0, matchLength: 0 };
      return [id, kept.getPayloadWithPhraseMetadata(payload).phraseMetadata?.originalWord ?? ''] as const;
    }),
  );
  // The data set is written for these thresholds.
  const twice = new Map(['b', 'e', 'o', 'l', 's', 'g', ' '].map((char) => [char, 2] as const));
  const collapse = collapseDuplicatesTransformer({ defaultThreshold: 1, customThresholds: twice });
  return {
    matcher: new RegExpMatcher({ ...terms, blacklistMatcherTransformers: [collapse] }),
    kindOf: (id) => KIND_OF_DATASET[words.get(id) ?? ''] ?? 'sexual',
    wordOf: (id) => words.get(id) ?? '',
  };
}

function wholeWord({ text, from, to }: Layout, startIndex: number, endIndex: number): Span {
  let [start, end] = [startIndex, endIndex];
  while (start > 0 && text[start - 1] !== ' ') start--;
  while (end + 1 < text.length && text[end + 1] !== ' ') end++;
  return { from: from[start] ?? 0, to: to[end] ?? 0 };
}
