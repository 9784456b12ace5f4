// All readings of one text that word lists are held against, written one after the other: as it stands, in look-alikes, spelled out, glued.
import type { Script } from './characters.ts';
import type { Unit } from './fold.ts';
import { cyrillicReading, type Glyph, latinReadings, nativeGlyph } from './readings.ts';

/** Every word stands between two spaces of its own, so that an edge of a word is a space in any script. */
export interface Layout {
  text: string;
  /** For each UTF-16 unit of `text`: where it stood in the text as written. */
  from: number[];
  to: number[];
  /** From here on stand words that were glued together from pieces; only terms that are unmistakable count there. */
  gluedAt: number;
  scripts: ReadonlySet<Script>;
}

export type Word = Glyph[];

/** What people write for a word of a phrase. */
const SHORT_FORMS = new Map([
  ['u', 'you'],
  ['ya', 'you'],
  ['ur', 'your'],
  ['youre', 'you are'],
  ['r', 'are'],
  ['urself', 'yourself'],
  ['urselves', 'yourself'],
  ['yourselves', 'yourself'],
  ['yoself', 'yourself'],
  ['yourslef', 'yourself'],
  ['im', 'i am'],
  ['ill', 'i will'],
  ['ima', 'i will'],
  ['imma', 'i will'],
  ['gonna', 'going to'],
  ['wanna', 'want to'],
]);
/** Nobody glues a whole page together; it bounds what a text of two-letter words costs. */
const GLUED_WORDS_MAX = 500;
const GLUED_PIECE_MAX = 3;
const GLUED_WORD_MIN = 4;
const GLUED_WORD_MAX = 12;
const WHOLE_SYLLABLES: ReadonlySet<Script> = new Set(['hangul', 'ideograph']);

export function layOut(units: readonly Unit[]): Layout {
  const layout = { text: '', from: [] as number[], to: [] as number[], gluedAt: 0, scripts: new Set<Script>() };
  for (const { kind, script } of units) if (kind === 'letter') layout.scripts.add(script);
  const chunks = split(units);
  const native = chunks.map((chunk) => wordsOf(chunk, nativeGlyph));
  const latin = chunks.map((chunk) => latinReadings(chunk).map((glyphOf) => wordsOf(chunk, glyphOf)));
  write(layout, native.flat());
  for (const nth of [0, 1]) {
    if (latin.some((readings, at) => differs(readings[nth], native[at]))) {
      write(
        layout,
        latin.flatMap((readings, at) => readings[nth] ?? readings[0] ?? native[at] ?? []),
      );
      layout.scripts.add('latin');
    }
  }
  if (layout.scripts.has('cyrillic')) {
    const cyrillic = chunks.map((chunk) => wordsOf(chunk, cyrillicReading(chunk)));
    if (cyrillic.some((words, at) => differs(words, native[at]))) write(layout, cyrillic.flat());
  }
  for (const run of spelledRuns(units)) writeAllReadings(layout, run);
  for (const chunk of chunks) {
    const whole = chunk.filter(({ kind, script }) => kind === 'letter' && WHOLE_SYLLABLES.has(script));
    if (whole.length > 1 && whole.length < chunk.length)
      write(layout, [whole.map((unit) => ({ char: unit.char, unit }))]);
  }
  layout.gluedAt = layout.text.length;
  write(layout, gluedWords(latin.map((readings, at) => readings[0] ?? native[at] ?? [])));
  return layout;
}

/** Marks that end a clause where no space does. */
const CLAUSE_END = /[。，！？、；：…]/u;

function split(units: readonly Unit[]): Unit[][] {
  const chunks: Unit[][] = [];
  let chunk: Unit[] = [];
  for (const unit of units) {
    if (unit.kind !== 'space' && !CLAUSE_END.test(unit.char)) chunk.push(unit);
    else if (chunk.length > 0) {
      chunks.push(chunk);
      chunk = [];
    }
  }
  return chunk.length > 0 ? [...chunks, chunk] : chunks;
}

type GlyphOf = (chunk: readonly Unit[], at: number) => string | null | '';

