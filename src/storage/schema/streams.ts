// The tables of channels, their streams and their stream keys.
import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { Genre, StreamState, Visibility } from '../../protocol/api.ts';
import type { ChannelId, StreamId, UserId } from '../../protocol/ids.ts';
import type { LatencyProfile } from '../../protocol/latency.ts';
import { users } from './people.ts';

export const channels = sqliteTable(
  'channels',
  {
    id: text().$type<ChannelId>().primaryKey(),
    ownerId: text('owner_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    name: text().notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (table) => [index('channels_by_owner').on(table.ownerId, table.createdAtMs)],
);

export const streams = sqliteTable(
  'streams',
  {
    id: text().$type<StreamId>().primaryKey(),
    channelId: text('channel_id')
      .$type<ChannelId>()
      .notNull()
      .references(() => channels.id),
    title: text().notNull(),
    genre: text().$type<Genre>().notNull(),
    visibility: text().$type<Visibility>().notNull(),
    gateAtMs: integer('gate_at_ms').notNull(),
    latency: text().$type<LatencyProfile>().notNull(),
    reconnectWindowSeconds: integer('reconnect_window_seconds').notNull(),
    state: text().$type<StreamState>().notNull().default('waiting'),
    stateAtMs: integer('state_at_ms').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    scheduledAtMs: integer('scheduled_at_ms'),
    startedAtMs: integer('started_at_ms'),
    endedAtMs: integer('ended_at_ms'),
  },
  (table) => [
    uniqueIndex('streams_one_open').on(table.channelId).where(sql`state <> 'ended'`),
    index('streams_by_channel').on(table.channelId, table.createdAtMs),
    index('streams_by_state').on(table.state, sql`coalesce(started_at_ms, created_at_ms)`, table.id),
  ],
);

/** The key itself is never stored: 160 random bits need no salt, so its SHA-256 is also how it is found. */
export const streamKeys = sqliteTable(
  'stream_keys',
  {
    keyHash: text('key_hash').primaryKey(),
    channelId: text('channel_id')
      .$type<ChannelId>()
      .notNull()
      .references(() => channels.id),
    hint: text().notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    revokedAtMs: integer('revoked_at_ms'),
  },
  (table) => [uniqueIndex('stream_keys_one_in_force').on(table.channelId).where(sql`revoked_at_ms is null`)],
);
