// The tables of rights: roles on channels, who follows what, and what keeps a stream shut.
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { ChannelId, StreamId, UserId } from '../../protocol/ids.ts';
import type { ChannelRole } from '../../protocol/people.ts';
import { users } from './people.ts';
import { channels, streams } from './streams.ts';

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

/** Who is invited to a private stream. */
export const streamMembers = sqliteTable(
  'stream_members',
  {
    streamId: text('stream_id')
      .$type<StreamId>()
      .notNull()
      .references(() => streams.id),
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    invitedAtMs: integer('invited_at_ms').notNull(),
  },
  (table) => [
    uniqueIndex('stream_members_by_stream').on(table.streamId, table.userId),
    index('stream_members_by_user').on(table.userId),
  ],
);

/** Apart from the streams, so that no list of them can carry a hash along. */
export const streamPasswords = sqliteTable('stream_passwords', {
  streamId: text('stream_id')
    .$type<StreamId>()
    .primaryKey()
    .references(() => streams.id),
  passwordHash: text('password_hash').notNull(),
});
