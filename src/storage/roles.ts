// Roles on channels: given, taken, looked up at every request that hangs on one.
import { and, desc, eq } from 'drizzle-orm';
import { QUOTAS } from '../domain/quotas.ts';
import type { ChannelId, UserId } from '../protocol/ids.ts';
import type { ChannelRole } from '../protocol/people.ts';
import { shelves } from './database.ts';
import { channelRoles, users } from './schema.ts';

export async function findChannelRole(
  db: D1Database,
  { channelId, userId }: { channelId: ChannelId; userId: UserId },
): Promise<ChannelRole | null> {
  const rows = await shelves(db)
    .select({ role: channelRoles.role })
    .from(channelRoles)
    .where(and(eq(channelRoles.channelId, channelId), eq(channelRoles.userId, userId)));
  return rows[0]?.role ?? null;
}

/**
 * A person has one role on a channel: a new one takes the place of `from`. `changed`: that is no longer theirs; `full`: the
 * channel has as many as it may, counted in the statement that stores.
 */
export async function giveChannelRole(
  db: D1Database,
  {
    channelId,
    userId,
    role,
    givenAtMs,
    from,
  }: { channelId: ChannelId; userId: UserId; role: ChannelRole; givenAtMs: number; from: ChannelRole | null },
): Promise<'given' | 'changed' | 'full'> {
  const { meta } = await db
    .prepare(
      `INSERT INTO channel_roles (channel_id, user_id, role, given_at_ms) SELECT ?1, ?2, ?3, ?4
       WHERE (SELECT count(*) FROM channel_roles WHERE channel_id = ?1 AND user_id <> ?2) < ?5
       ON CONFLICT (channel_id, user_id) DO UPDATE SET role = ?3, given_at_ms = ?4 WHERE channel_roles.role = ?6`,
    )
    .bind(channelId, userId, role, givenAtMs, QUOTAS.channel_roles.max, from)
    .run();
  if (meta.changes > 0) return 'given';
  return (await findChannelRole(db, { channelId, userId })) === from ? 'full' : 'changed';
}

/** False when `role` is no longer theirs; nothing is taken then. */
export async function takeChannelRole(
  db: D1Database,
  { channelId, userId, role }: { channelId: ChannelId; userId: UserId; role: ChannelRole },
): Promise<boolean> {
  const { meta } = await shelves(db)
    .delete(channelRoles)
    .where(and(eq(channelRoles.channelId, channelId), eq(channelRoles.userId, userId), eq(channelRoles.role, role)));
  return meta.changes > 0;
}

/** Newest first. */
export const listChannelRoles = (db: D1Database, channelId: ChannelId) =>
  shelves(db)
    .select({
      id: users.id,
      handle: users.handle,
      name: users.name,
      role: channelRoles.role,
      givenAtMs: channelRoles.givenAtMs,
    })
    .from(channelRoles)
    .innerJoin(users, eq(users.id, channelRoles.userId))
    .where(eq(channelRoles.channelId, channelId))
    .orderBy(desc(channelRoles.givenAtMs))
    .limit(QUOTAS.channel_roles.max);
