// How the words of a language are written down: one string per kind, terms between commas; see `Term` for `*` and `=`.

/** What is wrong with a word; what follows from it is a matter of strictness. */
export const WORD_KINDS = ['slur', 'harassment', 'threat', 'sexual', 'profanity', 'insult'] as const;
export type WordKind = (typeof WORD_KINDS)[number];

/** `+` in front of a term: unmistakable, so that it also counts when glued together from pieces ("fu ck"). */
export type WordList = Partial<Record<WordKind | 'innocent', string>>;
