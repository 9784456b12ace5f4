// What makes somebody suspicious to moderators, in words: nothing here decides anything, it only says where to look.
import type { Suspicion } from '../../protocol/person-card.ts';

const NEW_ACCOUNT_DAYS = 7;
/** Lines that were held or denied within a day. */
const STOPPED_OFTEN = 3;
const DAY_MS = 24 * 3_600_000;

export interface Traits {
  accountAgeMs: number;
  /** Lines held or denied within 24 hours. */
  stoppedToday: number;
  /** People who have complained about something that they said here. */
  reporters: number;
  /** Somebody who is banned with their network has come by the same one, or by the same browser. */
  isNearBan: boolean;
}

export function suspicionsAbout({ accountAgeMs, stoppedToday, reporters, isNearBan }: Traits): Suspicion[] {
  return [
    ...(accountAgeMs < NEW_ACCOUNT_DAYS * DAY_MS ? [newAccount(accountAgeMs)] : []),
    ...(stoppedToday >= STOPPED_OFTEN
      ? [
          {
            kind: 'often_stopped',
            words: `${stoppedToday} messages held or denied within 24 hours`,
            count: stoppedToday,
          },
        ]
      : []),
    ...(reporters > 0
      ? [
          {
            kind: 'reported',
            words: `Reported by ${reporters === 1 ? 'one person' : `${reporters} people`}`,
            count: reporters,
          },
        ]
      : []),
    ...(isNearBan ? [{ kind: 'banned_network', words: NEAR_BAN_WORDS, count: null }] : []),
  ];
}

const NEAR_BAN_WORDS = 'Came by the network or the browser of somebody who is banned';

function newAccount(ageMs: number): Suspicion {
  const days = Math.max(0, Math.floor(ageMs / DAY_MS));
  const when = days === 0 ? 'today' : days === 1 ? 'yesterday' : `${days} days ago`;
  return { kind: 'new_account', words: `The account was made ${when}`, count: null };
}
