// A seeded person gets the account on first use, so that a fresh local database needs no preparation.
import { findUser, keepUser, type UserRecord } from '../storage/users.ts';
import type { CastMember } from './local-cast.ts';

/** The account as it stands now: a role that was changed since stays changed. Null: its person had it erased. */
export async function castAccount(
  db: D1Database,
  { about: _about, ...user }: CastMember,
  nowMs: number,
): Promise<UserRecord | null> {
  await keepUser(db, user, nowMs);
  return findUser(db, user.id);
}
