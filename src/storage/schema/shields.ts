// The table of the shields of channels.
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { ChannelId } from '../../protocol/ids.ts';
import type { ShieldMode, ShieldTrips } from '../../protocol/shield.ts';
import type { Shield } from '../../protocol/shield-state.ts';
import { channels } from './streams.ts';

export const shields = sqliteTable('shields', {
  channelId: text('channel_id')
    .$type<ChannelId>()
    .primaryKey()
    .references(() => channels.id),
  /** One more at each change. */
  version: integer().notNull(),
  mode: text({ mode: 'json' }).$type<ShieldMode>().notNull(),
  trips: text({ mode: 'json' }).$type<ShieldTrips>().notNull(),
  /** Null: it is down. */
  untilMs: integer('until_ms'),
  raisedBy: text('raised_by').$type<Shield['by']>(),
});
