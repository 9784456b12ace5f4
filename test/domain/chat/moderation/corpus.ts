// Reads the labelled lines, and says which of them were put aside when lists and rules were tuned.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface LabelledLine {
  text: string;
  isOk: boolean;
  kind: string;
  language: string;
  isHeldOut: boolean;
}

const FOLDER = fileURLToPath(new URL('./corpus/', import.meta.url));

export function readCorpus(): LabelledLine[] {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'));
  return files.toSorted().flatMap((name) => readLines(readFileSync(FOLDER + name, 'utf8')));
}

function readLines(file: string): LabelledLine[] {
  let heading = { isOk: true, kind: '', language: '' };
  const lines: LabelledLine[] = [];
  for (const row of file.split('\n')) {
    const [, label, kind = '', language = ''] = /^== (ok|not ok) \| (.+) \| (.+)$/.exec(row) ?? [];
    if (label) heading = { isOk: label === 'ok', kind, language };
    else if (row !== '') lines.push({ ...heading, text: unescaped(row), isHeldOut: isHeldOut(row) });
  }
  return lines;
}

const unescaped = (row: string): string =>
  row.replace(/\\u\{([0-9a-f]+)\}/g, (_all, code: string) => String.fromCodePoint(Number.parseInt(code, 16)));

/** FNV-1a of the row as it stands in the file: the same third for ever. */
function isHeldOut(row: string): boolean {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(row)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return (hash >>> 8) % 3 === 0;
}
