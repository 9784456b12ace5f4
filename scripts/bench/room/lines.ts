// Lines that people might say, no two alike: a number to know them by, and some words.
const WORDS =
  'river garden window music evening yellow morning silver bridge mountain paper summer winter coffee market island forest story letter camera corner travel dinner planet'.split(
    ' ',
  );

/** About sixty bytes. */
export function lineOf(number: number): string {
  const words = Array.from(
    { length: 7 },
    (_, nth) => WORDS[(number * (2 * nth + 7) + ((number >> nth) % 11) * 5) % WORDS.length],
  );
  return `${number} ${words.join(' ')}`;
}
