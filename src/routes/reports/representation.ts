// A report as moderators are shown it.

import { iso } from '../../domain/iso.ts';
import { ESCALATED_AFTER_HOURS, type Report } from '../../protocol/reports.ts';
import type { KeptReport } from '../../storage/report-pages.ts';

export const ESCALATED_AFTER_MS = ESCALATED_AFTER_HOURS * 3_600_000;

/** `showsReporters`: to moderators of the platform. */
export const toReport = (
  { context, complaints, reportedAtMs, outcome, note, answeredAtMs, answeredBy, ...report }: KeptReport,
  { nowMs, showsReporters }: { nowMs: number; showsReporters: boolean },
): Report => ({
  ...report,
  context: context.map(({ sentAtMs, ...line }) => ({ ...line, sentAt: iso(sentAtMs) })),
  complaints: complaints.map(({ complainedAtMs, by, ...complaint }) => ({
    ...complaint,
    at: iso(complainedAtMs),
    by: showsReporters ? by : null,
  })),
  reportedAt: iso(reportedAtMs),
  isEscalated: answeredAtMs === null && reportedAtMs <= nowMs - ESCALATED_AFTER_MS,
  answer: outcome === null || answeredAtMs === null ? null : { outcome, note, by: answeredBy, at: iso(answeredAtMs) },
});
