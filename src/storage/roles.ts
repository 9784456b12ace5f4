// Roles on channels: given, taken, looked up at every request that hangs on one.
import { and, desc, eq, sql } from 'drizzle-orm';
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

/** A person has one role on a channel: a new one takes the place of `from`. False when that is no longer theirs. */
export async function giveChannelRole(
  db: D1Database,
  {
    from,
    ...given
  }: { channelId: ChannelId; userId: UserId; role: ChannelRole; givenAtMs: number; from: ChannelRole | null },
): Promise<boolean> {
  const { role, givenAtMs } = given;
  const target = [channelRoles.channelId, channelRoles.userId];
  const setWhere = from === null ? sql`false` : eq(channelRoles.role, from);
  const { meta } = await shelves(db)
    .insert(channelRoles)
    .values(given)
    .onConflictDoUpdate({ target, set: { role, givenAtMs }, setWhere });
  return meta.changes > 0;
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
