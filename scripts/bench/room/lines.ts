// Lines that people might say, no two alike: a number to know them by, and some words by chance.
import { randomFrom } from '../../../test/support/random.ts';

const WORDS =
  'river garden window music evening yellow morning silver bridge mountain paper summer winter coffee market island forest story letter camera corner travel dinner planet harbour pencil ladder carpet rocket guitar'.split(
    ' ',
  );

/** About sixty bytes. */
export function lineOf(number: number): string {
  const random = randomFrom(number + 1);
  const words = Array.from({ length: 7 }, () => WORDS[Math.floor(random() * WORDS.length)]);
  return `${number} ${words.join(' ')}`;
}
