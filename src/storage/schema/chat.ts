// The tables of the rooms.
import { type SQL, sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { RoomRole } from '../../protocol/chat/message.ts';
import type { MessageId, StreamId, UserId } from '../../protocol/ids.ts';
import { users } from './people.ts';
import { streams } from './streams.ts';

/** The moment of the programme that a message belongs to: nobody has seen a picture before it was taken. */
export const momentMs = (table: { mediaTimeMs: unknown; sentAtMs: unknown }): SQL<number> =>
  sql<number>`coalesce(min(${table.mediaTimeMs}, ${table.sentAtMs}), ${table.sentAtMs})`;

export const messages = sqliteTable(
  'messages',
  {
    id: text().$type<MessageId>().primaryKey(),
    streamId: text('stream_id')
      .$type<StreamId>()
      .notNull()
      .references(() => streams.id),
    /** Null: somebody who left Footlight. */
    authorId: text('author_id')
      .$type<UserId>()
      .references(() => users.id),
    text: text().notNull(),
    sentAtMs: integer('sent_at_ms').notNull(),
    /** Its place in the order of the room; null: from before there was one. */
    seq: integer(),
    mediaTimeMs: integer('media_time_ms'),
    replyToId: text('reply_to_id').$type<MessageId>(),
    /** What its author was when it was said. */
    roles: text({ mode: 'json' }).$type<RoomRole[]>(),
    removedAtMs: integer('removed_at_ms'),
    removedBy: text('removed_by').$type<'author' | 'moderator'>(),
    /** Null: a message. */
    kind: text().$type<'announcement'>(),
  },
  (table) => [
    index('messages_by_stream').on(table.streamId, table.sentAtMs, table.id),
    index('messages_by_author').on(table.authorId, table.sentAtMs),
    index('messages_by_moment').on(table.streamId, momentMs(table), table.id),
  ],
);

/** Where somebody was let in, by which session or app: those rooms hear when it ends. */
export const roomVisits = sqliteTable(
  'room_visits',
  {
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    holder: text().notNull(),
    streamId: text('stream_id')
      .$type<StreamId>()
      .notNull()
      .references(() => streams.id),
    expiresAtMs: integer('expires_at_ms').notNull(),
  },
  (table) => [
    uniqueIndex('room_visits_once').on(table.userId, table.holder, table.streamId),
    index('room_visits_by_holder').on(table.holder),
    index('room_visits_by_expiry').on(table.expiresAtMs),
  ],
);
