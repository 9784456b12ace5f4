// The channels that somebody looks after: their own, and those where they were made a moderator.
import { and, desc, eq, sql } from 'drizzle-orm';
import type { ChannelId, UserId } from '../protocol/ids.ts';
import type { ChannelRole } from '../protocol/people.ts';
import { shelves } from './database.ts';
import { channelRoles, channels, users } from './schema.ts';
import { type StreamRecord, selectStreams } from './streams.ts';

/** More than a person looks after; the rest is reached by id. */
const MODERATED_LISTED = 200;

export interface ModeratedRecord {
  id: ChannelId;
  ownerId: UserId;
  ownerName: string;
  name: string;
  channelRole: ChannelRole | null;
}

/** Newest first. */
export const listModerated = (db: D1Database, userId: UserId): Promise<ModeratedRecord[]> =>
  shelves(db)
    .select({
      id: channels.id,
      ownerId: channels.ownerId,
      ownerName: users.name,
      name: channels.name,
      channelRole: channelRoles.role,
    })
    .from(channels)
    .innerJoin(users, eq(users.id, channels.ownerId))
    .leftJoin(channelRoles, and(eq(channelRoles.channelId, channels.id), eq(channelRoles.userId, userId)))
    .where(sql`${channels.id} IN (${idsOf(userId)})`)
    .orderBy(desc(channels.createdAtMs))
    .limit(MODERATED_LISTED);

/** The newest stream of each of them. */
export async function newestModeratedStreams(db: D1Database, userId: UserId): Promise<StreamRecord[]> {
  const isNewest = sql`streams.rowid = (
    SELECT other.rowid FROM streams AS other WHERE other.channel_id = streams.channel_id
    ORDER BY other.created_at_ms DESC, other.rowid DESC LIMIT 1
  )`;
  return selectStreams(db).where(sql`${channels.id} IN (${idsOf(userId)}) AND ${isNewest}`);
}

const idsOf = (userId: UserId) =>
  sql`SELECT id FROM channels WHERE owner_id = ${userId}
    UNION SELECT channel_id FROM channel_roles WHERE user_id = ${userId} AND role = 'moderator'`;
