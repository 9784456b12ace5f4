// Reports, as moderators read them: pages of a channel or of all, with the names of everybody who is still known.
import { and, count, desc, eq, inArray, isNotNull, isNull, lte, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/sqlite-core';
import type { ChannelId, ReportId, UserId } from '../protocol/ids.ts';
import type { Person } from '../protocol/people.ts';
import { COMPLAINTS_SHOWN, type ReportReason } from '../protocol/reports.ts';
import { shelves } from './database.ts';
import { type PageEnd, pageOf } from './page.ts';
import type { KeptLine } from './report-context.ts';
import { complaints, reports, users } from './schema.ts';

export type ReportCursor = PageEnd<ReportId>;

export interface ReportFilter {
  /** Null: of all channels. */
  channelId: ChannelId | null;
  state: 'open' | 'closed';
  /** Only those that were reported up to then. */
  reportedUntilMs?: number | undefined;
}

export interface ShownComplaint {
  reason: ReportReason;
  text: string | null;
  complainedAtMs: number;
  by: Person | null;
}

/** Newest first: open ones by when they were reported, closed ones by when they were answered. */
export async function listReports(
  db: D1Database,
  {
    channelId,
    state,
    reportedUntilMs,
    before,
    limit,
  }: ReportFilter & { before?: ReportCursor | undefined; limit: number },
) {
  const atMs = state === 'open' ? reports.reportedAtMs : reports.answeredAtMs;
  const rows = await selectReports(db)
    .where(
      and(
        state === 'open' ? isNull(reports.answeredAtMs) : isNotNull(reports.answeredAtMs),
        channelId === null ? undefined : eq(reports.channelId, channelId),
        reportedUntilMs === undefined ? undefined : lte(reports.reportedAtMs, reportedUntilMs),
        before && sql`(${atMs}, ${reports.id}) < (${before.atMs}, ${before.id})`,
      ),
    )
    .orderBy(desc(atMs), desc(reports.id))
    .limit(limit + 1);
  const { page, next } = pageOf(rows, limit, ({ reportedAtMs, answeredAtMs, id }) => ({
    atMs: state === 'open' ? reportedAtMs : answeredAtMs,
    id,
  }));
  return { reports: await whole(db, page), next };
}

/** Null: there is none, or it is of another channel. */
export async function findReport(
  db: D1Database,
  id: ReportId,
  channelId: ChannelId | null,
): Promise<KeptReport | null> {
  const isThere = channelId === null ? eq(reports.id, id) : and(eq(reports.id, id), eq(reports.channelId, channelId));
  const [found] = await whole(db, await selectReports(db).where(isThere));
  return found ?? null;
}

export type KeptReport = Awaited<ReturnType<typeof whole>>[number];

const author = alias(users, 'author');
const answerer = alias(users, 'answerer');

const selectReports = (db: D1Database) =>
  shelves(db)
    .select({
      id: reports.id,
      channelId: reports.channelId,
      streamId: reports.streamId,
      messageId: reports.messageId,
      mediaTimeMs: reports.mediaTimeMs,
      context: reports.context,
      reportedAtMs: reports.reportedAtMs,
      outcome: reports.outcome,
      note: reports.note,
      answeredAtMs: reports.answeredAtMs,
      author: { id: author.id, handle: author.handle, name: author.name },
      answeredBy: { id: answerer.id, handle: answerer.handle, name: answerer.name },
    })
    .from(reports)
    .leftJoin(author, eq(author.id, reports.authorId))
    .leftJoin(answerer, eq(answerer.id, reports.answeredBy))
    .$dynamic();

type Row = Awaited<ReturnType<typeof selectReports>>[number];

/** With the lines around the message, and what people say about it. */
async function whole(db: D1Database, rows: readonly Row[]) {
  const ids = rows.map(({ id }) => id);
  const contexts = rows.map(({ context }) => JSON.parse(context) as KeptLine[]);
  const authorIds = new Set(contexts.flat().flatMap(({ authorId }) => authorId ?? []));
  const [said, counts, people] = await Promise.all([
    complaintsAbout(db, ids),
    countsOf(db, ids),
    namesOf(db, [...authorIds]),
  ]);
  return rows.map((row, index) => ({
    ...row,
    context: contexts[index]!.map(({ authorId, ...line }) => ({
      ...line,
      author: authorId && (people.get(authorId) ?? null),
    })),
    complaints: said.get(row.id) ?? [],
    count: counts.get(row.id) ?? 0,
  }));
}

/** The newest of each. */
async function complaintsAbout(db: D1Database, ids: readonly ReportId[]): Promise<Map<ReportId, ShownComplaint[]>> {
  const { results } = await db
    .prepare(
      `SELECT report_id, reason, text, complained_at_ms, users.id, handle, name FROM (
         SELECT *, row_number() OVER (PARTITION BY report_id ORDER BY complained_at_ms DESC) AS place FROM complaints
         WHERE report_id IN (SELECT value FROM json_each(?1))
       ) LEFT JOIN users ON users.id = reporter_id WHERE place <= ?2 ORDER BY report_id, place`,
    )
    .bind(JSON.stringify(ids), COMPLAINTS_SHOWN)
    .all<{
      report_id: ReportId;
      reason: ReportReason;
      text: string | null;
      complained_at_ms: number;
      id: UserId | null;
      handle: string;
      name: string;
    }>();
  const byReport = Map.groupBy(results, (row) => row.report_id);
  return new Map(
    [...byReport].map(([id, rows]) => [
      id,
      rows.map(({ reason, text, complained_at_ms, id, handle, name }) => ({
        reason,
        text,
        complainedAtMs: complained_at_ms,
        by: id && { id, handle, name },
      })),
    ]),
  );
}

async function countsOf(db: D1Database, ids: readonly ReportId[]): Promise<Map<ReportId, number>> {
  if (ids.length === 0) return new Map();
  const rows = await shelves(db)
    .select({ id: complaints.reportId, total: count() })
    .from(complaints)
    .where(inArray(complaints.reportId, [...ids]))
    .groupBy(complaints.reportId);
  return new Map(rows.map(({ id, total }) => [id, total]));
}

/** Of those who are still known. */
async function namesOf(db: D1Database, ids: readonly UserId[]): Promise<Map<UserId, Person>> {
  const isOneOf: SQL = sql`${users.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;
  const rows = await shelves(db)
    .select({ id: users.id, handle: users.handle, name: users.name })
    .from(users)
    .where(and(isOneOf, isNull(users.erasedAtMs)));
  return new Map(rows.map((person) => [person.id, person]));
}
