// The browsers that are signed in: kept, found by their secret, listed and revoked.
import { and, desc, eq, gt, lte, ne, sql } from 'drizzle-orm';
import type { BrowserSessionId, UserId } from '../protocol/ids.ts';
import { shelves } from './database.ts';
import { gathering } from './gathering.ts';
import { sessions } from './schema.ts';
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

export interface SignedIn {
  id: BrowserSessionId;
  lastUsedAtMs: number;
  /** Later it is as good as none. */
  expiresAtMs: number;
  user: UserRecord;
}

/** Who is signed in with the secret of this hash; asked anew for every request, so that a revoked session is none. */
export const findSession = gathering(findSessions);

/** Written out: with every request of a page, building the query would cost more than running it. */
const SESSIONS_SQL = `
  SELECT sessions.secret_hash AS secretHash, sessions.id AS sessionId,
    sessions.last_used_at_ms AS lastUsedAtMs, sessions.expires_at_ms AS expiresAtMs,
    users.id, users.handle, users.name, users.platform_role AS platformRole
  FROM sessions
  JOIN users ON users.id = sessions.user_id AND users.erased_at_ms IS NULL
  WHERE sessions.secret_hash IN (SELECT value FROM json_each(?1))`;

async function findSessions(db: D1Database, secretHashes: readonly string[]): Promise<Map<string, SignedIn>> {
  const { results } = await db
    .prepare(SESSIONS_SQL)
    .bind(JSON.stringify(secretHashes))
    .all<Omit<SignedIn, 'id' | 'user'> & UserRecord & { secretHash: string; sessionId: BrowserSessionId }>();
  return new Map(
    results.map(({ secretHash, sessionId, lastUsedAtMs, expiresAtMs, ...user }) => [
      secretHash,
      { id: sessionId, lastUsedAtMs, expiresAtMs, user },
    ]),
  );
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
