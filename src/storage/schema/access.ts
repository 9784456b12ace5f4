// The tables of rights: roles on channels and who follows what.
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { ChannelId, UserId } from '../../protocol/ids.ts';
import type { ChannelRole } from '../../protocol/people.ts';
import { users } from './people.ts';
import { channels } from './streams.ts';

export const channelRoles = sqliteTable(
  'channel_roles',
  {
    channelId: text('channel_id')
      .$type<ChannelId>()
      .notNull()
      .references(() => channels.id),
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    role: text().$type<ChannelRole>().notNull(),
    givenAtMs: integer('given_at_ms').notNull(),
  },
  (table) => [
    uniqueIndex('channel_roles_by_channel').on(table.channelId, table.userId),
    index('channel_roles_by_user').on(table.userId),
  ],
);

export const follows = sqliteTable(
  'follows',
  {
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    channelId: text('channel_id')
      .$type<ChannelId>()
      .notNull()
      .references(() => channels.id),
    followedAtMs: integer('followed_at_ms').notNull(),
  },
  (table) => [
    uniqueIndex('follows_once').on(table.userId, table.channelId),
    index('follows_by_user').on(table.userId, table.followedAtMs),
    index('follows_by_channel').on(table.channelId),
  ],
);
