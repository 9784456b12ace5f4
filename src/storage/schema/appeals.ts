// The table of appeals against bans.
import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { AppealState } from '../../protocol/appeals.ts';
import type { AppealId, ChannelId, UserId } from '../../protocol/ids.ts';
import { users } from './people.ts';
import { channels } from './streams.ts';

export const appeals = sqliteTable(
  'appeals',
  {
    id: text().$type<AppealId>().primaryKey(),
    /** Null: about a ban everywhere. */
    channelId: text('channel_id')
      .$type<ChannelId>()
      .references(() => channels.id),
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    /** Which ban: the one that was placed then. */
    bannedAtMs: integer('banned_at_ms').notNull(),
    text: text().notNull(),
    state: text().$type<AppealState>().notNull(),
    askedAtMs: integer('asked_at_ms').notNull(),
    closedAtMs: integer('closed_at_ms'),
    reason: text(),
  },
  (table) => [
    uniqueIndex('appeals_open_on_channel')
      .on(table.channelId, table.userId)
      .where(sql`${table.state} = 'open' AND ${table.channelId} IS NOT NULL`),
    uniqueIndex('appeals_open_on_platform')
      .on(table.userId)
      .where(sql`${table.state} = 'open' AND ${table.channelId} IS NULL`),
    index('appeals_by_channel').on(table.channelId, table.state, table.askedAtMs),
    index('appeals_by_user').on(table.userId, table.askedAtMs),
    index('appeals_waiting').on(table.askedAtMs).where(sql`${table.state} = 'open'`),
    index('appeals_closed').on(table.closedAtMs).where(sql`${table.closedAtMs} IS NOT NULL`),
    index('appeals_closed_by_channel')
      .on(table.channelId, table.closedAtMs)
      .where(sql`${table.closedAtMs} IS NOT NULL`),
  ],
);
