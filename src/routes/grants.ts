// What I have allowed apps to do for me: seen, and taken back.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { FootlightError } from '../protocol/errors.ts';
import { GrantId } from '../protocol/ids.ts';
import { type Grant, GrantList } from '../protocol/oauth.ts';
import { type GrantRecord, listGrantsOf, revokeGrant } from '../storage/grants.ts';
import { note } from './audit-note.ts';
import { apiResource } from './guards/api.ts';
import { signedIn } from './guards/authenticate.ts';
import { forSignedIn, json, refusals } from './openapi.ts';
import { turnAwayFromRooms } from './room/telling.ts';

export const grants = apiResource()
  .openapi(
    createRoute({
      method: 'get',
      path: '/',
      summary: 'What you have allowed apps, newest first; each time you allowed one is a row',
      ...forSignedIn,
      responses: { 200: json('Those that hold', GrantList) },
    }),
    async (c) => {
      const { id } = signedIn(c, 'ours');
      const held = await listGrantsOf(c.env.DB, id, Date.now());
      return c.json({ grants: held.map(toGrant) }, 200, { 'Cache-Control': 'private, no-store' });
    },
  )
  .openapi(
    createRoute({
      method: 'delete',
      path: '/{id}',
      summary: 'Take it back; every token that came of it is refused at once',
      ...forSignedIn,
      request: { params: z.object({ id: GrantId }) },
      responses: { 204: { description: 'The app has no access by it any more' }, ...refusals('not_found') },
    }),
    async (c) => {
      const { id: userId } = signedIn(c, 'ours');
      const { id } = c.req.valid('param');
      const appId = await revokeGrant(c.env.DB, { id, userId, nowMs: Date.now() });
      if (!appId) {
        throw new FootlightError('not_found', `You have not allowed anything under ${id}, or took it back already.`);
      }
      note(c, { action: 'grant.revoked', target: { type: 'grant', id } });
      await turnAwayFromRooms(c.env, { userId, holder: appId }, 'signed_out');
      return c.body(null, 204);
    },
  );

const toGrant = ({ id, appId, appName, ownerName, websiteUrl, scopes, createdAtMs, usedAtMs }: GrantRecord): Grant => ({
  id,
  app: { id: appId, name: appName, ownerName, websiteUrl },
  scopes,
  createdAt: new Date(createdAtMs).toISOString(),
  lastUsedAt: new Date(usedAtMs).toISOString(),
});
