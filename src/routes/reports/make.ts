// Report a message: anybody who hears the room may, once for each message.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { FootlightError } from '../../protocol/errors.ts';
import { MessageId, mintId, ReportId, StreamId } from '../../protocol/ids.ts';
import { MakeReport, ReportMade } from '../../protocol/reports.ts';
import { findSaid, linesAround } from '../../storage/report-context.ts';
import { countReports, makeReport } from '../../storage/reports.ts';
import { note } from '../audit-note.ts';
import { apiDoors } from '../guards/api.ts';
import { permit } from '../guards/permit.ts';
import { roomOf } from '../objects.ts';
import { forAction, json, refusals } from '../openapi.ts';
import { quotaExceeded } from '../quota.ts';
import { tellReported } from '../room/telling.ts';
import { knownStream } from '../viewers.ts';

const params = z.object({ id: StreamId, messageId: MessageId });
const UNCACHED = { 'Cache-Control': 'private, no-store' };

export const messageReports = apiDoors().openapi(
  createRoute({
    method: 'post',
    path: '/{id}/chat/{messageId}/reports',
    summary: 'Report a message to the moderators of the channel, with what was said around it',
    ...forAction('report.make'),
    request: { params, body: { required: true, content: { 'application/json': { schema: MakeReport } } } },
    responses: {
      201: json('Your report', ReportMade),
      200: json('You have reported it before: that report', ReportMade),
      ...refusals('not_found', 'pass_needed', 'conflict', 'quota_exceeded'),
    },
  }),
  async (c) => {
    const { id: reporterId } = await permit(c, 'report.make');
    const { id: streamId, messageId } = c.req.valid('param');
    const stream = await knownStream(c, streamId, { offering: 'chat', scope: 'chat:write' });
    const { reason, text = null } = c.req.valid('json');
    // The newest may still be with the room alone.
    const room = roomOf(c.env, streamId);
    await room.settle();
    const line = await findSaid(c.env.DB, { streamId, id: messageId });
    // To its author a line that nobody else has heard is one like any other.
    const isUnheard = !line && (await room.knowsOwn(messageId, reporterId));
    if (isUnheard || line?.authorId === reporterId)
      throw new FootlightError('conflict', 'That is your own message. You can delete it.');
    if (!line) throw new FootlightError('not_found', `There is no message ${messageId} here. Check the id.`);
    const { channelId } = stream;
    const made = await makeReport(
      c.env.DB,
      {
        id: ReportId.parse(mintId('rp', crypto.getRandomValues(new Uint8Array(16)))),
        channelId,
        streamId,
        line,
        context: await linesAround(c.env.DB, streamId, line),
      },
      { reporterId, reason, text, complainedAtMs: Date.now() },
    );
    if (!made) throw quotaExceeded('reports_a_day');
    const { reportId, isNew, complainedAtMs, ...said } = made;
    const body: ReportMade = {
      id: reportId,
      messageId,
      reason: said.reason,
      text: said.text,
      at: new Date(complainedAtMs).toISOString(),
    };
    if (!isNew) return c.json(body, 200, UNCACHED);
    note(c, {
      action: 'report.made',
      target: { type: 'message', id: messageId },
      after: { reportId, channelId, authorId: line.authorId, reason },
    });
    const counts = await countReports(c.env.DB, { channelId, reportId });
    await tellReported(c.env, channelId, { reportId, streamId, messageId, ...counts });
    return c.json(body, 201, UNCACHED);
  },
);
