// The tables of the rooms.
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { MessageId, StreamId, UserId } from '../../protocol/ids.ts';
import { users } from './people.ts';
import { streams } from './streams.ts';

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
  },
  (table) => [
    index('messages_by_stream').on(table.streamId, table.sentAtMs, table.id),
    index('messages_by_author').on(table.authorId, table.sentAtMs),
  ],
);
