// Who am I? And, in local mode only, sign in as one of the seeded people.
import { createRoute } from '@hono/zod-openapi';
import { signAccessToken } from '../auth/access-token.ts';
import { castMember, LOCAL_CAST } from '../auth/local-cast.ts';
import { dropSessionCookie, makeSessionCookie, requireSameOrigin } from '../auth/session-cookie.ts';
import { signingKey } from '../auth/signing-key.ts';
import { Session, SignIn } from '../protocol/claims.ts';
import { FootlightError } from '../protocol/errors.ts';
import { findUser, keepUser, type UserRecord } from '../storage/users.ts';
import { type AppContext, baseUrl } from './context.ts';
import { apiResource } from './guards/api.ts';
import { json, refusals } from './openapi.ts';

const SESSION_SECONDS = 12 * 60 * 60;

export const session = apiResource();

session.openapi(
  createRoute({
    method: 'get',
    path: '/',
    summary: 'Who is signed in, and how one may sign in here',
    responses: { 200: json('The session', Session) },
  }),
  (c) => c.json(describe(c, c.get('principal')), 200, UNCACHED),
);

session.openapi(
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
    const base = baseUrl(c);
    const nowMs = Date.now();
    // Another site must not sign its visitor in as somebody here; a sender without a browser has no such visitor.
    requireSameOrigin({ request: c.req.raw, env: c.env, base, nowMs }, { whenUnknown: 'allow' });
    const user = await seededUser(c, c.req.valid('json').user, nowMs);
    const token = await signAccessToken(await signingKey(c.env.TOKEN_KEY), {
      base,
      userId: user.id,
      clientId: 'footlight-web',
      nowSeconds: Math.floor(nowMs / 1000),
      lifetimeSeconds: SESSION_SECONDS,
    });
    return c.json(describe(c, user), 200, {
      ...UNCACHED,
      'Set-Cookie': makeSessionCookie(base, token, SESSION_SECONDS),
    });
  },
);

session.openapi(
  createRoute({
    method: 'delete',
    path: '/',
    summary: 'Sign out',
    responses: { 204: { description: 'Nobody is signed in' } },
  }),
  (c) => c.body(null, 204, { 'Set-Cookie': dropSessionCookie(baseUrl(c)) }),
);

const UNCACHED = { 'Cache-Control': 'private, no-store' };

async function seededUser(c: AppContext, handle: string, nowMs: number): Promise<UserRecord> {
  const member = castMember(handle);
  if (!member) {
    const known = LOCAL_CAST.map((one) => one.handle).join(', ');
    throw new FootlightError('invalid_request', `There is no seeded user ${handle}. Known are ${known}.`, {
      issues: [{ path: 'user', message: `must be one of ${known}` }],
    });
  }
  const { about: _about, ...user } = member;
  await keepUser(c.env.DB, user, nowMs);
  const account = await findUser(c.env.DB, user.id);
  if (!account) throw new FootlightError('forbidden', `${user.name} was erased here. Choose somebody else.`);
  return account;
}

const describe = (c: AppContext, user: UserRecord | null): Session => ({
  user: user && { id: user.id, handle: user.handle, name: user.name, role: user.platformRole },
  localSignIn:
    c.env.MODE === 'local' ? { users: LOCAL_CAST.map(({ handle, name, about }) => ({ handle, name, about })) } : null,
});
