// `npm run bench:moderation`: how often the judges are right on the labelled lines, tuned on and held out, and how long a verdict takes.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { judge, STANDARD } from '../../src/domain/chat/moderation/judge.ts';
import { NO_LISTS } from '../../src/domain/chat/moderation/own-lists.ts';
import { EMPTY_MEMORY, type Memory } from '../../src/domain/chat/moderation/repeats.ts';
import { readCorpus } from '../../test/domain/chat/moderation/corpus.ts';
import { countMistakes, known } from '../../test/domain/chat/moderation/measure.ts';
import { hardLine } from './moderation/hard-lines.ts';
import { percentile, table } from './statistics.ts';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, mistakes: { type: 'boolean', default: false } },
});
/** So many lines are tried, and the hardest of them are looked at closely. */
const HARD_LINES = 2000;
const HARDEST = 20;
const corpus = readCorpus();
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const parts = [
  ['tuned on', corpus.filter(({ isHeldOut }) => !isHeldOut)],
  ['held out', corpus.filter(({ isHeldOut }) => isHeldOut)],
  ['all', corpus],
] as const;
const rows = parts.map(([name, lines]) => {
  const { bad, good, missed, wronged, precision, recall, falsePositives } = countMistakes(lines);
  return [name, bad, good, missed.length, wronged.length, percent(precision), percent(recall), percent(falsePositives)];
});
const heads = ['lines', 'not ok', 'ok', 'missed', 'wronged', 'precision', 'recall', 'false positives'];
process.stdout.write(`${table(heads, rows)}\n\n`);
// Only of what may be tuned on: whoever looks at the others has tuned on them.
if (options.mistakes) {
  const { missed, wronged } = countMistakes(parts[0][1]);
  for (const { text, language } of missed) process.stdout.write(`missed  ${language}  ${text}\n`);
  for (const { text, language } of wronged) process.stdout.write(`wronged  ${language}  ${text}\n`);
}

let memory: Memory = EMPTY_MEMORY;
let judged = 0;
const millisecondsOf = (text: string): number => {
  const began = process.hrtime.bigint();
  memory = judge({ ...known, text }, { lists: NO_LISTS, settings: STANDARD, memory, nowMs: judged++ }).memory;
  return Number(process.hrtime.bigint() - began) / 1e6;
};
const repeated = (texts: string[], times: number): string[] => Array.from({ length: times }, () => texts).flat();

const lines = corpus.map(({ text }) => text);
const hard = Array.from({ length: HARD_LINES }, (_, seed) => hardLine(seed));
const timesOf = (texts: string[]): number[] => texts.map(millisecondsOf);
/** The quickest of three: what a line costs, and not what else ran on the machine. */
const costs = hard.map((text) => ({ text, ms: Math.min(...timesOf([text, text, text])) }));
const hardest = costs.toSorted((one, other) => other.ms - one.ms).slice(0, HARDEST);
const taken = {
  'lines of the corpus': timesOf(repeated(lines, Number(options.rounds))),
  '500 characters of many scripts': timesOf(repeated([lines.join(' ').slice(0, 500)], 200)),
  [`${HARD_LINES} hard lines from seeds`]: timesOf(hard),
  [`the ${HARDEST} hardest of them`]: timesOf(
    repeated(
      hardest.map(({ text }) => text),
      20,
    ),
  ),
};
const speeds = Object.entries(taken).map(([what, times]) => [
  what,
  times.length,
  ...[0.5, 0.95, 0.99].map((share) => percentile(times, share).toFixed(2)),
]);
process.stdout.write(
  `${table(['a verdict', 'times', 'p50 ms', 'p95 ms', 'p99 ms'], speeds)}\n\n${cpus()[0]?.model}, Node ${process.version}\n`,
);
