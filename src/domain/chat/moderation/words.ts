// Word lists: compiled once per version of a list, and held against a layout.
import { parseRawPattern } from 'obscenity';
import { type Script, scriptOf } from './characters.ts';
import type { Span } from './findings.ts';
import { fold, isElision } from './fold.ts';
import type { Layout } from './layout.ts';
import { PhraseMatcher } from './phrase-matcher.ts';

/**
 * A word or phrase. `*` at an edge: the word may go on there. `=` in front: only with its marks and letters as written ("=göt").
 * `#` inside: any number of stars in place of letters ("f#k").
 */
export interface Term<Tag> {
  text: string;
  tag: Tag;
  /** Also counts when glued together from pieces ("fu ck"). */
  glues?: boolean;
}

export interface Found<Tag> extends Span {
  tag: Tag;
  term: string;
}

interface Compiled<Tag> {
  term: Term<Tag>;
  pattern: string;
  script: Script;
  /** How often each character of the collapsed pattern has to be repeated. */
  needs: number[];
  needsRepeats: boolean;
  isOpenAtStart: boolean;
  isOpenAtEnd: boolean;
  exact: string | null;
}

export interface WordMatcher<Tag> {
  all: TermSet<Tag>;
  /** The few that also count when glued. */
  gluing: TermSet<Tag>;
}

interface TermSet<Tag> {
  terms: readonly Compiled<Tag>[];
  matcher: PhraseMatcher;
}

/** Shorter words become others when a letter is doubled: cul, cull. */
const DOUBLING_LENGTH_MIN = 4;

/** `innocent` terms excuse what stands inside them: "dick van dyke". Terms without a letter or digit are left out. */
export function compileWords<Tag>(terms: readonly Term<Tag>[], innocent: readonly string[]): WordMatcher<Tag> {
  const compiled = terms.flatMap((term) => compileTerm(term) ?? []);
  const excuses = innocent.flatMap((text) => compileTerm({ text, tag: null }) ?? []);
  const setOf = (own: Compiled<Tag>[]): TermSet<Tag> => ({
    terms: own,
    matcher: new PhraseMatcher({
      phrases: own.map(({ pattern }) => ({ pattern: parseRawPattern(literally(pattern)), core: pattern })),
      excuses: excuses.map(({ plain }) => plain),
      twice: ' ',
    }),
  });
  return { all: setOf(compiled), gluing: setOf(compiled.filter(({ term }) => term.glues)) };
}

export function findWords<Tag>({ all, gluing }: WordMatcher<Tag>, layout: Layout, written: string): Found<Tag>[] {
  const { text, gluedAt } = layout;
  return [
    ...findIn({ from: 0, to: gluedAt }, all, layout, written),
    ...findIn({ from: gluedAt, to: text.length }, gluing, layout, written),
  ];
}

function findIn<Tag>(
  { from, to }: Span,
  { terms, matcher }: TermSet<Tag>,
  layout: Layout,
  written: string,
): Found<Tag>[] {
  const found: Found<Tag>[] = [];
  for (const { termId, startIndex, endIndex } of matcher.matchesIn(layout.text.slice(from, to))) {
    const compiled = terms[termId]!;
    if (compiled.script !== 'latin' && !layout.scripts.has(compiled.script)) continue;
    const span = accept(compiled, layout, { start: from + startIndex, last: from + endIndex, written });
    if (span) found.push({ tag: compiled.term.tag, term: compiled.term.text, ...span });
  }
  return found;
}

