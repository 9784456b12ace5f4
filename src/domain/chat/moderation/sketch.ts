// A few numbers that stand for a line, so that nearly equal lines are found without keeping any text.
import type { Unit } from './fold.ts';

const SLOTS = 16;
/** Of sixteen slots this many are equal where about four fifths of the trigrams are. */
const SIMILAR_SLOTS = 12;

export interface Sketch {
  letters: number;
  /** The smallest hash of all trigrams under each of sixteen hash functions (MinHash). */
  slots: readonly number[];
}

export function sketchOf(units: readonly Unit[]): Sketch {
  const letters = units
    .filter(({ kind }) => kind === 'letter' || kind === 'picture')
    .map(({ char, twin }) => twin ?? char);
  const text = letters.filter((char, at) => char !== letters[at - 1]);
  const slots = new Array<number>(SLOTS).fill(0xffffffff);
  for (let at = 0; at === 0 || at + 3 <= text.length; at++) {
    const base = hash(text.slice(at, at + 3).join(''));
    for (let slot = 0; slot < SLOTS; slot++) {
      const value = mix(base ^ Math.imul(slot + 1, 0x9e3779b1));
      if (value < slots[slot]!) slots[slot] = value;
    }
  }
  return { letters: text.length, slots };
}

export function isSimilar(one: Sketch, other: Sketch, { exactly }: { exactly: boolean }): boolean {
  const equal = one.slots.filter((value, slot) => value === other.slots[slot]).length;
  return exactly ? equal === SLOTS && one.letters === other.letters : equal >= SIMILAR_SLOTS;
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}

/** The finaliser of MurmurHash3: every bit of the input reaches every bit of the result. */
function mix(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
