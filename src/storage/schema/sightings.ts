// The table of the networks and devices that people came by lately.
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { UserId } from '../../protocol/ids.ts';
import { users } from './people.ts';

export const sightings = sqliteTable(
  'sightings',
  {
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    /** A keyed hash: of a network, or of the word that a browser keeps. */
    tag: text().notNull(),
    seenAtMs: integer('seen_at_ms').notNull(),
  },
  (table) => [
    uniqueIndex('sightings_once').on(table.userId, table.tag),
    index('sightings_by_tag').on(table.tag),
    index('sightings_by_time').on(table.seenAtMs),
  ],
);
