// What stands against somebody in a room: of its channel, and of the platform. The newest word of each counts, and of the two the stronger.

import { type RoomRefusal, waitInWords } from './refusal.ts';
import { BREAKS_RULES } from './room-refusals.ts';

export interface Restraint {
  effect: 'refuse' | 'hold';
  /** When it was placed. */
  atMs: number;
  /** Null: for good. */
  untilMs: number | null;
  /** `network`: whoever comes by the same network or device is held. */
  reach?: 'person' | 'network';
  /** Where it is appealed. */
  appealAt?: string;
}

export const RESTRAINT_SCOPES = ['channel', 'platform'] as const;
export type RestraintScope = (typeof RESTRAINT_SCOPES)[number];

/** As it was looked up; null: none. */
export type Restraints = Record<RestraintScope, Restraint | null>;

/** What a room was told: a ban, or that there is none any more. */
export interface ToldRestraint {
  scope: RestraintScope;
  atMs: number;
  restraint: Restraint | null;
  /** By what the person came lately, where the ban reaches others who come by it. */
  tags?: readonly string[];
}

/** `lookedUp`: what was known of the person when they came. `told`: what the room has heard since, or before. */
export function restraintOf(
  lookedUp: Restraints | undefined,
  told: readonly ToldRestraint[],
  nowMs: number,
): Restraint | null {
  const standing = RESTRAINT_SCOPES.flatMap((scope) => {
    const known = lookedUp?.[scope] ?? null;
    const heard = told.find((one) => one.scope === scope);
    const newest = heard && heard.atMs >= (known?.atMs ?? 0) ? heard.restraint : known;
    return newest && (newest.untilMs === null || newest.untilMs > nowMs) ? [newest] : [];
  });
  return standing.toSorted(stronger)[0] ?? null;
}

export function refusedByBan(restraint: Restraint | null, nowMs: number): RoomRefusal | null {
  if (restraint?.effect !== 'refuse') return null;
  const where = restraint.appealAt === undefined ? {} : { appealAt: restraint.appealAt };
  if (restraint.untilMs === null) {
    const detail = 'You may not say anything here any more. To have that lifted, appeal to the moderators.';
    return { code: 'banned', detail, ...where };
  }
  const wait = Math.ceil((restraint.untilMs - nowMs) / 1000);
  return {
    code: 'banned',
    detail: `You may not say anything here for ${waitInWords(wait)}. Wait, or appeal to the moderators.`,
    retryAfterSeconds: wait,
    ...where,
  };
}

/** What is said to everybody at once cannot wait: who is held without knowing it is answered as by a judge. */
export const silencedBy = (restraint: Restraint | null, nowMs: number): RoomRefusal | null =>
  refusedByBan(restraint, nowMs) ?? (restraint && BREAKS_RULES);

/** A refusal before a hold, then the longer. */
const stronger = (one: Restraint, other: Restraint): number =>
  Number(one.effect === 'hold') - Number(other.effect === 'hold') ||
  (other.untilMs ?? Number.MAX_SAFE_INTEGER) - (one.untilMs ?? Number.MAX_SAFE_INTEGER);
