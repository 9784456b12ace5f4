// The doors of signing in with a provider: out to it, and back from it. People come here in a browser.
import { Hono } from 'hono';
import { beginSignIn } from '../auth/sign-in/begin.ts';
import { finishSignIn } from '../auth/sign-in/finish.ts';
import type { RefusedSignIn } from '../auth/sign-in/refusals.ts';
import { signInProviders } from '../auth/sign-in/settings.ts';
import { readReturnTo } from '../domain/sign-in/return-to.ts';
import { FootlightError } from '../protocol/errors.ts';
import { SIGN_IN_PATH } from '../protocol/paths.ts';
import type { OidcProvider } from '../protocol/sign-in.ts';
import { note, noteRefusal } from './audit-note.ts';
import { type AppContext, type AppEnv, baseUrl } from './context.ts';
import { spendOfNetwork } from './guards/limits.ts';
import { signInBrowser } from './sign-in-browser.ts';

export const signIn = new Hono<AppEnv>();

signIn.get('/:provider/start', async (c) => {
  const provider = providerOf(c);
  const returnTo = returnToOf(c);
  // Each attempt is a row and a look at the provider.
  await spendOfNetwork(c, 'sign-in');
  const { DB: db } = c.env;
  const begun = await beginSignIn({
    db,
    request: c.req.raw,
    base: baseUrl(c),
    provider,
    returnTo,
    nowMs: Date.now(),
  });
  return begun.ok ? sendTo(c, begun.location, begun.setCookie) : refuse(c, provider, begun);
});

signIn.get('/:provider/callback', async (c) => {
  const provider = providerOf(c);
  await spendOfNetwork(c, 'sign-in');
  const base = baseUrl(c);
  const finished = await finishSignIn({ env: c.env, request: c.req.raw, base, provider, nowMs: Date.now() });
  if (!finished.ok) return refuse(c, provider, finished);
  const { user, isNew, raisedFrom, returnTo } = finished;
  const traces = { actor: { kind: 'user' as const, id: user.id, appId: null }, target: { type: 'user', id: user.id } };
  if (isNew) note(c, { ...traces, action: 'user.created', after: { handle: user.handle, provider: provider.id } });
  if (raisedFrom) {
    const change = { before: { role: raisedFrom }, after: { role: 'admin' } };
    note(c, { ...traces, ...change, action: 'user.role_changed', reason: 'named in ADMIN_IDENTITIES' });
  }
  return sendTo(c, base + returnTo, await signInBrowser(c, { user, reason: `through ${provider.id}` }));
});

function providerOf(c: AppContext): OidcProvider {
  const id = c.req.param('provider');
  const provider = signInProviders(c.env).find((one) => one.id === id);
  if (provider) return provider;
  throw new FootlightError(
    'not_found',
    `There is no sign-in provider ${id} here. See the sign-in page for those there are.`,
  );
}

function returnToOf(c: AppContext): string {
  const returnTo = readReturnTo(c.req.query('returnTo') ?? '/');
  if (returnTo !== null) return returnTo;
  throw new FootlightError('invalid_request', 'returnTo leads away from here. It must be a path of this site.', {
    issues: [{ path: 'returnTo', message: 'must begin with one slash and stay on this site' }],
  });
}

/** 303: whatever the browser did to come here, it goes on with a GET. */
const sendTo = (c: AppContext, location: string, setCookie?: string): Response =>
  c.body(null, 303, {
    Location: location,
    'Cache-Control': 'no-store',
    ...(setCookie !== undefined && { 'Set-Cookie': setCookie }),
  });

/** People get a page with words and the buttons again; a program gets the problem. */
function refuse(c: AppContext, provider: OidcProvider, { reason, detail, returnTo }: RefusedSignIn): Response {
  noteRefusal(c, { action: 'sign_in.refused', target: { type: 'provider', id: provider.id }, reason });
  const isPerson = (c.req.header('Accept') ?? '').includes('text/html');
  if (isPerson) {
    return sendTo(c, `${baseUrl(c)}${SIGN_IN_PATH}?${new URLSearchParams({ refused: reason, returnTo })}`);
  }
  throw new FootlightError(reason === 'provider_unreachable' ? 'provider_unreachable' : 'sign_in_refused', detail);
}
