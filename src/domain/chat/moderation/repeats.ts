// The judge with a memory: the same line again by one author, and nearly the same line by many (a raid). The memory is a bounded value.
import type { Line, Suspicion } from './findings.ts';
import type { Unit } from './fold.ts';
import { isNewcomer } from './newcomer.ts';
import { isSimilar, type Sketch, sketchOf } from './sketch.ts';

const WINDOW_MS = 30_000;
/** Different lines that are remembered, newest first. */
const LINES_MAX = 128;
const AUTHORS_MAX = 16;
/** "gg" and "GOAL" are said by everybody, and more than once. */
const SHORT_LETTERS_MAX = 12;
const REPEATS_MAX = 2;
const SHORT_REPEATS_MAX = 4;
const RAID_AUTHORS_MIN = 5;
const RAID_NEWCOMERS_MIN = 3;

interface Voice {
  id: string;
  times: number;
  isNew: boolean;
}

interface RememberedLine {
  sketch: Sketch;
  lastMs: number;
  voices: readonly Voice[];
}

export interface Memory {
  lines: readonly RememberedLine[];
}

export const EMPTY_MEMORY: Memory = { lines: [] };

export function suspectRepeats(
  line: Line,
  units: readonly Unit[],
  { memory, nowMs }: { memory: Memory; nowMs: number },
): { found: Suspicion[]; memory: Memory } {
  const sketch = sketchOf(units);
  const fresh = memory.lines.filter(({ lastMs }) => nowMs - lastMs < WINDOW_MS);
  if (sketch.letters === 0) return { found: [], memory: { lines: fresh } };
  const isShort = sketch.letters < SHORT_LETTERS_MAX;
  const same = fresh.find((other) => isSimilar(other.sketch, sketch, { exactly: isShort }));
  const voices = heard(same?.voices ?? [], line);
  const remembered = { sketch: same?.sketch ?? sketch, lastMs: nowMs, voices };
  const lines = [remembered, ...fresh.filter((other) => other !== same)].slice(0, LINES_MAX);
  const times = voices[0]?.times ?? 1;
  const found: Suspicion[] = [];
  if (times > (isShort ? SHORT_REPEATS_MAX : REPEATS_MAX))
    found.push({ kind: 'duplicate', spans: [], detail: `${times} times` });
  const newcomers = voices.filter(({ isNew }) => isNew).length;
  if (!isShort && voices.length >= RAID_AUTHORS_MIN && newcomers >= RAID_NEWCOMERS_MIN) {
    found.push({ kind: 'raid', spans: [], detail: `${voices.length} authors` });
  }
  return { found, memory: { lines } };
}

/** The author of this line comes first. */
function heard(voices: readonly Voice[], line: Line): Voice[] {
  const before = voices.find(({ id }) => id === line.authorId);
  const now = { id: line.authorId, times: (before?.times ?? 0) + 1, isNew: isNewcomer(line) };
  return [now, ...voices.filter((voice) => voice !== before)].slice(0, AUTHORS_MAX);
}
