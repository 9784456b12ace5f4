// Who judges a line before anybody sees it: a line and the time in, a verdict out.
import type { Line } from './moderation/findings.ts';
import { judge, STANDARD } from './moderation/judge.ts';
import { NO_LISTS } from './moderation/own-lists.ts';
import { EMPTY_MEMORY } from './moderation/repeats.ts';
import type { Verdict } from './moderation/verdict.ts';

export type JudgeLine = (line: Line, nowMs: number) => Verdict;

/** Who has been heard this often is no stranger; more is not counted. */
export const ENOUGH_LINES = 5;

/** The judges of one room, who remember what was said in it lately. */
export function houseJudge(): JudgeLine {
  let memory = EMPTY_MEMORY;
  return (line, nowMs) => {
    const judged = judge(line, { lists: NO_LISTS, settings: STANDARD, memory, nowMs });
    memory = judged.memory;
    return judged.verdict;
  };
}
