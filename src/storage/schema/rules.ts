// The table of the rules by which lines are judged.
import { sql } from 'drizzle-orm';
import { integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { ChannelId } from '../../protocol/ids.ts';
import type { ChannelRules, OwnWord } from '../../protocol/rules.ts';
import { channels } from './streams.ts';

export const judgingRules = sqliteTable(
  'judging_rules',
  {
    /** Null: everywhere. */
    channelId: text('channel_id')
      .$type<ChannelId>()
      .references(() => channels.id),
    /** One more at each change. */
    version: integer().notNull(),
    strictness: text().$type<ChannelRules['strictness']>().notNull(),
    links: text().$type<NonNullable<ChannelRules['links']>>(),
    allowedSites: text('allowed_sites', { mode: 'json' }).$type<string[]>().notNull(),
    words: text({ mode: 'json' }).$type<OwnWord[]>().notNull(),
    whenModelIsDown: text('when_model_is_down').$type<ChannelRules['whenModelIsDown']>().notNull().default('allow'),
  },
  (table) => [
    uniqueIndex('judging_rules_of_channel').on(table.channelId).where(sql`${table.channelId} IS NOT NULL`),
    uniqueIndex('judging_rules_of_platform')
      .on(sql`(${table.channelId} IS NULL)`)
      .where(sql`${table.channelId} IS NULL`),
  ],
);
