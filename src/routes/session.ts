// Who am I? And signing out; in local mode, signing in as one of the seeded people without a provider.
import { createRoute } from '@hono/zod-openapi';
import { castAccount } from '../auth/cast-account.ts';
import { castMember, LOCAL_CAST } from '../auth/local-cast.ts';
import { requireSameOrigin } from '../auth/same-origin.ts';
import { dropSessionCookie } from '../auth/session-cookie.ts';
import { signInProviders } from '../auth/sign-in/settings.ts';
import { Session, SignIn } from '../protocol/claims.ts';
import { FootlightError } from '../protocol/errors.ts';
import { revokeSession } from '../storage/sessions.ts';
import type { UserRecord } from '../storage/users.ts';
import { note } from './audit-note.ts';
import { type AppContext, baseUrl } from './context.ts';
import { apiResource } from './guards/api.ts';
import { json, refusals } from './openapi.ts';
import { turnAwayFromRooms } from './room/telling.ts';
import { signInBrowser } from './sign-in-browser.ts';

export const session = apiResource()
  .openapi(
    createRoute({
      method: 'get',
      path: '/',
      summary: 'Who is signed in, and how one may sign in here',
      responses: { 200: json('The session', Session) },
    }),
    (c) => c.json(describe(c, c.get('principal')), 200, UNCACHED),
  )
  .openapi(
    createRoute({
      method: 'post',
      path: '/',
      summary: 'Sign in as a seeded person; local mode only',
      request: { body: { required: true, content: { 'application/json': { schema: SignIn } } } },
      responses: { 200: json('The session; its cookie is set', Session), ...refusals('forbidden') },
    }),
    async (c) => {
      if (c.env.MODE !== 'local') {
        throw new FootlightError('forbidden', 'Signing in by name exists in local mode only. Send an access token.');
      }
      // Another site must not sign its visitor in as somebody here; a sender without a browser has no such visitor.
      requireSameOrigin({ request: c.req.raw, base: baseUrl(c) }, { whenUnknown: 'allow' });
      const user = await seededUser(c, c.req.valid('json').user);
      const setCookie = await signInBrowser(c, { user, reason: null });
      return c.json(describe(c, user), 200, { ...UNCACHED, 'Set-Cookie': setCookie });
    },
  )
  .openapi(
    createRoute({
      method: 'delete',
      path: '/',
      summary: 'Sign out',
      responses: { 204: { description: 'Nobody is signed in' }, ...refusals('forbidden') },
    }),
    async (c) => {
      const principal = c.get('principal');
      if (principal?.sessionId) {
        await revokeSession(c.env.DB, { id: principal.sessionId, userId: principal.id });
        note(c, {
          action: 'session.revoked',
          target: { type: 'session', id: principal.sessionId },
          reason: 'signed out',
        });
        await turnAwayFromRooms(c.env, { userId: principal.id, holder: principal.sessionId }, 'signed_out');
      }
      return c.body(null, 204, { 'Set-Cookie': dropSessionCookie(baseUrl(c)) });
    },
  );

const UNCACHED = { 'Cache-Control': 'private, no-store' };

async function seededUser(c: AppContext, handle: string): Promise<UserRecord> {
  const member = castMember(handle);
  if (!member) {
    const known = LOCAL_CAST.map((one) => one.handle).join(', ');
    throw new FootlightError('invalid_request', `There is no seeded user ${handle}. Known are ${known}.`, {
      issues: [{ path: 'user', message: `must be one of ${known}` }],
    });
  }
  const account = await castAccount(c.env.DB, member, Date.now());
  if (!account) throw new FootlightError('forbidden', `${member.name} was erased here. Choose somebody else.`);
  return account;
}

const describe = (c: AppContext, user: UserRecord | null): Session => ({
  user: user && { id: user.id, handle: user.handle, name: user.name, role: user.platformRole },
  providers: signInProviders(c.env).map(({ id, name }) => ({
    id,
    name,
    startUrl: `${baseUrl(c)}/auth/${id}/start`,
  })),
  localSignIn:
    c.env.MODE === 'local' ? { users: LOCAL_CAST.map(({ handle, name, about }) => ({ handle, name, about })) } : null,
});