function compileTerm<Tag>(term: Term<Tag>): (Compiled<Tag> & { plain: string }) | null {
  const isExact = term.text.startsWith('=');
  const body = (isExact ? term.text.slice(1) : term.text).trim();
  const [isOpenAtStart, isOpenAtEnd] = [body.startsWith('*'), body.endsWith('*') && body.length > 1];
  const inner = body.slice(isOpenAtStart ? 1 : 0, isOpenAtEnd ? -1 : undefined);
  const units = fold(inner);
  const spelled = units
    .map(({ char, kind }, at) =>
      kind === 'apostrophe'
        ? isElision(units, at)
          ? ' '
          : ''
        : kind === 'sign'
          ? char === '#' && at > 0
            ? '*'
            : ' '
          : char,
    )
    .join('')
    .trim()
    .replace(/ +/g, '  ');
  if (!/[^ *]/.test(spelled)) return null;
  const plain = `${isOpenAtStart ? '' : ' '}${spelled}${isOpenAtEnd ? '' : ' '}`;
  const runs = [...plain.matchAll(/(\S)\1*| +/gu)].map(([run]) => ({
    char: run,
    count: run.trim() === '' ? 1 : [...run].length,
  }));
  const pattern = runs
    .map(({ char }) => (char.trim() === '' ? char : String.fromCodePoint(char.codePointAt(0)!)))
    .join('');
  return {
    term,
    plain,
    pattern,
    script: scriptOfPattern(pattern),
    needs: runs.map(({ count }) => count),
    needsRepeats: runs.some(({ count }) => count > 1),
    isOpenAtStart,
    isOpenAtEnd,
    exact: isExact ? inner.normalize('NFC').toLowerCase() : null,
  };
}

/** The rarest script decides: a phrase of two scripts is found only where both are. */
function scriptOfPattern(pattern: string): Script {
  for (const char of pattern) {
    const script = scriptOf(char.codePointAt(0) ?? 0);
    if (script !== 'latin') return script;
  }
  return 'latin';
}

const literally = (pattern: string): string => pattern.replace(/[[\]?|\\]/g, (char) => `\\${char}`);

interface Hit {
  start: number;
  /** The last unit, inclusive; of a run of the same letter only the first. */
  last: number;
  written: string;
}

function accept<Tag>(
  compiled: Compiled<Tag>,
  layout: Layout,
  { start, last, written }: Hit,
): { from: number; to: number } | null {
  let end = last + 1;
  while (layout.text[end] === layout.text[last] && layout.text[last] !== ' ') end++;
  const matched = layout.text.slice(start, end);
  if (!(matched === compiled.pattern && !compiled.needsRepeats) && !isRepeatedEnough(compiled, matched)) return null;
  if (start >= layout.gluedAt && !isJoint(layout, start, end)) return null;
  while (layout.text[start] === ' ') start++;
  while (layout.text[end - 1] === ' ') end--;
  const isWhole = compiled.script !== 'ideograph';
  if (compiled.isOpenAtStart && isWhole) while (start > 0 && layout.text[start - 1] !== ' ') start--;
  if (compiled.isOpenAtEnd && isWhole) while (end < layout.text.length && layout.text[end] !== ' ') end++;
  const span = { from: layout.from[start] ?? 0, to: layout.to[end - 1] ?? written.length };
  return compiled.exact === null || isExactly(compiled.exact, written.slice(span.from, span.to)) ? span : null;
}

/** What stands whole in one piece was found before. */
function isJoint({ text, from, to }: Layout, start: number, end: number): boolean {
  for (let at = start; at + 1 < end; at++) {
    if (text[at] !== ' ' && text[at + 1] !== ' ' && (from[at + 1] ?? 0) > (to[at] ?? 0)) return true;
  }
  return false;
}

/** "as" is not "ass", "cull" is not "cul", and "fuuuuck" is what it is. */
function isRepeatedEnough<Tag>({ needs, pattern }: Compiled<Tag>, matched: string): boolean {
  const runs = [...matched.matchAll(/(\S)\1*| +/gu)];
  const isShort = pattern.trim().length < DOUBLING_LENGTH_MIN;
  return needs.every((need, at) => {
    const [run = ''] = runs[at] ?? [];
    if (run.trim() === '') return true;
    const has = [...run].length;
    return has >= need && !(isShort && need === 1 && has === 2 && !run.startsWith('*'));
  });
}

const isExactly = (exact: string, written: string): boolean =>
  written
    .normalize('NFC')
    .toLowerCase()
    .replace(/(.)\1{2,}/gu, '$1')
    .replace(/[^\p{L}\p{M}]/gu, '')
    .includes(exact.replace(/[^\p{L}\p{M}]/gu, ''));
