// Who judges a line before anybody sees it: a line and the time in, a verdict out.
import type { ChannelRules } from '../../protocol/rules.ts';
import type { Line } from './moderation/findings.ts';
import { judge, type RoomSettings, STANDARD } from './moderation/judge.ts';
import { type CompiledLists, compileLists, NO_LISTS } from './moderation/own-lists.ts';
import { EMPTY_MEMORY } from './moderation/repeats.ts';
import type { Verdict } from './moderation/verdict.ts';

export type JudgeLine = (line: Line, nowMs: number) => Verdict;

/** Who has been heard this often is no stranger; more is not counted. */
export const ENOUGH_LINES = 5;

export interface Rules extends ChannelRules {
  version: number;
}

/** By what a room judges; `rules` null: by what is usual everywhere. */
export interface JudgingBy {
  rules: { channel: Rules; platform: Rules } | null;
  lists: CompiledLists;
  settings: RoomSettings;
}

/** Compiles the lists, unless `before` has the same. */
export function judgingBy(rules: JudgingBy['rules'], before?: JudgingBy): JudgingBy {
  if (!rules) return { rules, lists: NO_LISTS, settings: STANDARD };
  const { channel, platform } = rules;
  const version = `${channel.version}.${platform.version}`;
  const lists =
    before?.lists.version === version
      ? before.lists
      : compileLists({ version, channel: channel.words, platform: platform.words });
  const { strictness, allowedSites, links } = channel;
  return { rules, lists, settings: { strictness, allowedSites, links } };
}

/** The judges of one room, who remember what was said in it lately. `by`: asked for each line. */
export function houseJudge(by: () => JudgingBy): JudgeLine {
  let memory = EMPTY_MEMORY;
  return (line, nowMs) => {
    const { lists, settings } = by();
    const judged = judge(line, { lists, settings, memory, nowMs });
    memory = judged.memory;
    return judged.verdict;
  };
}
