// Reports, for moderators: of a channel, and of all channels together. The first to answer has answered.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { ChannelId, ReportId } from '../protocol/ids.ts';
import { AnswerReport, ListAllReportsQuery, ListReportsQuery, Report, ReportPage } from '../protocol/reports.ts';
import { listReports, type ReportFilter } from '../storage/report-pages.ts';
import type { AppContext } from './context.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { existingChannel } from './existing.ts';
import { apiDoors, apiResource } from './guards/api.ts';
import { permit, requireAccount } from './guards/permit.ts';
import { forAction, json, refusals } from './openapi.ts';
import { answer } from './reports/answer.ts';
import { ESCALATED_AFTER_MS, toReport } from './reports/representation.ts';

const params = z.object({ id: ChannelId });
const UNCACHED = { 'Cache-Control': 'private, no-store' };
const body = { required: true, content: { 'application/json': { schema: AnswerReport } } };

export const channelReports = apiDoors()
  .openapi(
    createRoute({
      method: 'get',
      path: '/{id}/reports',
      summary: 'What people have reported on the channel, the newest first',
      ...forAction('report.see'),
      request: { params, query: ListReportsQuery },
      responses: { 200: json('A page; nextCursor leads to the next one', ReportPage), ...refusals('not_found') },
    }),
    async (c) => {
      requireAccount(c, 'report.see');
      const channel = await existingChannel(c, c.req.valid('param').id);
      await permit(c, 'report.see', channel);
      const { state, ...from } = c.req.valid('query');
      const page = await pageOf(c, { ...from, filter: { channelId: channel.id, state }, showsReporters: false });
      return c.json(page, 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'put',
      path: '/{id}/reports/{reportId}/answer',
      summary: 'Answer a report about somebody below you. The first to answer has answered',
      ...forAction('report.answer'),
      request: { params: params.extend({ reportId: ReportId }), body },
      responses: { 200: json('The report with its answer', Report), ...refusals('not_found', 'conflict') },
    }),
    async (c) => {
      requireAccount(c, 'report.answer');
      const { id: channelId, reportId } = c.req.valid('param');
      const by = await permit(c, 'report.answer', await existingChannel(c, channelId));
      const answering = { id: reportId, channelId, by, answer: c.req.valid('json'), showsReporters: false };
      return c.json(await answer(c, answering), 200, UNCACHED);
    },
  );

export const platformReports = apiResource()
  .openapi(
    createRoute({
      method: 'get',
      path: '/',
      summary:
        'What people have reported on any channel, the newest first; escalated where its moderators do not answer',
      ...forAction('report.everywhere'),
      request: { query: ListAllReportsQuery },
      responses: { 200: json('A page; nextCursor leads to the next one', ReportPage) },
    }),
    async (c) => {
      await permit(c, 'report.everywhere');
      const { state, escalated, ...from } = c.req.valid('query');
      const filter: ReportFilter = escalated
        ? { channelId: null, state: 'open', reportedUntilMs: Date.now() - ESCALATED_AFTER_MS }
        : { channelId: null, state };
      return c.json(await pageOf(c, { ...from, filter, showsReporters: true }), 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'put',
      path: '/{reportId}/answer',
      summary: 'Answer a report of any channel about somebody below you. The first to answer has answered',
      ...forAction('report.everywhere'),
      request: { params: z.object({ reportId: ReportId }), body },
      responses: { 200: json('The report with its answer', Report), ...refusals('not_found', 'conflict') },
    }),
    async (c) => {
      const by = await permit(c, 'report.everywhere');
      const { reportId } = c.req.valid('param');
      const answering = { id: reportId, channelId: null, by, answer: c.req.valid('json'), showsReporters: true };
      return c.json(await answer(c, answering), 200, UNCACHED);
    },
  );

async function pageOf(
  c: AppContext,
  {
    filter,
    limit,
    cursor,
    showsReporters,
  }: { filter: ReportFilter; limit: number; cursor?: string | undefined; showsReporters: boolean },
): Promise<z.infer<typeof ReportPage>> {
  const before = cursor === undefined ? undefined : readCursor(cursor, ReportId);
  const nowMs = Date.now();
  const page = await listReports(c.env.DB, { ...filter, before, limit });
  return {
    reports: page.reports.map((report) => toReport(report, { nowMs, showsReporters })),
    nextCursor: page.next && writeCursor(page.next),
  };
}
