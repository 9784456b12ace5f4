// The judge of advertising and fraud: no single word is wrong, but what is offered and where one is sent give it away.
import type { Suspicion } from './findings.ts';
import type { Layout } from './layout.ts';
import { SIGNS, type Sign } from './lists/solicitation.ts';
import { compileWords, findWords, type WordMatcher } from './words.ts';

/** What has to come together in one line. */
const COMBINATIONS: readonly (readonly Sign[])[] = [
  ['money', 'contact'],
  ['money', 'promise', 'urge'],
  ['money', 'promise', 'amount'],
  ['prize', 'promise', 'urge'],
  ['prize', 'promise', 'contact'],
  ['prize', 'urge', 'contact'],
  ['growth', 'offer', 'promise'],
  ['growth', 'offer', 'contact'],
  ['growth', 'offer', 'urge'],
  ['growth', 'contact', 'promise'],
  ['lust', 'contact'],
  ['work', 'amount', 'contact'],
  ['work', 'amount', 'promise'],
];

/** Money with a currency, and numbers to call. */
const AMOUNT =
  /(?:[$€£₽₹₩¥]\s?\d[\d.,]*\s?k?|\d[\d.,]*\s?k?\s?(?:[$€£₽₹]|usd|eur|dollars?|euros?|btc|eth|usdt|reais|pesos|tl|zł|руб|грн|rupees|만원|元|块|円|万))/iu;
const PHONE = /\+\d{1,3}[\s().-]{0,2}(?:\d[\s().-]{0,2}){7,12}/u;

let matcher: WordMatcher<Sign> | null = null;

export function suspectSolicitation(layout: Layout, written: string): Suspicion[] {
  matcher ??= compileWords(
    SIGNS.map(({ sign, term }) => ({ text: term, tag: sign })),
    [],
  );
  const signs = new Set(findWords(matcher, layout, written).map(({ tag }) => tag));
  if (AMOUNT.test(written)) signs.add('amount');
  if (PHONE.test(written)) signs.add('contact');
  if (signs.has('certain')) return [{ kind: 'scam', spans: [], detail: 'a known pitch' }];
  const combination = COMBINATIONS.find((all) => all.every((sign) => signs.has(sign)));
  return combination ? [{ kind: 'scam', spans: [], detail: combination.join(' + ') }] : [];
}
