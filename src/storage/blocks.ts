// Who does not want to hear whom, and what that hides: both ways, whoever of the two wanted it.
import { and, desc, eq, sql } from 'drizzle-orm';
import { QUOTAS } from '../domain/quotas.ts';
import { HIDDEN_BY_OTHERS_MAX } from '../protocol/blocks.ts';
import type { UserId } from '../protocol/ids.ts';
import { shelves } from './database.ts';
import { type PageEnd, pageOf } from './page.ts';
import { blocks, users } from './schema.ts';

interface Pair {
  userId: UserId;
  blockedId: UserId;
}

/** Counted in the statement that stores. `known`: it was so before. */
export async function block(
  db: D1Database,
  { userId, blockedId }: Pair,
  nowMs: number,
): Promise<'blocked' | 'known' | 'full'> {
  const { meta } = await db
    .prepare(
      `INSERT INTO blocks (user_id, blocked_id, blocked_at_ms) SELECT ?1, ?2, ?3
       WHERE (SELECT count(*) FROM blocks WHERE user_id = ?1) < ?4 ON CONFLICT DO NOTHING`,
    )
    .bind(userId, blockedId, nowMs, QUOTAS.blocks.max)
    .run();
  if (meta.changes > 0) return 'blocked';
  return (await hasBlocked(db, { userId, blockedId })) ? 'known' : 'full';
}

/** Opposite of `block`; false: there was none. */
export async function unblock(db: D1Database, pair: Pair): Promise<boolean> {
  const { meta } = await shelves(db).delete(blocks).where(isThis(pair));
  return meta.changes > 0;
}

/** Has one of the two blocked the other? */
export async function arePeopleParted(db: D1Database, one: UserId, other: UserId): Promise<boolean> {
  const found = await Promise.all([
    hasBlocked(db, { userId: one, blockedId: other }),
    hasBlocked(db, { userId: other, blockedId: one }),
  ]);
  return found.includes(true);
}

/** Everybody whom one does not hear: all that one has blocked, and the newest of those who have blocked one. */
export async function listHiddenFrom(db: D1Database, userId: UserId): Promise<UserId[]> {
  const { results } = await db
    .prepare(
      `SELECT blocked_id AS id FROM blocks WHERE user_id = ?1
       UNION SELECT id FROM (SELECT user_id AS id FROM blocks WHERE blocked_id = ?1 ORDER BY blocked_at_ms DESC LIMIT ?2)`,
    )
    .bind(userId, HIDDEN_BY_OTHERS_MAX)
    .all<{ id: UserId }>();
  return results.map(({ id }) => id);
}

/** Where a page of blocks ends: the sort key of its last row. */
export type BlockCursor = PageEnd<UserId>;

/** Newest first. */
export async function listBlocks(
  db: D1Database,
  { userId, before, limit }: { userId: UserId; before?: BlockCursor | undefined; limit: number },
) {
  const rows = await shelves(db)
    .select({ id: users.id, handle: users.handle, name: users.name, blockedAtMs: blocks.blockedAtMs })
    .from(blocks)
    .innerJoin(users, eq(users.id, blocks.blockedId))
    .where(
      and(
        eq(blocks.userId, userId),
        before && sql`(${blocks.blockedAtMs}, ${blocks.blockedId}) < (${before.atMs}, ${before.id})`,
      ),
    )
    .orderBy(desc(blocks.blockedAtMs), desc(blocks.blockedId))
    .limit(limit + 1);
  const { page, next } = pageOf(rows, limit, (last) => ({ atMs: last.blockedAtMs, id: last.id }));
  return { blocks: page, next };
}

async function hasBlocked(db: D1Database, pair: Pair): Promise<boolean> {
  const rows = await shelves(db).select({ userId: blocks.userId }).from(blocks).where(isThis(pair));
  return rows.length > 0;
}

const isThis = ({ userId, blockedId }: Pair) => and(eq(blocks.userId, userId), eq(blocks.blockedId, blockedId));
