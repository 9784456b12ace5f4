// What was said in the rooms of streams.
import { and, desc, eq, sql } from 'drizzle-orm';
import type { MessageId, StreamId, UserId } from '../protocol/ids.ts';
import { shelves } from './database.ts';
import { messages, users } from './schema.ts';

export interface NewMessage {
  id: MessageId;
  streamId: StreamId;
  authorId: UserId;
  text: string;
  sentAtMs: number;
}

export async function keepMessage(db: D1Database, message: NewMessage): Promise<void> {
  await shelves(db).insert(messages).values(message);
}

/** Where a page of messages ends: the sort key of its last row. */
export interface MessageCursor {
  atMs: number;
  id: MessageId;
}

/** Newest first. */
export async function listMessages(
  db: D1Database,
  { streamId, before, limit }: { streamId: StreamId; before?: MessageCursor | undefined; limit: number },
) {
  const rows = await shelves(db)
    .select({
      id: messages.id,
      streamId: messages.streamId,
      author: { id: users.id, handle: users.handle, name: users.name },
      text: messages.text,
      sentAtMs: messages.sentAtMs,
    })
    .from(messages)
    .leftJoin(users, eq(users.id, messages.authorId))
    .where(
      and(
        eq(messages.streamId, streamId),
        before && sql`(${messages.sentAtMs}, ${messages.id}) < (${before.atMs}, ${before.id})`,
      ),
    )
    .orderBy(desc(messages.sentAtMs), desc(messages.id))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const next: MessageCursor | null = rows.length > limit && last ? { atMs: last.sentAtMs, id: last.id } : null;
  return { messages: page, next };
}
