// Answers a report: the first to answer has answered, about those below oneself; and the moderators of the room hear it.
import { type Role, rolesAt } from '../../domain/access.ts';
import { mayActOn } from '../../domain/rank.ts';
import { FootlightError } from '../../protocol/errors.ts';
import type { ChannelId, ReportId, UserId } from '../../protocol/ids.ts';
import type { AnswerReport, Report } from '../../protocol/reports.ts';
import { findChannel } from '../../storage/channels.ts';
import { keepAct } from '../../storage/person-acts.ts';
import { findReport, type KeptReport } from '../../storage/report-pages.ts';
import { answerReport, countReports } from '../../storage/reports.ts';
import { findChannelRole } from '../../storage/roles.ts';
import { findUser } from '../../storage/users.ts';
import { note } from '../audit-note.ts';
import type { AppContext } from '../context.ts';
import { tellReported } from '../room/telling.ts';
import { toReport } from './representation.ts';

interface Answering {
  id: ReportId;
  /** Null: any. */
  channelId: ChannelId | null;
  by: { id: UserId; roles: readonly Role[] };
  answer: AnswerReport;
  showsReporters: boolean;
}

export async function answer(
  c: AppContext,
  { id, channelId, by, answer: given, showsReporters }: Answering,
): Promise<Report> {
  const { outcome, note: words = null } = given;
  const before = await existingReport(c, id, channelId);
  requireReach(by.roles, await rolesOfAuthor(c.env.DB, before));
  const nowMs = Date.now();
  const isFirst = await answerReport(c.env.DB, id, { outcome, note: words, answeredBy: by.id, answeredAtMs: nowMs });
  const report = await existingReport(c, id, channelId);
  if (!isFirst)
    throw new FootlightError('conflict', `${report.answeredBy?.name ?? 'Somebody'} has answered it already.`);
  const { messageId, streamId, author } = report;
  note(c, {
    action: 'report.answered',
    target: { type: 'report', id },
    after: { channelId: report.channelId, messageId, authorId: author?.id ?? null, outcome },
    reason: words,
  });
  const reason = words === null ? outcome : `${outcome}: ${words}`;
  const about = { userId: author?.id ?? null, channelId: report.channelId, messageId };
  if (author) await keepAct(c.env.DB, { ...about, action: 'report.answered', byId: by.id, reason }, nowMs);
  const counts = await countReports(c.env.DB, { channelId: report.channelId, reportId: id });
  await tellReported(c.env, report.channelId, { reportId: id, streamId, messageId, ...counts });
  return toReport(report, { nowMs, showsReporters });
}

async function existingReport(c: AppContext, id: ReportId, channelId: ChannelId | null): Promise<KeptReport> {
  const report = await findReport(c.env.DB, id, channelId);
  if (!report) throw new FootlightError('not_found', `There is no report ${id} here. Read the list again.`);
  return report;
}

/** As they are now, on the channel of the report. */
async function rolesOfAuthor(db: D1Database, { author, channelId }: KeptReport): Promise<readonly Role[]> {
  if (!author) return ['viewer'];
  const [user, channel, role] = await Promise.all([
    findUser(db, author.id),
    findChannel(db, channelId),
    findChannelRole(db, { channelId, userId: author.id }),
  ]);
  return user ? rolesAt(user, channel, role) : ['viewer'];
}

/** Nobody dismisses what is said of oneself, or of an equal. */
function requireReach(roles: readonly Role[], theirs: readonly Role[]): void {
  if (mayActOn(roles, theirs)) return;
  throw new FootlightError(
    'forbidden',
    'Your own role does not stand above its author’s. Leave the report to somebody whose role does.',
  );
}
