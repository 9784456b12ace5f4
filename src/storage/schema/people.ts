// The tables of people.
import { integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { PlatformRole } from '../../protocol/claims.ts';
import type { UserId } from '../../protocol/ids.ts';

export const users = sqliteTable(
  'users',
  {
    id: text().$type<UserId>().primaryKey(),
    handle: text().notNull(),
    name: text().notNull(),
    platformRole: text('platform_role').$type<PlatformRole>().notNull().default('viewer'),
    createdAtMs: integer('created_at_ms').notNull(),
    /** When the person asked to be forgotten; null: an account in use. */
    erasedAtMs: integer('erased_at_ms'),
  },
  (table) => [uniqueIndex('users_by_handle').on(table.handle)],
);
