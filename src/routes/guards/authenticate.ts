// Who is asking? Finds out once per request; a door then says what it needs.
import { createMiddleware } from 'hono/factory';
import { authenticate } from '../../auth/authenticators.ts';
import { readBearer } from '../../auth/bearer-token.ts';
import type { Principal } from '../../auth/principal.ts';
import { isSameSecret } from '../../auth/secrets.ts';
import type { Scope } from '../../protocol/claims.ts';
import { FootlightError } from '../../protocol/errors.ts';
import { type AppContext, type AppEnv, lookingOf } from '../context.ts';

export const identified = createMiddleware<AppEnv>(async (c, next) => {
  c.set('principal', await authenticate({ request: c.req.raw, ...lookingOf(c) }));
  await next();
});

/** The person who asks, when somebody is signed in and the credential was issued for this; `ours`: by no app of others. */
export function signedIn(c: AppContext, scope: Scope | 'ours'): Principal {
  const principal = c.get('principal');
  if (!principal)
    throw new FootlightError('unauthenticated', 'This needs a signed-in user. Sign in, or send an access token.');
  if (scope === 'ours') {
    if (principal.appId === null) return principal;
    throw new FootlightError('forbidden', 'An app may not do this for somebody. Do it on our own pages.');
  }
  if (!principal.scopes.has(scope)) {
    throw new FootlightError('forbidden', `The access token was not issued for ${scope}. Ask for one that is.`);
  }
  return principal;
}

/** Only our own transcoder nodes come in here. */
export const fromNode = createMiddleware<AppEnv>(async (c, next) => {
  if (!(await isSameSecret(readBearer(c.req.raw.headers), c.env.NODE_SECRET))) {
    throw new FootlightError(
      'unauthenticated',
      'This door is for transcoder nodes. Check that NODE_SECRET is the same on both sides.',
    );
  }
  await next();
});
