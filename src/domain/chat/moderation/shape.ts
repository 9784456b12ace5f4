// The judge of how a line looks: shouting, walls of emoji or signs, endless letters, marks piled upon letters.
import type { Suspicion } from './findings.ts';
import type { Unit } from './fold.ts';

/** A short shout is joy. */
const SHOUT_LETTERS_MIN = 30;
const SHOUT_SHARE = 0.85;
const SAME_IN_A_ROW_MAX = 30;
const PICTURES_MAX = 15;
const SIGNS_MAX = 40;
const SAME_WORD_MAX = 9;
const PILED_MARKS_MAX = 12;
/** More marks upon a letter than any orthography puts there. */
const MARKS_ON_ONE_MAX = 3;
const UNBROKEN_MAX = 120;

export function suspectShape(units: readonly Unit[], written: string): Suspicion[] {
  const found: Suspicion[] = [];
  if (isShouted(written)) found.push({ kind: 'caps', spans: [], detail: 'shouted' });
  const flood = floodOf(units, written);
  if (flood) found.push({ kind: 'flood', spans: [], detail: flood });
  return found;
}

function isShouted(written: string): boolean {
  const collapsed = written.replace(/(\p{L})\1{2,}/gu, '$1');
  const capitals = collapsed.match(/\p{Lu}/gu)?.length ?? 0;
  const smalls = collapsed.match(/\p{Ll}/gu)?.length ?? 0;
  return capitals + smalls >= SHOUT_LETTERS_MIN && capitals / (capitals + smalls) >= SHOUT_SHARE;
}

function floodOf(units: readonly Unit[], written: string): string | null {
  if (pilesMarks(written)) return 'piled marks';
  const solid = units.filter(({ kind }) => kind !== 'space');
  if (longestRun(solid.map(({ char }) => char)) > SAME_IN_A_ROW_MAX) return 'one character over and over';
  const pictures = solid.filter(({ kind }) => kind === 'picture').length;
  if (pictures > PICTURES_MAX && pictures > solid.length / 3) return 'a wall of emoji';
  const signs = solid.filter(({ kind }) => kind === 'sign').length;
  if (signs > SIGNS_MAX && signs > solid.length * 0.6) return 'a wall of signs';
  const words = units
    .map(({ char }) => char)
    .join('')
    .split(/ +/);
  if (longestRun(words.filter((word) => word !== '')) > SAME_WORD_MAX) return 'one word over and over';
  const isUnbroken = words.some((word) => word.length > UNBROKEN_MAX && !word.includes('/') && isSpaced(word));
  return isUnbroken ? 'no space anywhere' : null;
}

/** Languages that part words by spaces. */
const isSpaced = (word: string): boolean =>
  !/[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]/.test(word);

function pilesMarks(written: string): boolean {
  const piles = written.normalize('NFC').match(/[\p{Script=Inherited}]+/gu) ?? [];
  const marks = piles.map((pile) => pile.replace(/\p{Default_Ignorable_Code_Point}/gu, '').length);
  const piled = marks.filter((count) => count > MARKS_ON_ONE_MAX).reduce((sum, count) => sum + count, 0);
  return piled >= PILED_MARKS_MAX;
}

function longestRun(items: readonly string[]): number {
  let [longest, run] = [0, 0];
  items.forEach((item, at) => {
    run = item === items[at - 1] ? run + 1 : 1;
    longest = Math.max(longest, run);
  });
  return longest;
}
