// What keeps a stream shut: who is invited to it, and its password.
import { and, desc, eq } from 'drizzle-orm';
import { QUOTAS } from '../domain/quotas.ts';
import type { StreamId, UserId } from '../protocol/ids.ts';
import { shelves } from './database.ts';
import { streamMembers, streamPasswords, users } from './schema.ts';

interface Membership {
  streamId: StreamId;
  userId: UserId;
}

const rowOf = ({ streamId, userId }: Membership) =>
  and(eq(streamMembers.streamId, streamId), eq(streamMembers.userId, userId));

export async function isMember(db: D1Database, membership: Membership): Promise<boolean> {
  const rows = await shelves(db).select({ id: streamMembers.userId }).from(streamMembers).where(rowOf(membership));
  return rows.length > 0;
}

/** When they were invited, now or before; null: the stream has as many as it may, counted in the same statement. */
export async function inviteMember(
  db: D1Database,
  { streamId, userId }: Membership,
  nowMs: number,
): Promise<{ isNew: boolean; invitedAtMs: number } | null> {
  const [added, stored] = await db.batch<{ invitedAtMs: number }>([
    db
      .prepare(
        `INSERT OR IGNORE INTO stream_members (stream_id, user_id, invited_at_ms)
         SELECT ?1, ?2, ?3 WHERE (SELECT count(*) FROM stream_members WHERE stream_id = ?1) < ?4`,
      )
      .bind(streamId, userId, nowMs, QUOTAS.members.max),
    db
      .prepare('SELECT invited_at_ms AS invitedAtMs FROM stream_members WHERE stream_id = ?1 AND user_id = ?2')
      .bind(streamId, userId),
  ]);
  const row = stored?.results[0];
  return row ? { isNew: added!.meta.changes > 0, invitedAtMs: row.invitedAtMs } : null;
}

/** Opposite of `inviteMember`; false when they were not invited. */
export async function removeMember(db: D1Database, membership: Membership): Promise<boolean> {
  const rows = await shelves(db).delete(streamMembers).where(rowOf(membership)).returning({ id: streamMembers.userId });
  return rows.length > 0;
}

/** Newest first. */
export const listMembers = (db: D1Database, streamId: StreamId) =>
  shelves(db)
    .select({ id: users.id, handle: users.handle, name: users.name, invitedAtMs: streamMembers.invitedAtMs })
    .from(streamMembers)
    .innerJoin(users, eq(users.id, streamMembers.userId))
    .where(eq(streamMembers.streamId, streamId))
    .orderBy(desc(streamMembers.invitedAtMs))
    .limit(QUOTAS.members.max);

export async function keepPassword(db: D1Database, streamId: StreamId, passwordHash: string): Promise<void> {
  await shelves(db)
    .insert(streamPasswords)
    .values({ streamId, passwordHash })
    .onConflictDoUpdate({ target: streamPasswords.streamId, set: { passwordHash } });
}

export async function findPassword(db: D1Database, streamId: StreamId): Promise<string | null> {
  const rows = await shelves(db)
    .select({ passwordHash: streamPasswords.passwordHash })
    .from(streamPasswords)
    .where(eq(streamPasswords.streamId, streamId));
  return rows[0]?.passwordHash ?? null;
}

/** A channel's next stream, which is like its last one, lets the same people in. */
export async function copyGate(db: D1Database, { from, to }: { from: StreamId; to: StreamId }): Promise<void> {
  await db.batch([
    db
      .prepare(
        `INSERT OR IGNORE INTO stream_members (stream_id, user_id, invited_at_ms)
         SELECT ?1, user_id, invited_at_ms FROM stream_members WHERE stream_id = ?2`,
      )
      .bind(to, from),
    db
      .prepare(
        `INSERT OR IGNORE INTO stream_passwords (stream_id, password_hash)
         SELECT ?1, password_hash FROM stream_passwords WHERE stream_id = ?2`,
      )
      .bind(to, from),
  ]);
}
