// Lets somebody say nothing, beside what may stand against them already: nothing is loosened by it, and taking it back brings back what stood.
import type { Ban, PlaceBan } from '../../protocol/bans.ts';
import type { BansApi } from './bans-api.ts';
import { duration } from './room-words.ts';

export type WantedBan = Pick<PlaceBan, 'seconds'> & Partial<PlaceBan>;

interface Restraining {
  userId: string;
  /** What the person is called, and what to do first to have it so all the same, in the words for a refusal. */
  name: string;
  remedy: string;
  wanted: WantedBan;
}

/** Answers what stood before; null: nothing. What would loosen it is an error in words. */
export async function placeOver(
  bans: Pick<BansApi, 'list' | 'place'>,
  { userId, name, remedy, wanted }: Restraining,
  nowMs: number,
): Promise<Ban | null> {
  const standing = (await bans.list()).find(({ user }) => user.id === userId) ?? null;
  if (standing && loosens(standing, wanted, nowMs))
    throw new Error(
      `${standsWords(name, standing, nowMs)}: ${wanted.effect === 'hold' ? 'holding their words' : 'a shorter timeout'} would loosen that. To have it so all the same, ${remedy}.`,
    );
  await bans.place(userId, {
    // What else the ban did and said, it still does and says.
    ...(standing && { network: standing.network }),
    ...(standing?.reason != null && { reason: standing.reason }),
    ...wanted,
  });
  return standing;
}

/** A ban as it stood, for what is left of it. */
export function again({ effect, reason, network, until }: Ban, nowMs: number): WantedBan {
  const seconds = until === null ? null : Math.max(1, secondsLeft(until, nowMs));
  return { seconds, effect, network, ...(reason !== null && { reason }) };
}

/** Would it end before what stands does, or let through what that refuses? */
function loosens({ until, effect }: Ban, { seconds, effect: next }: WantedBan, nowMs: number): boolean {
  if (effect === 'refuse' && next === 'hold') return true;
  if (seconds === null) return false;
  return until === null || secondsLeft(until, nowMs) > seconds;
}

function standsWords(name: string, { effect, until }: Ban, nowMs: number): string {
  const long = until === null ? 'for good' : `for ${duration(secondsLeft(until, nowMs))} more`;
  return effect === 'hold' ? `What ${name} says waits for a moderator ${long}` : `${name} says nothing ${long}`;
}

const secondsLeft = (until: string, nowMs: number): number => Math.ceil((Date.parse(until) - nowMs) / 1000);
