// Reports, as they are kept: one of a message, with a complaint of each person, until a moderator has answered.
import { and, count, eq, gt, isNull, sql } from 'drizzle-orm';
import { QUOTAS } from '../domain/quotas.ts';
import type { ChannelId, MessageId, ReportId, StreamId, UserId } from '../protocol/ids.ts';
import type { ReportOutcome, ReportReason } from '../protocol/reports.ts';
import { shelves } from './database.ts';
import type { KeptLine } from './report-context.ts';
import { complaints, reports } from './schema.ts';

const DAY_MS = 24 * 3_600_000;

export interface NewReport {
  id: ReportId;
  channelId: ChannelId;
  streamId: StreamId;
  line: KeptLine;
  context: readonly KeptLine[];
}

export interface ComplaintRecord {
  reporterId: UserId;
  reason: ReportReason;
  text: string | null;
  complainedAtMs: number;
}

export type Made = ComplaintRecord & { reportId: ReportId; isNew: boolean };

/**
 * The complaint of one person about one message; the first makes the report. Who has complained about it before gets that
 * complaint. Null: they have complained about too much within a day, counted in the statement that stores.
 */
export async function makeReport(db: D1Database, report: NewReport, complaint: ComplaintRecord): Promise<Made | null> {
  const { line, context } = report;
  const { reporterId, reason, text, complainedAtMs } = complaint;
  const hasRoom = `(SELECT count(*) FROM complaints WHERE reporter_id = ?1 AND complained_at_ms > ?2) < ${QUOTAS.reports_a_day.max}`;
  const since = complainedAtMs - DAY_MS;
  const results = await db.batch([
    // Whoever complains later has seen more of what came after it.
    db
      .prepare(
        `INSERT INTO reports (id, channel_id, stream_id, message_id, author_id, media_time_ms, context, reported_at_ms)
         SELECT ?3, ?4, ?5, ?6, (SELECT id FROM users WHERE id = ?7 AND erased_at_ms IS NULL), ?8, ?9, ?10 WHERE ${hasRoom}
         ON CONFLICT (message_id) DO UPDATE SET context = excluded.context
         WHERE reports.answered_at_ms IS NULL AND json_array_length(excluded.context) > json_array_length(reports.context)`,
      )
      .bind(
        ...[reporterId, since, report.id, report.channelId, report.streamId, line.id, line.authorId],
        ...[line.mediaTimeMs, JSON.stringify(context), complainedAtMs],
      ),
    db
      .prepare(
        `INSERT INTO complaints (report_id, reporter_id, reason, text, complained_at_ms)
         SELECT id, ?1, ?4, ?5, ?6 FROM reports WHERE message_id = ?3 AND ${hasRoom} ON CONFLICT DO NOTHING`,
      )
      .bind(reporterId, since, line.id, reason, text, complainedAtMs),
  ]);
  const made = await findComplaint(db, { messageId: line.id, reporterId });
  return made && { ...made, isNew: (results.at(-1)?.meta.changes ?? 0) > 0 };
}

async function findComplaint(
  db: D1Database,
  { messageId, reporterId }: { messageId: MessageId; reporterId: UserId },
): Promise<(ComplaintRecord & { reportId: ReportId }) | null> {
  const { reportId, reason, text, complainedAtMs } = complaints;
  const [row] = await shelves(db)
    .select({ reportId, reason, text, complainedAtMs })
    .from(complaints)
    .innerJoin(reports, eq(reports.id, reportId))
    .where(and(eq(reports.messageId, messageId), eq(complaints.reporterId, reporterId)));
  return row ? { ...row, reporterId } : null;
}

export interface AnswerRecord {
  outcome: ReportOutcome;
  note: string | null;
  answeredBy: UserId;
  answeredAtMs: number;
}

/** False: somebody else has answered before, or it is gone. */
export async function answerReport(db: D1Database, id: ReportId, answer: AnswerRecord): Promise<boolean> {
  const { meta } = await shelves(db)
    .update(reports)
    .set(answer)
    .where(and(eq(reports.id, id), isNull(reports.answeredAtMs)));
  return meta.changes > 0;
}

/** What moderators of the channel have before them; and of one report whether it is, and how many people complain. */
export async function countReports(
  db: D1Database,
  { channelId, reportId }: { channelId: ChannelId; reportId: ReportId },
): Promise<{ open: number; count: number; state: 'open' | 'closed' }> {
  const [open, all, [report]] = await shelves(db).batch([
    shelves(db)
      .select({ total: count() })
      .from(reports)
      .where(and(eq(reports.channelId, channelId), isNull(reports.answeredAtMs))),
    shelves(db).select({ total: count() }).from(complaints).where(eq(complaints.reportId, reportId)),
    shelves(db).select({ answeredAtMs: reports.answeredAtMs }).from(reports).where(eq(reports.id, reportId)),
  ]);
  const state = report?.answeredAtMs === null ? 'open' : 'closed';
  return { open: open[0]?.total ?? 0, count: all[0]?.total ?? 0, state };
}

/** How many people have complained about what somebody said on a channel since then. */
export async function countReporters(
  db: D1Database,
  { channelId, userId, sinceMs }: { channelId: ChannelId; userId: UserId; sinceMs: number },
): Promise<number> {
  const [row] = await shelves(db)
    .select({ total: sql<number>`count(DISTINCT coalesce(${complaints.reporterId}, ${complaints.reportId}))` })
    .from(reports)
    .innerJoin(complaints, eq(complaints.reportId, reports.id))
    .where(and(eq(reports.authorId, userId), eq(reports.channelId, channelId), gt(complaints.complainedAtMs, sinceMs)));
  return row?.total ?? 0;
}
