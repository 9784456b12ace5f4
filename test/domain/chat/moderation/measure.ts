// What the judges make of labelled lines, as standard strictness has it, said by somebody who is known in the room.

import type { Line } from '../../../../src/domain/chat/moderation/findings.ts';
import { judge, STANDARD } from '../../../../src/domain/chat/moderation/judge.ts';
import { NO_LISTS } from '../../../../src/domain/chat/moderation/own-lists.ts';
import { EMPTY_MEMORY } from '../../../../src/domain/chat/moderation/repeats.ts';
import type { Verdict } from '../../../../src/domain/chat/moderation/verdict.ts';
import type { LabelledLine } from './corpus.ts';

export const known: Omit<Line, 'text'> = {
  authorId: 'us_known',
  authorRoles: ['viewer'],
  accountAgeMs: 400 * 86_400_000,
  followingForMs: 100 * 86_400_000,
  linesBefore: 500,
};

export const verdictOn = (text: string): Verdict =>
  judge({ ...known, text }, { lists: NO_LISTS, settings: STANDARD, memory: EMPTY_MEMORY, nowMs: 0 }).verdict;

export interface Mistakes {
  bad: number;
  good: number;
  missed: LabelledLine[];
  wronged: LabelledLine[];
  precision: number;
  recall: number;
  falsePositives: number;
}

export function countMistakes(lines: readonly LabelledLine[]): Mistakes {
  const caught = new Set(lines.filter(({ text }) => verdictOn(text).action !== 'allow'));
  const bad = lines.filter(({ isOk }) => !isOk);
  const good = lines.filter(({ isOk }) => isOk);
  const missed = bad.filter((line) => !caught.has(line));
  const wronged = good.filter((line) => caught.has(line));
  const hits = bad.length - missed.length;
  return {
    bad: bad.length,
    good: good.length,
    missed,
    wronged,
    precision: hits / (hits + wronged.length),
    recall: hits / bad.length,
    falsePositives: wronged.length / good.length,
  };
}
