// The table of blocks: who does not want to hear whom.
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { UserId } from '../../protocol/ids.ts';
import { users } from './people.ts';

export const blocks = sqliteTable(
  'blocks',
  {
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    blockedId: text('blocked_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    blockedAtMs: integer('blocked_at_ms').notNull(),
  },
  (table) => [
    uniqueIndex('blocks_once').on(table.userId, table.blockedId),
    index('blocks_by_user').on(table.userId, table.blockedAtMs, table.blockedId),
    index('blocks_of').on(table.blockedId, table.blockedAtMs),
  ],
);
