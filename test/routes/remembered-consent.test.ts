import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { HELD_MAX } from '../../src/domain/oauth/remembered-consent.ts';
import type { RegisteredApp } from '../../src/protocol/oauth.ts';
import { allow, CALLBACK, exchange, fromPage, registerApp, requestOf } from './oauth-support.ts';
import { call } from './support.ts';

const SCOPE = 'streams:read offline_access';

/** Where ben's browser is sent when the app brings him again; null: nobody is signed in there. */
async function broughtTo(query: string, handle: string | null = 'ben'): Promise<URL> {
  const path = `/oauth/authorize?${query}`;
  // Another site brought him: no origin of ours is named.
  const init = { redirect: 'manual', headers: { 'Sec-Fetch-Site': 'cross-site' } } as const;
  const response = handle ? await fromPage(handle, 'GET', path, undefined, init.headers) : await call(path, init);
  expect(response.status).toBe(303);
  expect(response.headers.get('Cache-Control')).toBe('no-store');
  return new URL(response.headers.get('Location')!);
}
const isAsked = async (query: string, handle?: string | null): Promise<boolean> =>
  (await broughtTo(query, handle)).pathname === '/consent';

/** An app that ben has allowed once, and that has taken its tokens. */
async function allowedOnce(settings: object = {}, redirectUri = CALLBACK): Promise<RegisteredApp> {
  const app = await registerApp(settings);
  const callback = await allow(requestOf(app.id, { scope: SCOPE, redirect_uri: redirectUri }));
  const code = callback.searchParams.get('code')!;
  const answer = await exchange(app, code, { redirect_uri: redirectUri });
  expect(answer.status).toBe(200);
  return app;
}

describe('a person who has allowed an app before', () => {
  it('is not asked again: the app has its code at once, with its state and our name', async () => {
    const app = await allowedOnce();
    const back = await broughtTo(requestOf(app.id, { scope: SCOPE, state: 'second' }));
    expect(back.origin + back.pathname).toBe(CALLBACK);
    expect(back.searchParams.get('state')).toBe('second');
    expect(back.searchParams.get('iss')).toBe('http://edge.test');
    const answer = await exchange(app, back.searchParams.get('code')!);
    expect(await answer.json()).toMatchObject({ scope: SCOPE });
  });

  it('is not asked for less, and is asked for more', async () => {
    const app = await allowedOnce();
    expect(await isAsked(requestOf(app.id, { scope: 'streams:read' }))).toBe(false);
    expect(await isAsked(requestOf(app.id, { scope: `${SCOPE} chat:write` }))).toBe(true);
  });

  it.each(['consent', 'login consent', 'login', 'select_account'])(
    'is asked when the app wants it: %s',
    async (prompt) => {
      const app = await allowedOnce();
      expect(await isAsked(requestOf(app.id, { scope: SCOPE, prompt }))).toBe(true);
    },
  );

  it('is asked again once they have taken every approval back', async () => {
    const app = await allowedOnce();
    expect(await isAsked(requestOf(app.id, { scope: SCOPE }))).toBe(false);
    const { grants } = (await (await fromPage('ben', 'GET', '/api/v1/grants')).json()) as {
      grants: { id: string; app: { id: string } }[];
    };
    const ofApp = grants.filter((grant) => grant.app.id === app.id);
    // The one that was asked for, and the one that was remembered.
    expect(ofApp).toHaveLength(2);
    for (const { id } of ofApp) await fromPage('ben', 'DELETE', `/api/v1/grants/${id}`);
    expect(await isAsked(requestOf(app.id, { scope: SCOPE }))).toBe(true);
  });

  it('is asked when the app holds more of them than anybody looks through', async () => {
    const app = await allowedOnce();
    await env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${HELD_MAX - 1})
       INSERT INTO grants (id, app_id, user_id, scopes, created_at_ms, used_at_ms, expires_at_ms)
       SELECT 'gr_many' || i, app_id, user_id, scopes, created_at_ms, used_at_ms, expires_at_ms FROM n, grants WHERE app_id = ?`,
    )
      .bind(app.id)
      .run();
    expect(await isAsked(requestOf(app.id, { scope: SCOPE }))).toBe(true);
    await env.DB.prepare("DELETE FROM grants WHERE id = 'gr_many1'").run();
    expect(await isAsked(requestOf(app.id, { scope: SCOPE }))).toBe(false);
  });

  it('is asked by another app, and nobody else answers for them', async () => {
    const app = await allowedOnce();
    const other = await registerApp();
    expect(await isAsked(requestOf(other.id, { scope: SCOPE }))).toBe(true);
    expect(await isAsked(requestOf(app.id, { scope: SCOPE }), 'cleo')).toBe(true);
    expect(await isAsked(requestOf(app.id, { scope: SCOPE }), null)).toBe(true);
  });

  it.each([
    ['a page or a program without a secret', { type: 'public' }, CALLBACK],
    ['a program of this machine', { redirectUris: ['http://127.0.0.1/callback'] }, 'http://127.0.0.1:4711/callback'],
    ['a program with a scheme of its own', { redirectUris: ['test.app:/callback'] }, 'test.app:/callback'],
  ])('is asked each time by %s', async (_what, settings, redirectUri) => {
    const app = await allowedOnce(settings, redirectUri);
    expect(await isAsked(requestOf(app.id, { scope: SCOPE, redirect_uri: redirectUri }))).toBe(true);
  });
});
