// The tables of reports: the message, and what each person has to say about it.
import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { ChannelId, MessageId, ReportId, StreamId, UserId } from '../../protocol/ids.ts';
import type { ReportOutcome, ReportReason } from '../../protocol/reports.ts';
import { users } from './people.ts';
import { channels, streams } from './streams.ts';

export const reports = sqliteTable(
  'reports',
  {
    id: text().$type<ReportId>().primaryKey(),
    channelId: text('channel_id')
      .$type<ChannelId>()
      .notNull()
      .references(() => channels.id),
    streamId: text('stream_id')
      .$type<StreamId>()
      .notNull()
      .references(() => streams.id),
    messageId: text('message_id').$type<MessageId>().notNull(),
    /** Null: somebody who left Footlight. */
    authorId: text('author_id')
      .$type<UserId>()
      .references(() => users.id),
    mediaTimeMs: integer('media_time_ms'),
    /** Lines as they were, with the ids of their authors. */
    context: text().notNull(),
    reportedAtMs: integer('reported_at_ms').notNull(),
    outcome: text().$type<ReportOutcome>(),
    note: text(),
    answeredBy: text('answered_by')
      .$type<UserId>()
      .references(() => users.id),
    answeredAtMs: integer('answered_at_ms'),
  },
  (table) => [
    uniqueIndex('reports_by_message').on(table.messageId),
    index('reports_by_author').on(table.authorId, table.channelId),
    index('reports_open').on(table.channelId, table.reportedAtMs, table.id).where(sql`${table.answeredAtMs} IS NULL`),
    index('reports_closed')
      .on(table.channelId, table.answeredAtMs, table.id)
      .where(sql`${table.answeredAtMs} IS NOT NULL`),
    index('reports_open_anywhere').on(table.reportedAtMs, table.id).where(sql`${table.answeredAtMs} IS NULL`),
    index('reports_closed_anywhere').on(table.answeredAtMs, table.id).where(sql`${table.answeredAtMs} IS NOT NULL`),
  ],
);

export const complaints = sqliteTable(
  'complaints',
  {
    reportId: text('report_id')
      .$type<ReportId>()
      .notNull()
      .references(() => reports.id),
    reporterId: text('reporter_id')
      .$type<UserId>()
      .references(() => users.id),
    reason: text().$type<ReportReason>().notNull(),
    text: text(),
    complainedAtMs: integer('complained_at_ms').notNull(),
  },
  (table) => [
    uniqueIndex('complaints_once').on(table.reportId, table.reporterId),
    index('complaints_by_reporter').on(table.reporterId, table.complainedAtMs),
  ],
);