/** `glyphOf` answers a letter or digit, '' for what is left out inside a word, null for what ends one. */
function wordsOf(chunk: readonly Unit[], glyphOf: GlyphOf): Word[] {
  const words: Word[] = [];
  let word: Word = [];
  const end = (): void => {
    if (word.length > 0) words.push(word);
    word = [];
  };
  for (const [at, unit] of chunk.entries()) {
    const char = glyphOf(chunk, at);
    const previous = word.at(-1);
    // A number beside a word is not part of it: "ass123".
    if (char === null || (char !== '' && previous && isNumeric(previous.char) !== isNumeric(char))) end();
    if (char) word.push({ char, unit });
    if (char && unit.kind === 'picture') end();
  }
  end();
  return words;
}

const isNumeric = (char: string): boolean => char >= '0' && char <= '9';
const spell = (word: Word): string => word.map(({ char }) => char).join('');
const differs = (words: Word[] | undefined, others: Word[] | undefined): boolean =>
  words !== undefined && words.map(spell).join(' ') !== (others ?? []).map(spell).join(' ');

function write(layout: Layout & { scripts: Set<Script> }, words: readonly Word[]): void {
  for (const word of words) {
    const [first, last] = [word[0]?.unit, word.at(-1)?.unit];
    if (!first || !last) continue;
    const long = SHORT_FORMS.get(spell(word));
    put(layout, ' ', first.from, first.from);
    if (long) for (const char of long.replace(' ', '  ')) put(layout, char, first.from, last.to);
    else for (const { char, unit } of word) put(layout, char, unit.from, unit.to);
    put(layout, ' ', last.to, last.to);
  }
}

function put(layout: Layout, char: string, from: number, to: number): void {
  layout.text += char;
  for (let unit = 0; unit < char.length; unit++) {
    layout.from.push(from);
    layout.to.push(to);
  }
}

/** "f u c k", "f.u.c.k": letters that stand alone, with the same gap between them throughout. */
function spelledRuns(units: readonly Unit[]): Unit[][] {
  const runs: Unit[][] = [];
  let run: Unit[] = [];
  let runGap = 0;
  let gap = 0;
  const end = (): void => {
    const isSyllables = run.some(({ script, kind }) => kind === 'letter' && WHOLE_SYLLABLES.has(script));
    if (run.length >= (isSyllables ? 2 : 3) && run.some(({ kind }) => kind === 'letter')) runs.push(run);
    run = [];
    runGap = 0;
  };
  for (let at = 0; at < units.length; at++) {
    const unit = units[at]!;
    if (!isPiece(unit)) {
      gap++;
      continue;
    }
    const isAlone = !touches(unit, units[at - 1]) && !touches(unit, units[at + 1]);
    if (!isAlone || (runGap > 0 && gap > runGap)) end();
    if (isAlone) {
      if (run.length === 1) runGap = gap;
      run.push(unit);
    }
    gap = 0;
  }
  end();
  return runs;
}

/** Two units of one character ("ß") do not touch: they are it. */
const touches = (unit: Unit, other: Unit | undefined): boolean => isPiece(other) && other?.from !== unit.from;

const isPiece = (unit: Unit | undefined): boolean =>
  unit !== undefined && (unit.kind === 'letter' || unit.kind === 'digit' || unit.char === '@' || unit.char === '$');

function writeAllReadings(layout: Layout & { scripts: Set<Script> }, run: Unit[]): void {
  const native = wordsOf(run, nativeGlyph);
  const others = [...latinReadings(run), cyrillicReading(run)].map((glyphOf) => wordsOf(run, glyphOf));
  write(layout, native);
  for (const words of others) if (differs(words, native)) write(layout, words);
}

/** "fu ck", "fuc-king": neighbours of which one is short, and what signs inside a chunk keep apart. */
function gluedWords(chunks: readonly Word[][]): Word[] {
  const words = chunks.flat();
  const glued: Word[] = [];
  for (const chunk of chunks) if (chunk.length > 2) glued.push(chunk.flat());
  for (let at = 0; at + 1 < words.length; at++) {
    const [one, two] = [words[at]!, words[at + 1]!];
    const three = words[at + 2];
    if (Math.min(one.length, two.length) <= GLUED_PIECE_MAX) glued.push([...one, ...two]);
    if (three && one.length <= 2 && two.length <= 2 && three.length <= GLUED_PIECE_MAX)
      glued.push([...one, ...two, ...three]);
  }
  return glued.filter(({ length }) => length >= GLUED_WORD_MIN && length <= GLUED_WORD_MAX).slice(0, GLUED_WORDS_MAX);
}
