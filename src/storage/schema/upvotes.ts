// The tables of upvotes; triggers keep the count.
import { integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { StreamId, UserId } from '../../protocol/ids.ts';
import { users } from './people.ts';
import { streams } from './streams.ts';

export const upvotes = sqliteTable(
  'upvotes',
  {
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    streamId: text('stream_id')
      .$type<StreamId>()
      .notNull()
      .references(() => streams.id),
    upvotedAtMs: integer('upvoted_at_ms').notNull(),
  },
  (table) => [uniqueIndex('upvotes_once').on(table.userId, table.streamId)],
);

export const upvoteCounts = sqliteTable('upvote_counts', {
  streamId: text('stream_id')
    .$type<StreamId>()
    .primaryKey()
    .references(() => streams.id),
  count: integer().notNull(),
});
