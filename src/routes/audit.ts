// The audit log, for those who run the platform: pages by filter, and the whole of it as CSV or NDJSON.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { type AuditFormat, AuditLine, AuditPage, ListAuditQuery } from '../protocol/audit-log.ts';
import { FootlightError } from '../protocol/errors.ts';
import { type AuditFilter, readAudit } from '../storage/audit-reading.ts';
import { countPending } from '../storage/audit-trail.ts';
import { exportLines } from './audit/export.ts';
import { toAuditRecord } from './audit/representation.ts';
import type { AppContext } from './context.ts';
import { apiResource } from './guards/api.ts';
import { permit } from './guards/permit.ts';
import { forAction } from './openapi.ts';

export const audit = apiResource().openapi(
  createRoute({
    method: 'get',
    path: '/',
    summary: 'The audit log, newest first, for admins; as CSV or NDJSON all of it, oldest first',
    ...forAction('audit.read'),
    request: { query: ListAuditQuery },
    responses: {
      200: {
        description: 'A page; nextCursor leads to the next one',
        content: {
          'application/json': { schema: AuditPage },
          'text/csv': { schema: z.string() },
          'application/x-ndjson': { schema: AuditLine },
        },
      },
    },
  }),
  async (c) => {
    await permit(c, 'audit.read');
    const { limit, cursor, format, since, until, ...named } = c.req.valid('query');
    const filter: AuditFilter = { ...named, sinceMs: toMs(since), untilMs: toMs(until) };
    const wanted = format ?? preferredFormat(c.req.header('Accept'));
    if (wanted !== 'json') return exported(c, wanted, filter);
    const rows = await readAudit(c.env.DB, filter, {
      limit: limit + 1,
      before: cursor === undefined ? undefined : readCursor(cursor),
    });
    const page = rows.slice(0, limit);
    const next = rows.length > limit ? page.at(-1) : undefined;
    const body: AuditPage = {
      events: page.map(toAuditRecord),
      nextCursor: next ? writeCursor(next.proof.seq) : null,
      ...(await countPending(c.env.DB)),
    };
    return c.json(body, 200, UNCACHED);
  },
);

const UNCACHED = { 'Cache-Control': 'private, no-store' };
const TYPES = { csv: 'text/csv; charset=utf-8', ndjson: 'application/x-ndjson; charset=utf-8' } as const;

function exported(c: AppContext, format: Exclude<AuditFormat, 'json'>, filter: AuditFilter): Response {
  return c.body(exportLines(c.env.DB, filter, format), 200, {
    ...UNCACHED,
    // A tag made from the body would hold the whole file in memory: this answer is like no other.
    ETag: `"${c.get('requestId')}"`,
    'Content-Type': TYPES[format],
    'Content-Disposition': `attachment; filename="footlight-audit.${format}"`,
  });
}

function preferredFormat(accept = ''): AuditFormat {
  if (/\btext\/csv\b/.test(accept)) return 'csv';
  return /\bapplication\/(x-)?ndjson\b/.test(accept) ? 'ndjson' : 'json';
}

const toMs = (iso: string | undefined): number | undefined => (iso === undefined ? undefined : Date.parse(iso));

const writeCursor = (seq: number): string => `before-${seq}`;

function readCursor(cursor: string): number {
  const seq = /^before-(\d{1,15})$/.exec(cursor)?.[1];
  if (seq !== undefined) return Number(seq);
  throw new FootlightError('invalid_request', 'The cursor is not one of ours. Start again without it.', {
    issues: [{ path: 'cursor', message: 'must be a nextCursor of an earlier page' }],
  });
}
