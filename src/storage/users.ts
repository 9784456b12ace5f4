// People, found by id.
import { eq } from 'drizzle-orm';
import type { PlatformRole } from '../protocol/claims.ts';
import type { UserId } from '../protocol/ids.ts';
import { shelves } from './database.ts';
import { users } from './schema.ts';

export interface UserRecord {
  id: UserId;
  handle: string;
  name: string;
  platformRole: PlatformRole;
}

export async function findUser(db: D1Database, id: UserId): Promise<UserRecord | null> {
  const { id: userId, handle, name, platformRole } = users;
  const rows = await shelves(db).select({ id: userId, handle, name, platformRole }).from(users).where(eq(users.id, id));
  return rows[0] ?? null;
}

/** Does nothing for a user who is known already. */
export async function keepUser(db: D1Database, user: UserRecord, nowMs: number): Promise<void> {
  await shelves(db)
    .insert(users)
    .values({ ...user, createdAtMs: nowMs })
    .onConflictDoNothing();
}
