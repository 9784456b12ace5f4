// Leaving: take everything that is held of you along, and have it forgotten, with a receipt.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { AccountExport, EraseAccount, ErasureReceipt } from '../protocol/account.ts';
import { FootlightError } from '../protocol/errors.ts';
import { ErasureId, mintId } from '../protocol/ids.ts';
import { leaveTrace } from '../storage/audit-trail.ts';
import { erasePerson, findReceipt, type Receipt } from '../storage/erasure.ts';
import { note } from './audit-note.ts';
import { apiDoors, apiResource } from './guards/api.ts';
import { permit } from './guards/permit.ts';
import {
  endStreamsOf,
  forgetInRooms,
  pseudonymFor,
  roomsThatKnow,
  settleOwn,
  settleRooms,
  signatureOf,
} from './leaving/end-of-account.ts';
import { exportDocument } from './leaving/export.ts';
import { forAction, json, refusals } from './openapi.ts';

const UNCACHED = { 'Cache-Control': 'private, no-store' };

export const leaving = apiDoors()
  .openapi(
    createRoute({
      method: 'get',
      path: '/me/export',
      summary: 'Everything that is held of you, as one JSON document',
      ...forAction('user.export_self'),
      responses: { 200: json('A list of rows per table', AccountExport) },
    }),
    async (c) => {
      const { id } = await permit(c, 'user.export_self');
      const own = await settleOwn(c, await roomsThatKnow(c, id));
      note(c, { action: 'user.exported', target: { type: 'user', id } });
      return c.body(exportDocument(c.env.DB, { userId: id, own, exportedAt: new Date().toISOString() }), 200, {
        ...UNCACHED,
        'Content-Type': 'application/json',
        'Content-Disposition': 'attachment; filename="footlight-account.json"',
        // A tag made from the body would hold the whole document in memory.
        ETag: `"${c.get('requestId')}"`,
      }) as never;
    },
  )
  .openapi(
    createRoute({
      method: 'delete',
      path: '/me',
      summary: 'Have yourself forgotten: at once, and for good',
      ...forAction('user.erase_self'),
      request: { body: { required: true, content: { 'application/json': { schema: EraseAccount } } } },
      responses: { 200: json('The receipt, which can be read again', ErasureReceipt) },
    }),
    async (c) => {
      const user = await permit(c, 'user.erase_self');
      if (c.req.valid('json').confirm !== user.handle) {
        throw new FootlightError(
          'invalid_request',
          'The confirmation is not your handle. Send your handle to be erased.',
          {
            issues: [{ path: 'confirm', message: 'must be your handle' }],
          },
        );
      }
      const id = ErasureId.parse(mintId('er', crypto.getRandomValues(new Uint8Array(16))));
      const pseudonym = await pseudonymFor(c, user.id);
      // Asked now: nothing leads to the bots and the rooms after the erasure.
      const known = await roomsThatKnow(c, user.id);
      await settleRooms(c, known);
      await endStreamsOf(c, known.ids, pseudonym);
      const { receipt, signed } = await erasePerson(c.env.DB, {
        userId: user.id,
        id,
        nowMs: Date.now(),
        signature: signatureOf(pseudonym),
      });
      // It lies in the database already; the queue only brings it into the log sooner.
      c.executionCtx.waitUntil(leaveTrace(c.env, signed));
      // One that was opened in between has no key any more, and ends too.
      await endStreamsOf(c, known.ids, pseudonym);
      await forgetInRooms(c, known);
      return c.json(toReceipt(receipt), 200, UNCACHED);
    },
  );

export const erasures = apiResource().openapi(
  createRoute({
    method: 'get',
    path: '/{id}',
    summary: 'The receipt of an erasure, for whoever has its id',
    request: { params: z.object({ id: ErasureId }) },
    responses: { 200: json('What was forgotten, and when', ErasureReceipt), ...refusals('not_found') },
  }),
  async (c) => {
    const { id } = c.req.valid('param');
    const receipt = await findReceipt(c.env.DB, id);
    if (!receipt) throw new FootlightError('not_found', `There is no erasure ${id}. Check the id.`);
    return c.json(toReceipt(receipt), 200, UNCACHED);
  },
);

const toReceipt = ({ id, erasedAtMs, counts }: Receipt): ErasureReceipt => ({
  id,
  erasedAt: new Date(erasedAtMs).toISOString(),
  counts,
});
