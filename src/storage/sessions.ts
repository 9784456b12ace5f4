// The browsers that are signed in: kept, found by their secret, listed and revoked.
import { and, desc, eq, gt, lte, ne, sql } from 'drizzle-orm';
import type { BrowserSessionId, UserId } from '../protocol/ids.ts';
import { shelves } from './database.ts';
import { sessions, users } from './schema.ts';
import type { UserRecord } from './users.ts';

/** A person has at most this many; a new one pushes out the one that was used least recently. */
const SESSIONS_MAX = 100;

export type NewSession = typeof sessions.$inferInsert;
export type SessionRecord = Omit<typeof sessions.$inferSelect, 'secretHash' | 'userId'>;

/** Sessions that have run out are swept out on the way. */
export async function keepSession(db: D1Database, session: NewSession): Promise<void> {
  const shelf = shelves(db);
  const { userId, createdAtMs } = session;
  const tooMany = sql`${sessions.id} IN (
    SELECT id FROM sessions WHERE user_id = ${userId} ORDER BY last_used_at_ms DESC, rowid DESC LIMIT -1 OFFSET ${SESSIONS_MAX}
  )`;
  await shelf.batch([
    shelf.delete(sessions).where(lte(sessions.expiresAtMs, createdAtMs)),
    shelf.insert(sessions).values(session),
    shelf.delete(sessions).where(tooMany),
  ]);
}

/** Who is signed in with this secret at this moment; asked anew for every request, so that a revoked session is none. */
export async function findSession(
  db: D1Database,
  secretHash: string,
  nowMs: number,
): Promise<{ id: BrowserSessionId; lastUsedAtMs: number; user: UserRecord } | null> {
  const rows = await shelves(db)
    .select({
      id: sessions.id,
      lastUsedAtMs: sessions.lastUsedAtMs,
      user: { id: users.id, handle: users.handle, name: users.name, platformRole: users.platformRole },
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(sessions.secretHash, secretHash), gt(sessions.expiresAtMs, nowMs)));
  return rows[0] ?? null;
}

export async function noteSessionUse(db: D1Database, id: BrowserSessionId, nowMs: number): Promise<void> {
  await shelves(db).update(sessions).set({ lastUsedAtMs: nowMs }).where(eq(sessions.id, id));
}

/** A person's, the one used last first. */
export async function listSessions(db: D1Database, userId: UserId, nowMs: number): Promise<SessionRecord[]> {
  const { id, device, network, createdAtMs, lastUsedAtMs, expiresAtMs } = sessions;
  return shelves(db)
    .select({ id, device, network, createdAtMs, lastUsedAtMs, expiresAtMs })
    .from(sessions)
    .where(and(eq(sessions.userId, userId), gt(sessions.expiresAtMs, nowMs)))
    .orderBy(desc(lastUsedAtMs), desc(createdAtMs));
}

/** False when this person has no such session. */
export async function revokeSession(
  db: D1Database,
  { id, userId }: { id: BrowserSessionId; userId: UserId },
): Promise<boolean> {
  const gone = await shelves(db)
    .delete(sessions)
    .where(and(eq(sessions.id, id), eq(sessions.userId, userId)))
    .returning({ id: sessions.id });
  return gone.length > 0;
}

/** All of a person's but one; null: all of them. Which ones these were. */
export async function revokeOtherSessions(
  db: D1Database,
  userId: UserId,
  keptId: BrowserSessionId | null,
): Promise<BrowserSessionId[]> {
  const others = and(eq(sessions.userId, userId), keptId ? ne(sessions.id, keptId) : undefined);
  const gone = await shelves(db).delete(sessions).where(others).returning({ id: sessions.id });
  return gone.map(({ id }) => id);
}

/** Ends the session of this secret, whoever's it is; null: it has ended already. */
export async function revokeSessionOfSecret(db: D1Database, secretHash: string): Promise<BrowserSessionId | null> {
  const gone = await shelves(db)
    .delete(sessions)
    .where(eq(sessions.secretHash, secretHash))
    .returning({ id: sessions.id });
  return gone[0]?.id ?? null;
}
