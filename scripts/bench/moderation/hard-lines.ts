// Lines that are hard to judge, from a seed: 500 characters of listed words, look-alikes, marks, invisible characters, pieces of links and all of Unicode.
import { innocentTerms, listedTerms } from '../../../src/domain/chat/moderation/lists/index.ts';
import { SIGNS } from '../../../src/domain/chat/moderation/lists/solicitation.ts';
import { CLIENT_FRAME_MAX_BYTES } from '../../../src/protocol/chat/limits.ts';
import { MESSAGE_CHARACTERS_MAX } from '../../../src/protocol/chat/text.ts';
import { randomFrom } from '../../../test/support/random.ts';

const bare = (term: string): string => term.replace(/[*=]/g, '').replaceAll('#', '*');
const WORDS = [...listedTerms().map(({ text }) => text), ...SIGNS.map(({ term }) => term), ...innocentTerms()].map(
  bare,
);
const PIECES = [
  ...[
    'f u c k ',
    'f.u.c.k',
    'fu-ck ',
    'a.',
    'a.com ',
    'a b ',
    'ab ',
    'u ',
    'r ',
    'im ',
    "d'",
    "'",
    '*',
    '#',
    '|',
    '1',
    '!',
    '@',
    '$',
    '%',
  ],
  ...[
    '(',
    ')',
    '[.]',
    ' dot ',
    '. ',
    '-',
    '_',
    '/',
    ':',
    '://',
    'http://',
    'xn--',
    '1.2.3.4/',
    '+1 23',
    'paypal',
    'Dick ',
    'aa',
    '  ',
    '\t',
  ],
  ...[
    '\u0336',
    '\u200b',
    'e\u0301',
    '\u1100\u1161',
    '👨‍👩‍👧',
    '🇩🇪',
    '\ufdfa',
    '\u3300',
    'ß',
    'İ',
    'аa',
    'οo',
    'х',
    'ⓕ',
    '🅰',
    '𝓯',
    '한',
    '傻',
    'ป',
    'ש',
    'ا',
    '。',
    '½',
    '²',
  ],
];
const LEET = new Map(Object.entries({ a: '4', e: '3', i: '1', o: '0', s: '$', t: '7', l: '|', b: '8', g: '9' }));
const CYRILLIC = new Map(Object.entries({ a: 'а', e: 'е', o: 'о', p: 'р', c: 'с', x: 'х', y: 'у', i: 'і', k: 'к' }));
/** What stands around the text in its frame. */
const FRAME_BYTES = 200;

/** As long as a message may be, by characters and by bytes. */
export function hardLine(seed: number): string {
  const random = randomFrom(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!;
  const own = Array.from({ length: 1 + Math.floor(random() * 6) }, () => pick(PIECES));
  const gap = pick(['', ' ', ' ', '.', ',']);
  const sources = [
    () => `${pick(WORDS)} `,
    () => `${pick(WORDS)}${gap}`,
    () => `${pick(WORDS).slice(0, 1 + Math.floor(random() * 5))}${gap}`,
    () => pick(own),
    () => pick(PIECES),
    () => String.fromCodePoint(Math.floor(random() * (random() < 0.7 ? 0x3100 : 0x11_0000))),
  ];
  const used = sources.filter(() => random() < 0.5);
  let text = '';
  while (text.length < MESSAGE_CHARACTERS_MAX) text += used.length > 0 ? pick(used)() : pick(own);
  return longest(disguised(text, random).toWellFormed());
}

/** Written as people write who do not want to be read by a machine; each way in some lines only, and there more or less. */
function disguised(text: string, random: () => number): string {
  const chance = (): number => (random() < 0.25 ? random() : 0);
  const [leet, cyrillic, capital, repeated] = [chance(), chance(), chance(), chance()];
  const [marked, hidden, apart] = [chance(), chance(), chance()];
  return [...text]
    .map((written) => {
      const small = written.toLowerCase();
      let char = random() < leet ? (LEET.get(small) ?? written) : written;
      if (random() < cyrillic) char = CYRILLIC.get(small) ?? char;
      if (random() < capital) char = char.toUpperCase();
      if (random() < repeated / 2) char = char.repeat(1 + Math.floor(random() * 4));
      return `${char}${random() < marked ? '\u0336' : ''}${random() < hidden ? '\u200b' : ''}${random() < apart ? ' ' : ''}`;
    })
    .join('');
}

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });

function longest(text: string): string {
  let line = '';
  let [count, bytes] = [0, 0];
  for (const { segment } of characters.segment(text)) {
    count += 1;
    bytes += Buffer.byteLength(segment);
    if (count > MESSAGE_CHARACTERS_MAX || bytes > CLIENT_FRAME_MAX_BYTES - FRAME_BYTES) break;
    line += segment;
  }
  return line;
}
