import { describe, expect, it } from 'vitest';
import { fold } from '../../../../src/domain/chat/moderation/fold.ts';
import { layOut } from '../../../../src/domain/chat/moderation/layout.ts';
import { masked } from '../../../../src/domain/chat/moderation/verdict.ts';
import { verdictOn } from './measure.ts';

const SEED = 20_261_124;
const INPUTS = 20_000;
const UNITS_MAX = 6000;

/** mulberry32: numbers from a seed, so that a failure can be seen again. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const PIECES = [
  'fuck',
  'хуй',
  'f.u.c.k',
  '傻逼',
  'ass',
  ' ',
  '  ',
  '.',
  'http://',
  '.com',
  '@',
  '\u200b',
  '\u0336',
  '👨‍👩‍👧',
  '🇩🇪',
  '\ud800',
  '\udc00',
  'ß',
  'İ',
  '\u1100\u1161',
  "d'",
  '*',
  '#',
  '|',
  '\0',
  '\\',
  '$&',
];

function anyText(next: () => number): string {
  const pieces = Array.from({ length: Math.floor(next() * 24) }, () => {
    if (next() < 0.4) return PIECES[Math.floor(next() * PIECES.length)] ?? '';
    // All of Unicode, halves of pairs too; most of it from where the alphabets are.
    return String.fromCodePoint(Math.floor(next() * (next() < 0.7 ? 0x3100 : 0x11_0000)));
  });
  return pieces.join('');
}

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });
const charactersOf = (text: string): string[] => [...characters.segment(text)].map(({ segment }) => segment);

describe(`any text at all (seed ${SEED})`, () => {
  it('gets a verdict, keeps its length under a mask, and is shown as written when it is allowed', () => {
    const next = random(SEED);
    for (let nth = 0; nth < INPUTS; nth++) {
      const text = anyText(next);
      const { action, shown, score, found } = verdictOn(text);
      const said = JSON.stringify(text);
      expect(score >= 0 && score <= 1, said).toBe(true);
      if (action === 'allow') expect(shown, said).toBe(text);
      if (action === 'deny') expect(shown, said).toBe('');
      if (action === 'mask' || action === 'hold') expectMasked(text, shown);
      for (const span of found.flatMap(({ spans }) => spans)) {
        expect(span.from >= 0 && span.from <= span.to && span.to <= text.length, said).toBe(true);
      }
    }
  }, 240_000);

  function expectMasked(text: string, shown: string): void {
    let at = 0;
    for (const character of charactersOf(text)) {
      const isKept = shown.startsWith(character, at);
      expect(isKept || shown[at] === '*', JSON.stringify(text)).toBe(true);
      at += isKept ? character.length : 1;
    }
    expect(at, JSON.stringify(text)).toBe(shown.length);
  }
});

describe('the longest text there can be', () => {
  const HARD = {
    'one letter': 'a',
    'two-letter words': 'ab ',
    'letters apart': 'f u c k ',
    dots: 'a.b-',
    'only dots': '.',
    hosts: 'a.com ',
    'a host without end': 'a.',
    words: 'ass ',
    'almost a word': 'fuc ',
    accents: 'ü',
    marks: 'e\u0336\u0337',
    stars: 'f**',
    'digits of a number to call': '+1 23',
    brackets: '(.) ',
    Chinese: '傻',
    emoji: '👍🏽',
    apostrophes: "d'",
    'both alphabets': 'aа',
  };

  it.each(Object.entries(HARD))('costs in proportion to its length: %s', (_name, piece) => {
    const of = (length: number): string => piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
    const quick = (length: number): number =>
      Math.min(...[1, 2, 3].map(() => millisecondsOf(() => verdictOn(of(length)))));
    verdictOn(of(UNITS_MAX));
    // Sixteen times the length: linear is sixteen, quadratic 256. The constant is for what a short text costs anyhow.
    expect(quick(UNITS_MAX)).toBeLessThan(48 * (quick(UNITS_MAX / 16) + 1));
  });

  it('is written down in a bounded number of readings', () => {
    for (const piece of Object.values(HARD)) {
      const text = piece.repeat(Math.ceil(UNITS_MAX / piece.length)).slice(0, UNITS_MAX);
      expect(layOut(fold(text)).text.length).toBeLessThan(8 * UNITS_MAX);
    }
  });
});

const millisecondsOf = (act: () => void): number => {
  const began = performance.now();
  act();
  return performance.now() - began;
};

describe('a mask', () => {
  it('covers whole characters, as people count them, and leaves spaces', () => {
    expect(masked('a f̶u ck b', [{ from: 2, to: 8 }])).toBe('a ** ** b');
    expect(masked('x👨‍👩‍👧y', [{ from: 2, to: 3 }])).toBe('x*y');
    expect(masked('nothing', [])).toBe('nothing');
  });
});
