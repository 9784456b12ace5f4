// `npm run bench:moderation`: how often the judges are right on the labelled lines, tuned on and held out, and how long a verdict takes.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { judge, STANDARD } from '../../src/domain/chat/moderation/judge.ts';
import { NO_LISTS } from '../../src/domain/chat/moderation/own-lists.ts';
import { EMPTY_MEMORY, type Memory } from '../../src/domain/chat/moderation/repeats.ts';
import { readCorpus } from '../../test/domain/chat/moderation/corpus.ts';
import { countMistakes, known } from '../../test/domain/chat/moderation/measure.ts';
import { percentile, table } from './statistics.ts';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, mistakes: { type: 'boolean', default: false } },
});
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

const long = [...corpus.map(({ text }) => text)].join(' ').slice(0, 500);
const times = {
  'lines of the corpus': Array.from({ length: Number(options.rounds) }, () => corpus.map(({ text }) => text)).flat(),
  '500 characters of many scripts': Array.from({ length: 200 }, () => long),
};
let memory: Memory = EMPTY_MEMORY;
const speeds = Object.entries(times).map(([what, texts]) => {
  const taken = texts.map((text, nth) => {
    const began = process.hrtime.bigint();
    memory = judge({ ...known, text }, { lists: NO_LISTS, settings: STANDARD, memory, nowMs: nth }).memory;
    return Number(process.hrtime.bigint() - began) / 1e6;
  });
  return [what, texts.length, ...[0.5, 0.95, 0.99].map((share) => percentile(taken, share).toFixed(2))];
});
process.stdout.write(
  `${table(['a verdict', 'times', 'p50 ms', 'p95 ms', 'p99 ms'], speeds)}\n\n${cpus()[0]?.model}, Node ${process.version}\n`,
);
