// Obscenity's matcher over long lists: of all phrases it is given those that a text can hold, so that a line costs what stands in it.
import { collapseDuplicatesTransformer, type MatchPayload, type ParsedPattern, RegExpMatcher } from 'obscenity';
import { Sieve } from './sieve.ts';

export interface Phrase {
  pattern: ParsedPattern;
  /** Stands in every text that the pattern matches, repeats collapsed. */
  core: string;
}

export interface PhraseLists {
  phrases: readonly Phrase[];
  /** What stands inside one of these is not found. */
  excuses: readonly string[];
  /** Characters of which two in a row are left; of others one. */
  twice: string;
}

export class PhraseMatcher {
  private readonly lists: PhraseLists;
  private readonly cores: Sieve;
  private readonly excuses: Sieve;
  private readonly repeats: RegExp;
  private readonly collapse: ReturnType<typeof collapseDuplicatesTransformer>;

  constructor(lists: PhraseLists) {
    this.lists = lists;
    this.cores = new Sieve(lists.phrases.map(({ core }) => core));
    this.excuses = new Sieve(lists.excuses);
    this.repeats = new RegExp(`([^${lists.twice}])\\1+|([${lists.twice}])\\2{2,}`, 'gsu');
    const customThresholds = new Map([...lists.twice].map((char) => [char, 2]));
    this.collapse = collapseDuplicatesTransformer({ defaultThreshold: 1, customThresholds });
  }

  /** `termId` is the place of the phrase in the list. */
  matchesIn(text: string): MatchPayload[] {
    if (this.lists.phrases.length === 0) return [];
    const present = this.cores.indexesIn(this.collapsed(text));
    if (present.size === 0) return [];
    const { phrases, excuses } = this.lists;
    const matcher = new RegExpMatcher({
      blacklistedTerms: [...present]
        .sort((one, other) => one - other)
        .map((id) => ({ id, pattern: phrases[id]!.pattern })),
      whitelistedTerms: [...this.excuses.indexesIn(text)].map((nth) => excuses[nth]!),
      blacklistMatcherTransformers: [this.collapse],
    });
    return matcher.getAllMatches(text);
  }

  private collapsed(text: string): string {
    return text.replace(this.repeats, (_run, once: string | undefined, two: string) => once ?? two + two);
  }
}
