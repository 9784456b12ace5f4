// Counts that do not run ahead of the picture: a burst of hearts before the goal tells of it. Pure.
import type { Poll } from '../../protocol/chat/polls.ts';
import type { ReactionName } from '../../protocol/chat/reaction-words.ts';
import type { ReactionTotals } from '../../protocol/chat/reactions.ts';

/** Two minutes of the quickest tick; beyond, the eldest that wait become one. */
const WAITING_MAX = 480;

interface Heard {
  reactions: ReactionTotals;
  /** Shown from this picture on; never earlier than what was heard before it, which is among it. */
  momentMs: number;
}

export interface CountsLine {
  /** Null: nothing was heard yet. */
  shown: ReactionTotals | null;
  waiting: readonly Heard[];
}

export const NO_COUNTS: CountsLine = { shown: null, waiting: [] };

/** How it stands, without how it came to this: nothing rises. */
export const beginCounts = (reactions: ReactionTotals): CountsLine => ({ shown: reactions, waiting: [] });

/** `mediaTimeMs`: the newest picture that was reacted to; nobody has seen one before `nowMs` (Unix ms at the edge). */
export function hearCounts(
  line: CountsLine,
  { reactions, mediaTimeMs, nowMs }: { reactions: ReactionTotals; mediaTimeMs: number | null; nowMs: number },
): CountsLine {
  const own = mediaTimeMs === null ? Number.NEGATIVE_INFINITY : Math.min(mediaTimeMs, nowMs);
  const momentMs = Math.max(own, line.waiting.at(-1)?.momentMs ?? Number.NEGATIVE_INFINITY);
  const waiting = [...line.waiting, { reactions, momentMs }];
  return { ...line, waiting: waiting.length > WAITING_MAX ? waiting.slice(1) : waiting };
}

export type Risen = Partial<Record<ReactionName, number>>;

/** What may be shown at this picture, and what has risen since it was last asked. */
export function dueCounts(line: CountsLine, untilMs: number): { line: CountsLine; risen: Risen } {
  const count = line.waiting.findLastIndex(({ momentMs }) => momentMs <= untilMs) + 1;
  const newest = line.waiting[count - 1];
  if (!newest) return { line, risen: {} };
  const next = { shown: newest.reactions, waiting: line.waiting.slice(count) };
  return { line: next, risen: line.shown ? risenBetween(line.shown, newest.reactions) : {} };
}

const risenBetween = (before: ReactionTotals, now: ReactionTotals): Risen =>
  Object.fromEntries(
    (Object.keys(now) as ReactionName[])
      .map((kind) => [kind, now[kind] - before[kind]] as const)
      .filter(([, count]) => count > 0),
  );

/** A poll is asked about a picture, and appears with it. */
export const isPollDue = ({ mediaTimeMs, openedAt }: Poll, untilMs: number): boolean =>
  mediaTimeMs === null || Math.min(mediaTimeMs, Date.parse(openedAt)) <= untilMs;
