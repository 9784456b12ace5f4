// A ban that reaches further than its subject: whoever comes by the same network or device under a new name is held, never refused.
import type { UserId } from '../../protocol/ids.ts';
import type { Restraint, RestraintScope, ToldRestraint } from './restraint.ts';
import { isVip, type Speaker } from './speaker.ts';

/** How long it is remembered by what somebody came. */
export const SIGHTING_DAYS = 30;
/** Networks and devices of one person; beyond, the oldest is forgotten. */
export const SIGHTINGS_OF_ONE = 20;
/** Accounts that were this old when the ban was placed are not touched: they were not made to get round it. */
export const OLDER_BY_DAYS = 7;

/** A ban of somebody else that reaches this speaker. */
export interface NearBan {
  /** Who is banned. */
  userId: UserId;
  scope: RestraintScope;
  restraint: Restraint;
}

/** `near`: what was looked up when they came, and what the room was told since. `toldOf`: the room's newest words about a banned person. */
export function restraintByNetwork(
  { roles, createdAtMs }: Pick<Speaker, 'roles' | 'createdAtMs'>,
  { near, toldOf }: { near: readonly NearBan[]; toldOf: (userId: UserId) => readonly ToldRestraint[] },
  nowMs: number,
): Restraint | null {
  if (near.length === 0 || isVip(roles)) return null;
  const standing = near.flatMap(({ userId, scope, restraint }) => {
    const told = toldOf(userId).find((one) => one.scope === scope);
    const newest = told && told.atMs >= restraint.atMs ? told.restraint : restraint;
    if (newest?.reach !== 'network' || (newest.untilMs !== null && newest.untilMs <= nowMs)) return [];
    return createdAtMs > newest.atMs - OLDER_BY_DAYS * DAY_MS ? [newest] : [];
  });
  // Where one of them was told of their ban, there is nothing to hide.
  return standing.find(({ effect }) => effect === 'refuse') ?? standing[0] ?? null;
}

const DAY_MS = 24 * 3_600_000;
