// The browsers that one is signed in with: seen, and signed out from afar.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import type { Principal } from '../auth/principal.ts';
import { dropSessionCookie } from '../auth/session-cookie.ts';
import { FootlightError } from '../protocol/errors.ts';
import { BrowserSessionId } from '../protocol/ids.ts';
import { type BrowserSession, BrowserSessionList } from '../protocol/sign-in.ts';
import { listSessions, revokeOtherSessions, revokeSession, type SessionRecord } from '../storage/sessions.ts';
import { note } from './audit-note.ts';
import { type AppContext, baseUrl } from './context.ts';
import { apiResource } from './guards/api.ts';
import { permit } from './guards/permit.ts';
import { forAction, json, refusals } from './openapi.ts';
import { turnAwayFromRooms } from './room/telling.ts';

export const sessions = apiResource()
  .openapi(
    createRoute({
      method: 'get',
      path: '/',
      summary: 'The browsers that you are signed in with, the one used last first',
      ...forAction('session.see'),
      responses: { 200: json('All of them', BrowserSessionList) },
    }),
    async (c) => {
      const principal = await permit(c, 'session.see');
      const records = await listSessions(c.env.DB, principal.id, Date.now());
      return c.json({ sessions: records.map((one) => toSession(one, principal)) }, 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'delete',
      path: '/',
      summary: 'Sign out everywhere but here',
      ...forAction('session.revoke'),
      responses: { 204: { description: 'No other browser is signed in as you now' } },
    }),
    async (c) => {
      const { id: userId, sessionId } = await permit(c, 'session.revoke');
      for (const id of await revokeOtherSessions(c.env.DB, userId, sessionId)) {
        noteRevoked(c, id);
        await turnAwayFromRooms(c.env, { userId, holder: id }, 'signed_out');
      }
      return c.body(null, 204);
    },
  )
  .openapi(
    createRoute({
      method: 'delete',
      path: '/{id}',
      summary: 'Sign one browser out, at once',
      ...forAction('session.revoke'),
      request: { params: z.object({ id: BrowserSessionId }) },
      responses: { 204: { description: 'The browser is nobody at its next request' }, ...refusals('not_found') },
    }),
    async (c) => {
      const { id: userId, sessionId } = await permit(c, 'session.revoke');
      const { id } = c.req.valid('param');
      if (!(await revokeSession(c.env.DB, { id, userId }))) {
        throw new FootlightError('not_found', `You have no session ${id}. It may have ended already.`);
      }
      noteRevoked(c, id);
      await turnAwayFromRooms(c.env, { userId, holder: id }, 'signed_out');
      return c.body(null, 204, id === sessionId ? { 'Set-Cookie': dropSessionCookie(baseUrl(c)) } : {});
    },
  );

const UNCACHED = { 'Cache-Control': 'private, no-store' };

const noteRevoked = (c: AppContext, id: BrowserSessionId): void =>
  note(c, { action: 'session.revoked', target: { type: 'session', id } });

const toSession = (
  { createdAtMs, lastUsedAtMs, expiresAtMs, ...session }: SessionRecord,
  { sessionId }: Principal,
): BrowserSession => ({
  ...session,
  createdAt: new Date(createdAtMs).toISOString(),
  lastUsedAt: new Date(lastUsedAtMs).toISOString(),
  expiresAt: new Date(expiresAtMs).toISOString(),
  isCurrent: session.id === sessionId,
});
