// The table of bans: of channels, and of the platform as a whole.
import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { BanEffect } from '../../protocol/bans.ts';
import type { ChannelId, UserId } from '../../protocol/ids.ts';
import { users } from './people.ts';
import { channels } from './streams.ts';

export const bans = sqliteTable(
  'bans',
  {
    /** Null: everywhere. */
    channelId: text('channel_id')
      .$type<ChannelId>()
      .references(() => channels.id),
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    effect: text().$type<BanEffect>().notNull(),
    reason: text(),
    bannedAtMs: integer('banned_at_ms').notNull(),
    /** Null: for good. */
    untilMs: integer('until_ms'),
    /** `network`: others who come by the same network or browser are held. */
    reach: text().$type<'person' | 'network'>().notNull().default('person'),
  },
  (table) => [
    uniqueIndex('bans_of_channel').on(table.channelId, table.userId).where(sql`${table.channelId} IS NOT NULL`),
    uniqueIndex('bans_of_platform').on(table.userId).where(sql`${table.channelId} IS NULL`),
    index('bans_by_user').on(table.userId),
  ],
);
