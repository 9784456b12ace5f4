// Lets somebody say nothing, beside what may stand against them already: nothing is loosened by it, and taking it back brings back what stood.
import type { Ban, PlaceBan } from '../../protocol/bans.ts';
import type { BansApi } from './bans-api.ts';
import { duration } from './room-words.ts';

export type WantedBan = Pick<PlaceBan, 'seconds'> & Partial<PlaceBan>;

/** Answers what stood before; null: nothing. A timeout that would loosen it is an error in words. */
export async function placeOver(
  bans: Pick<BansApi, 'list' | 'place'>,
  { userId, handle, seconds }: { userId: string; handle: string; seconds: number | null },
  nowMs: number,
): Promise<Ban | null> {
  const standing = (await bans.list()).find(({ user }) => user.id === userId) ?? null;
  const why = standing && loosens(standing, seconds, nowMs) ? standsWords(handle, standing, nowMs) : null;
  if (why !== null) throw new Error(why);
  await bans.place(userId, {
    seconds,
    effect: 'refuse',
    removeMessages: seconds === null,
    // What else the ban did and said, it still does and says.
    ...(standing && { network: standing.network }),
    ...(standing?.reason != null && { reason: standing.reason }),
  });
  return standing;
}

/** A ban as it stood, for what is left of it. */
export function again({ effect, reason, network, until }: Ban, nowMs: number): WantedBan {
  const seconds = until === null ? null : Math.max(1, secondsLeft(until, nowMs));
  return { seconds, effect, network, ...(reason !== null && { reason }) };
}

/** Would it end before what stands does? */
function loosens({ until }: Ban, seconds: number | null, nowMs: number): boolean {
  if (seconds === null) return false;
  return until === null || secondsLeft(until, nowMs) > seconds;
}

function standsWords(handle: string, { effect, until }: Ban, nowMs: number): string {
  const long = until === null ? 'for good' : `for ${duration(secondsLeft(until, nowMs))} more`;
  const what =
    effect === 'hold' ? `What @${handle} says waits for a moderator ${long}` : `@${handle} says nothing ${long}`;
  return `${what}: a shorter timeout would loosen that. To have it so all the same, /unban @${handle} first.`;
}

const secondsLeft = (until: string, nowMs: number): number => Math.ceil((Date.parse(until) - nowMs) / 1000);
