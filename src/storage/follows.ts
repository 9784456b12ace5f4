// Who follows which channel.
import { and, desc, eq, sql } from 'drizzle-orm';
import { QUOTAS } from '../domain/quotas.ts';
import type { ChannelId, UserId } from '../protocol/ids.ts';
import { shelves } from './database.ts';
import { type PageEnd, pageOf } from './page.ts';
import { channels, follows } from './schema.ts';

interface Pair {
  userId: UserId;
  channelId: ChannelId;
}

/** `known`: they follow it already. `full`: they follow as many as they may, counted in the statement that stores. */
export async function follow(
  db: D1Database,
  { userId, channelId }: Pair,
  nowMs: number,
): Promise<'new' | 'known' | 'full'> {
  const { meta } = await db
    .prepare(
      `INSERT OR IGNORE INTO follows (user_id, channel_id, followed_at_ms)
       SELECT ?1, ?2, ?3 WHERE (SELECT count(*) FROM follows WHERE user_id = ?1) < ?4`,
    )
    .bind(userId, channelId, nowMs, QUOTAS.follows.max)
    .run();
  if (meta.changes > 0) return 'new';
  return (await isFollowed(db, { userId, channelId })) ? 'known' : 'full';
}

export async function isFollowed(db: D1Database, { userId, channelId }: Pair): Promise<boolean> {
  const rows = await shelves(db)
    .select({ channelId: follows.channelId })
    .from(follows)
    .where(and(eq(follows.userId, userId), eq(follows.channelId, channelId)));
  return rows.length > 0;
}

/** Opposite of `follow`; false when the channel was not followed. */
export async function unfollow(db: D1Database, { userId, channelId }: Pair): Promise<boolean> {
  const rows = await shelves(db)
    .delete(follows)
    .where(and(eq(follows.userId, userId), eq(follows.channelId, channelId)))
    .returning({ channelId: follows.channelId });
  return rows.length > 0;
}

/** Where a page of follows ends: the sort key of its last row. */
export type FollowCursor = PageEnd<ChannelId>;

/** Newest first. */
export async function listFollows(
  db: D1Database,
  wanted: { userId: UserId; channelId?: ChannelId | undefined; before?: FollowCursor | undefined; limit: number },
) {
  const { userId, channelId, before, limit } = wanted;
  const rows = await shelves(db)
    .select({ channelId: follows.channelId, channelName: channels.name, followedAtMs: follows.followedAtMs })
    .from(follows)
    .innerJoin(channels, eq(channels.id, follows.channelId))
    .where(
      and(
        eq(follows.userId, userId),
        channelId && eq(follows.channelId, channelId),
        before && sql`(${follows.followedAtMs}, ${follows.channelId}) < (${before.atMs}, ${before.id})`,
      ),
    )
    .orderBy(desc(follows.followedAtMs), desc(follows.channelId))
    .limit(limit + 1);
  const { page, next } = pageOf(rows, limit, (last) => ({ atMs: last.followedAtMs, id: last.channelId }));
  return { follows: page, next };
}
