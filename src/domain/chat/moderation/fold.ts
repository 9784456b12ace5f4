// One text as it is matched: case, marks, invisible characters and shapes gone, and where each piece stood in the text as written.
import { cousinOf, flagLetter, isFlagLetter, latinShape, type Script, scriptOf, twinOf } from './characters.ts';

export type UnitKind = 'letter' | 'digit' | 'sign' | 'space' | 'apostrophe' | 'picture';

export interface Unit {
  /** The folded character: one letter, digit, sign or space. */
  char: string;
  kind: UnitKind;
  script: Script;
  /** The Latin letter it cannot be told from, or that it passes for in Latin company. */
  twin?: string | undefined;
  cousin?: string | undefined;
  /** Where it stood in the text as written, in UTF-16 units; `to` is behind the invisible characters and marks that follow. */
  from: number;
  to: number;
}

const INVISIBLE = /[\p{Cf}\p{Cc}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]/u;
const SPACE = /[\s\p{Z}\u2800]/u;
const LETTER = /\p{L}/u;
const MARK = /\p{M}/u;
const DIGIT = /\p{N}/u;
/** Marks that are put upon letters of any alphabet, or that careful writers may leave out. Vowel signs of Indic scripts are letters here. */
const LOOSE_MARK = /[\p{Script=Inherited}\p{Script=Hebrew}\p{Script=Arabic}\u093c\u0483-\u0489]/u;
const KANA_VOICE = /[\u3099\u309a]/;
const PICTURE = /\p{Extended_Pictographic}/u;
const APOSTROPHE = new Set(["'", '’', '‘', 'ʼ', '`', '´']);
/** Syllables written in loose Hangul letters, as some systems store them. */
const JAMO = /^[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?/;

export function fold(text: string): Unit[] {
  const units: Unit[] = [];
  for (let from = 0; from < text.length; ) {
    const code = text.codePointAt(from) ?? 0;
    const raw = syllableAt(text, from, code) ?? String.fromCodePoint(code);
    const to = from + raw.length;
    if (code > 0x20 && code < 0x7f) units.push(asciiUnit(raw, code, from, to));
    else foldOther(units, { raw, code, from, to, text });
    from = to;
  }
  return units;
}

const ELIDED = /^(?:[dljtsnmc]|qu)$/;

/** The French apostrophe, which parts two words: "d'un". Others stand inside one: "don't". */
export function isElision(units: readonly Unit[], at: number): boolean {
  let word = '';
  for (let before = at - 1; units[before]?.kind === 'letter' && word.length < 3; before--)
    word = `${units[before]?.char}${word}`;
  return ELIDED.test(word) && units[at + 1]?.kind === 'letter';
}

function asciiUnit(raw: string, code: number, from: number, to: number): Unit {
  const isLetter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
  const isDigit = code >= 48 && code <= 57;
  const kind = isLetter ? 'letter' : isDigit ? 'digit' : APOSTROPHE.has(raw) ? 'apostrophe' : 'sign';
  return { char: isLetter ? raw.toLowerCase() : raw, kind, script: 'latin', from, to };
}

const syllableAt = (text: string, from: number, code: number): string | null =>
  code >= 0x1100 && code <= 0x1112 ? (JAMO.exec(text.slice(from, from + 3))?.[0] ?? null) : null;

interface Piece {
  raw: string;
  code: number;
  from: number;
  to: number;
  text: string;
}

function foldOther(units: Unit[], { raw, code, from, to, text }: Piece): void {
  const last = units.at(-1);
  if (SPACE.test(raw)) units.push({ char: ' ', kind: 'space', script: 'latin', from, to });
  else if (INVISIBLE.test(raw) || (MARK.test(raw) && LOOSE_MARK.test(raw) && !KANA_VOICE.test(raw))) {
    if (last) last.to = to;
  } else if (APOSTROPHE.has(raw)) units.push({ char: "'", kind: 'apostrophe', script: 'latin', from, to });
  else if (isFlagLetter(code)) {
    // Two in a row draw a flag; one alone is a letter in a blue square.
    const isAlone =
      !isFlagLetter(text.codePointAt(to) ?? 0) && !(from >= 2 && isFlagLetter(text.codePointAt(from - 2) ?? 0));
    if (isAlone) units.push({ char: flagLetter(code), kind: 'letter', script: 'latin', from, to });
    else units.push({ char: '·', kind: 'sign', script: 'latin', from, to });
  } else {
    const shape = latinShape(raw);
    for (const char of shape ?? decomposed(raw, code)) pushFolded(units, { char, raw, from, to });
  }
}

/** A sign that stands for more is a word or a blessing of its own (U+FDFA: eighteen letters); it stays one. */
const FORM_LETTERS_MAX = 4;

/** Compatibility forms taken apart and loose marks dropped; whole syllables stay whole. */
function decomposed(raw: string, code: number): string {
  if (scriptOf(code) === 'hangul' && raw.normalize('NFC').length === 1) return raw.normalize('NFC');
  const apart = [...raw.normalize('NFKD')].filter(
    (char) => !(MARK.test(char) && LOOSE_MARK.test(char)) || KANA_VOICE.test(char),
  );
  if (apart.length > FORM_LETTERS_MAX) return raw;
  return apart.join('').normalize('NFC').toLowerCase();
}

function pushFolded(
  units: Unit[],
  { char, raw, from, to }: { char: string; raw: string; from: number; to: number },
): void {
  const code = char.codePointAt(0) ?? 0;
  const isPicture = code > 0x7f && PICTURE.test(char);
  const isLetter = LETTER.test(char) || MARK.test(char);
  const shaped = isLetter ? latinShape(char) : null;
  const base = { script: scriptOf(code), from, to };
  if (shaped) for (const latin of shaped) units.push({ char: latin, kind: 'letter', ...base, script: 'latin' });
  else if (isPicture) units.push({ char, kind: 'picture', ...base });
  else if (SPACE.test(char)) units.push({ char: ' ', kind: 'space', ...base });
  else if (isLetter) {
    const [bare = char] = raw.normalize('NFD');
    units.push({ char, kind: 'letter', ...base, twin: twinOf(bare), cousin: cousinOf(bare) });
  } else units.push({ char, kind: DIGIT.test(char) ? 'digit' : 'sign', ...base });
}
