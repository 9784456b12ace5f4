// What was said in the rooms of streams, as the rooms hand it over.
import { and, asc, desc, eq, gte, isNull, lt, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/sqlite-core';
import { mentionsIn } from '../domain/chat/mentions.ts';
import type { Message } from '../protocol/chat/message.ts';
import type { MessageId, StreamId, UserId } from '../protocol/ids.ts';
import { shelves } from './database.ts';
import { type PageEnd, pageOf } from './page.ts';
import { messages, momentMs, users } from './schema.ts';

export interface Removal {
  id: MessageId;
  atMs: number;
  by: 'author' | 'moderator';
}

/** Each once, however often it comes. The authors who have left Footlight meanwhile: their words are kept without them. */
export async function archiveMessages(
  db: D1Database,
  { messages: said, removals }: { messages: readonly Message[]; removals: readonly Removal[] },
): Promise<UserId[]> {
  if (said.length + removals.length === 0) return [];
  const [inserted] = await db.batch<{ author_id: string | null; id: string }>([
    db.prepare(INSERT).bind(JSON.stringify(said.map(toRow))),
    db.prepare(REMOVE).bind(JSON.stringify(removals)),
  ]);
  const strangers = new Set((inserted?.results ?? []).filter((row) => row.author_id === null).map(({ id }) => id));
  return said.flatMap(({ id, author }) => (author && strangers.has(id) ? [author.id] : []));
}

const INSERT = `
  INSERT OR IGNORE INTO messages (id, stream_id, author_id, text, sent_at_ms, seq, media_time_ms, reply_to_id, roles, kind)
  SELECT value ->> 'id', value ->> 'streamId',
    (SELECT id FROM users WHERE id = value ->> 'authorId' AND erased_at_ms IS NULL),
    value ->> 'text', value ->> 'sentAtMs', value ->> 'seq', value ->> 'mediaTimeMs', value ->> 'replyToId', value ->> 'roles',
    value ->> 'kind'
  FROM json_each(?1) RETURNING id, author_id`;

const REMOVE = `
  UPDATE messages SET removed_at_ms = gone.value ->> 'atMs', removed_by = gone.value ->> 'by'
  FROM json_each(?1) AS gone WHERE messages.id = gone.value ->> 'id' AND removed_at_ms IS NULL`;

const toRow = ({ id, streamId, author, text, sentAt, seq, mediaTimeMs, replyTo, isAnnouncement }: Message) => ({
  id,
  streamId,
  authorId: author?.id ?? null,
  text,
  sentAtMs: Date.parse(sentAt),
  seq,
  mediaTimeMs,
  replyToId: replyTo?.id ?? null,
  roles: author && JSON.stringify(author.roles),
  kind: isAnnouncement ? 'announcement' : null,
});

/** Where a page of messages ends: the sort key of its last row. */
export type MessageCursor = PageEnd<MessageId>;

/** Newest first, without what was removed. */
export async function listMessages(
  db: D1Database,
  { streamId, before, limit }: { streamId: StreamId; before?: MessageCursor | undefined; limit: number },
): Promise<{ messages: Message[]; next: MessageCursor | null }> {
  const isBefore = before && sql`(${messages.sentAtMs}, ${messages.id}) < (${before.atMs}, ${before.id})`;
  const rows = await selectMessages(db)
    .where(and(eq(messages.streamId, streamId), isNull(messages.removedAtMs), isBefore))
    .orderBy(desc(messages.sentAtMs), desc(messages.id))
    .limit(limit + 1);
  const { page, next } = pageOf(rows, limit, ({ sentAtMs, id }) => ({ atMs: sentAtMs, id }));
  return { messages: page.map(toMessage), next };
}

/** What was said at these moments of the programme, the earliest first, without what was removed. */
export async function listMessagesDuring(
  db: D1Database,
  ask: {
    streamId: StreamId;
    fromMs: number;
    /** Without this moment. */
    toMs: number;
    after?: MessageCursor | undefined;
    limit: number;
  },
): Promise<{ messages: Message[]; next: MessageCursor | null }> {
  const { streamId, fromMs, toMs, after, limit } = ask;
  const moment = momentMs(messages);
  const isAfter = after && sql`(${moment}, ${messages.id}) > (${after.atMs}, ${after.id})`;
  const rows = await selectMessages(db)
    .where(
      and(
        eq(messages.streamId, streamId),
        gte(moment, fromMs),
        lt(moment, toMs),
        isAfter,
        isNull(messages.removedAtMs),
      ),
    )
    .orderBy(asc(moment), asc(messages.id))
    .limit(limit + 1);
  const { page, next } = pageOf(rows, limit, (last) => ({ atMs: momentOf(last), id: last.id }));
  return { messages: page.map(toMessage), next };
}

/** As `momentMs` of the schema counts it. */
const momentOf = ({ mediaTimeMs, sentAtMs }: { mediaTimeMs: number | null; sentAtMs: number }): number =>
  Math.min(mediaTimeMs ?? sentAtMs, sentAtMs);

/** Null: there is none in this stream, or it was removed. */
export async function findMessage(
  db: D1Database,
  { streamId, id }: { streamId: StreamId; id: MessageId },
): Promise<Message | null> {
  const rows = await selectMessages(db).where(
    and(eq(messages.id, id), eq(messages.streamId, streamId), isNull(messages.removedAtMs)),
  );
  return rows[0] ? toMessage(rows[0]) : null;
}

/** As much of a message as what answers it shows. */
const QUOTED_CHARACTERS = 140;

const selectMessages = (db: D1Database) => {
  const quoted = alias(messages, 'quoted');
  const quotedAuthors = alias(users, 'quoted_authors');
  return shelves(db)
    .select({
      id: messages.id,
      streamId: messages.streamId,
      author: { id: users.id, handle: users.handle, name: users.name },
      text: messages.text,
      sentAtMs: messages.sentAtMs,
      seq: messages.seq,
      mediaTimeMs: messages.mediaTimeMs,
      roles: messages.roles,
      kind: messages.kind,
      quoted: { id: quoted.id, text: quoted.text },
      quotedAuthor: { id: quotedAuthors.id, handle: quotedAuthors.handle, name: quotedAuthors.name },
    })
    .from(messages)
    .leftJoin(users, eq(users.id, messages.authorId))
    .leftJoin(quoted, and(eq(quoted.id, messages.replyToId), isNull(quoted.removedAtMs)))
    .leftJoin(quotedAuthors, eq(quotedAuthors.id, quoted.authorId))
    .$dynamic();
};

type Row = Awaited<ReturnType<typeof selectMessages>>[number];

const toMessage = ({ author, sentAtMs, roles, kind, quoted, quotedAuthor, ...message }: Row): Message => ({
  ...message,
  author: author && { ...author, roles: roles ?? [] },
  sentAt: new Date(sentAtMs).toISOString(),
  replyTo: quoted && {
    id: quoted.id,
    author: quotedAuthor,
    text: [...quoted.text].slice(0, QUOTED_CHARACTERS).join(''),
  },
  mentions: mentionsIn(message.text),
  ...(kind === 'announcement' && { isAnnouncement: true as const }),
});
