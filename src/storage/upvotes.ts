// Who has given which stream their upvote, and how many there are.
import { and, eq } from 'drizzle-orm';
import type { StreamId, UserId } from '../protocol/ids.ts';
import { shelves } from './database.ts';
import { upvoteCounts, upvotes } from './schema.ts';

interface Pair {
  userId: UserId;
  streamId: StreamId;
}

/** False when it was given already. */
export async function giveUpvote(db: D1Database, pair: Pair, nowMs: number): Promise<boolean> {
  const rows = await shelves(db)
    .insert(upvotes)
    .values({ ...pair, upvotedAtMs: nowMs })
    .onConflictDoNothing()
    .returning({ streamId: upvotes.streamId });
  return rows.length > 0;
}

/** Opposite of `giveUpvote`; false when there was none. */
export async function withdrawUpvote(db: D1Database, { userId, streamId }: Pair): Promise<boolean> {
  const rows = await shelves(db)
    .delete(upvotes)
    .where(and(eq(upvotes.userId, userId), eq(upvotes.streamId, streamId)))
    .returning({ streamId: upvotes.streamId });
  return rows.length > 0;
}

export async function isUpvoted(db: D1Database, { userId, streamId }: Pair): Promise<boolean> {
  const rows = await shelves(db)
    .select({ streamId: upvotes.streamId })
    .from(upvotes)
    .where(and(eq(upvotes.userId, userId), eq(upvotes.streamId, streamId)));
  return rows.length > 0;
}

/** One row, however many there are. */
export async function countUpvotes(db: D1Database, streamId: StreamId): Promise<number> {
  const [row] = await shelves(db).select().from(upvoteCounts).where(eq(upvoteCounts.streamId, streamId));
  return row?.count ?? 0;
}
