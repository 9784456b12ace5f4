// May a banned person ask for another look now? One appeal at a time, and after an answer some patience.
import { APPEAL_AGAIN_DAYS, type AppealState } from '../protocol/appeals.ts';
import { waitInWords } from './chat/refusal.ts';

const DAY_MS = 24 * 3_600_000;

interface Past {
  state: AppealState;
  bannedAtMs: number;
  closedAtMs: number | null;
}

export type AppealRefusal = {
  code: 'not_found' | 'conflict' | 'appeal_too_soon';
  detail: string;
  retryAfterSeconds?: number;
};

/** `ban` null: none that the person knows of stands. `last`: the newest appeal of theirs; null: none. */
export function refusedAppeal(
  ban: { bannedAtMs: number } | null,
  last: Past | null,
  nowMs: number,
): AppealRefusal | null {
  if (!ban) return NO_BAN;
  if (last?.state === 'open') return UNDER_WAY;
  const waitMs = last?.bannedAtMs === ban.bannedAtMs ? (mayAskAgainAtMs(last) ?? 0) - nowMs : 0;
  if (waitMs <= 0) return null;
  const retryAfterSeconds = Math.ceil(waitMs / 1000);
  return {
    code: 'appeal_too_soon',
    detail: `A moderator has answered your appeal. You may ask again in ${waitInWords(retryAfterSeconds)}.`,
    retryAfterSeconds,
  };
}

/** About the same ban; null: at any time, or not while it is open. */
export const mayAskAgainAtMs = ({ state, closedAtMs }: Omit<Past, 'bannedAtMs'>): number | null =>
  state === 'upheld' && closedAtMs !== null ? closedAtMs + APPEAL_AGAIN_DAYS * DAY_MS : null;

const NO_BAN: AppealRefusal = {
  code: 'not_found',
  detail: 'No ban stands against you here, so there is nothing to appeal. Say something.',
};
export const UNDER_WAY: AppealRefusal = {
  code: 'conflict',
  detail: 'An appeal of yours waits for an answer already. Wait for it.',
};
