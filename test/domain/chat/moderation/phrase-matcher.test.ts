import { collapseDuplicatesTransformer, parseRawPattern, RegExpMatcher } from 'obscenity';
import { describe, expect, it, vi } from 'vitest';
import { hardLine } from '../../../../scripts/bench/moderation/hard-lines.ts';
import { listedTerms } from '../../../../src/domain/chat/moderation/lists/index.ts';
import { PhraseMatcher } from '../../../../src/domain/chat/moderation/phrase-matcher.ts';
import { Sieve } from '../../../../src/domain/chat/moderation/sieve.ts';
import { randomFrom } from '../../../support/random.ts';

const SEED = 20_261_125;
const TEXTS = 2000;

describe(`many phrases in one pass (seed ${SEED})`, () => {
  const next = randomFrom(SEED);
  /** Of few letters, so that pieces begin alike, stand in each other and repeat. */
  const anyText = (lengthMin: number, lengthMax: number): string =>
    Array.from({ length: lengthMin + Math.floor(next() * (lengthMax - lengthMin)) }, () =>
      'ab c😀е'.slice(Math.floor(next() * 7)).slice(0, 1),
    ).join('');

  it('are found where a search for each of them finds them', () => {
    for (let nth = 0; nth < TEXTS; nth++) {
      const pieces = Array.from({ length: 1 + Math.floor(next() * 40) }, () => anyText(1, 7));
      const text = anyText(0, 60);
      const expected = pieces.flatMap((piece, index) => (text.includes(piece) ? [index] : []));
      expect([...new Sieve(pieces).indexesIn(text)].sort((one, other) => one - other)).toEqual(expected);
    }
  });

  it('are matched as by a matcher that was given all of them', () => {
    const twice = ' b';
    const collapse = collapseDuplicatesTransformer({
      defaultThreshold: 1,
      customThresholds: new Map([...twice].map((char) => [char, 2])),
    });
    for (let nth = 0; nth < TEXTS; nth++) {
      const cores = Array.from({ length: 1 + Math.floor(next() * 20) }, () => anyText(1, 5));
      const excuses = Array.from({ length: Math.floor(next() * 4) }, () => anyText(2, 7));
      const phrases = cores.map((core) => ({ core, pattern: parseRawPattern(core) }));
      const whole = new RegExpMatcher({
        blacklistedTerms: phrases.map(({ pattern }, id) => ({ id, pattern })),
        whitelistedTerms: excuses,
        blacklistMatcherTransformers: [collapse],
      });
      const text = anyText(0, 60);
      expect(new PhraseMatcher({ phrases, excuses, twice }).matchesIn(text), JSON.stringify({ cores, text })).toEqual(
        whole.getAllMatches(text),
      );
    }
  });

  it('cost a few looks at each character, whatever is written and however long the lists are', () => {
    const sieve = new Sieve(listedTerms().map(({ text }) => text));
    const looks = vi.spyOn(String.prototype, 'charCodeAt');
    const compared = vi.spyOn(String.prototype, 'startsWith');
    try {
      for (const text of ['you should have '.repeat(40), ...Array.from({ length: 50 }, (_, seed) => hardLine(seed))]) {
        looks.mockClear();
        compared.mockClear();
        sieve.indexesIn(text);
        expect(looks.mock.calls.length + compared.mock.calls.length, text).toBeLessThan(12 * text.length);
      }
    } finally {
      vi.restoreAllMocks();
    }
  });
});
