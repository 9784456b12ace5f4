// How one character of a chunk is read: as it stands, as Latin with digits and signs for letters, or as Cyrillic.
import { INNER_SIGNS, LEET, STROKES, TO_CYRILLIC } from './characters.ts';
import { isElision, type Unit } from './fold.ts';

export interface Glyph {
  char: string;
  unit: Unit;
}

/** A letter or digit; '' for what is left out inside a word; null for what ends one. */
export type ReadGlyph = (chunk: readonly Unit[], at: number) => string | null;

export function nativeGlyph(chunk: readonly Unit[], at: number): string | null {
  const { char, kind } = chunk[at]!;
  if (kind === 'apostrophe') return isElision(chunk, at) ? null : '';
  return kind === 'letter' || kind === 'digit' || kind === 'picture' ? char : null;
}

/** Up to two readings, the second only where an upright stroke may be an l as well as an i; none where nothing is Latin. */
export function latinReadings(chunk: readonly Unit[]): ReadGlyph[] {
  const letters = chunk.filter(({ kind }) => kind === 'letter');
  const hasLatin = letters.some(({ script }) => script === 'latin');
  const allTwins = letters.length > 0 && letters.every(({ script, twin }) => script === 'latin' || twin);
  const isSigns =
    letters.length === 0 && chunk.some(({ char }) => char === '@') && chunk.some(({ char }) => char === '$');
  if (!hasLatin && !allTwins && !isSigns) return [];
  const read =
    (stroke: string): ReadGlyph =>
    (all, at) =>
      latinGlyph(all, at, { hasLatin, stroke });
  return chunk.some(({ char }) => STROKES.has(char)) ? [read('i'), read('l')] : [read('i')];
}

function latinGlyph(
  chunk: readonly Unit[],
  at: number,
  { hasLatin, stroke }: { hasLatin: boolean; stroke: string },
): string | null {
  const { char, kind, script, twin, cousin } = chunk[at]!;
  if (kind === 'apostrophe') return isElision(chunk, at) ? null : '';
  if (kind === 'letter') return twin ?? (script === 'latin' ? char : ((hasLatin ? cousin : undefined) ?? char));
  const leet = STROKES.has(char) ? stroke : LEET.get(char);
  if (leet && (!INNER_SIGNS.has(char) || isInside(chunk, at))) return leet;
  // Stars in place of letters stay in the word: "f**k".
  if (isStar(chunk[at])) return starGlyph(chunk, at);
  return kind === 'digit' || kind === 'picture' ? char : null;
}

const isInside = (chunk: readonly Unit[], at: number): boolean => isWordly(chunk[at - 1]) && isWordly(chunk[at + 1]);

const isWordly = (unit: Unit | undefined): boolean =>
  unit !== undefined && (unit.kind === 'letter' || unit.kind === 'digit' || LEET.has(unit.char));

const isStar = (unit: Unit | undefined): boolean => unit !== undefined && /[*#%]/.test(unit.char);

function starGlyph(chunk: readonly Unit[], at: number): string | null {
  const [before, after] = [chunk[at - 1], chunk[at + 1]];
  const followsLetter = before?.kind === 'letter' || isStar(before);
  // One at the end is a footnote, or the sharp of F#.
  return followsLetter && (after?.kind === 'letter' || isStar(after) || isStar(before)) ? '*' : null;
}

/** Latin letters and digits among Cyrillic letters are taken for those they look like. */
export function cyrillicReading(chunk: readonly Unit[]): ReadGlyph {
  if (!chunk.some(({ script, kind }) => script === 'cyrillic' && kind === 'letter')) return nativeGlyph;
  return (all, at) => {
    const { char, kind, script } = all[at]!;
    if (kind === 'letter' && script === 'cyrillic') return char;
    return isStar(all[at]) ? starGlyph(all, at) : (TO_CYRILLIC.get(char) ?? nativeGlyph(all, at));
  };
}
