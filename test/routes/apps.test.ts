import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it } from 'vitest';
import { app as worker } from '../../src/app.ts';
import type { CreatedStream } from '../../src/protocol/api.ts';
import type { AuditEntry } from '../../src/protocol/audit.ts';
import { App, RegisteredApp } from '../../src/protocol/oauth.ts';
import { botTokenOf, connected, newApp, refresh, registerApp, type Tokens, withToken } from './oauth-support.ts';
import { as, authorize, BASE, call, problemOf, tokenOf } from './support.ts';

const change = async (path: string, tag: string, body: object): Promise<Response> =>
  call(path, {
    method: 'PATCH',
    headers: {
      Authorization: `Bearer ${await tokenOf('ada')}`,
      'Content-Type': 'application/json',
      'If-Match': tag,
    },
    body: JSON.stringify(body),
  });

afterEach(async () => {
  await env.DB.prepare('DELETE FROM apps').run();
});

describe('an app', () => {
  it('is registered with a secret that is shown once', async () => {
    const response = await as('ada', 'POST', '/api/v1/apps', newApp());
    expect(response.status).toBe(201);
    const app = RegisteredApp.parse(await response.json());
    expect(app.clientSecret).toMatch(/^as_[\w-]{43}$/);
    expect(response.headers.get('Location')).toBe(`/api/v1/apps/${app.id}`);
    const again = await (await as('ada', 'GET', `/api/v1/apps/${app.id}`)).json();
    expect(App.parse(again)).toEqual(App.parse(app));
    expect(again).not.toHaveProperty('clientSecret');
    expect(await (await as('ada', 'GET', '/api/v1/apps')).json()).toEqual({ apps: [again] });
  });

  it('that is public has neither a secret nor a bot', async () => {
    const app = await registerApp({ type: 'public' });
    expect(app).toMatchObject({ clientSecret: null, botId: null });
    expect((await problemOf(await as('ada', 'POST', `/api/v1/apps/${app.id}/secret`))).code).toBe('conflict');
  });

  it('is changed by its owner, and by nobody who read an older state of it', async () => {
    const { id, botId } = await registerApp();
    const path = `/api/v1/apps/${id}`;
    const tag = (await as('ada', 'GET', path)).headers.get('ETag')!;
    const changed = await as('ada', 'PATCH', path, { name: 'Clock', scopes: ['streams:read'] });
    expect(await changed.json()).toMatchObject({ name: 'Clock', scopes: ['streams:read'] });
    const bot = await env.DB.prepare('SELECT name FROM users WHERE id = ?').bind(botId).first();
    expect(bot).toEqual({ name: 'Clock' });
    const newer = (await as('ada', 'GET', path)).headers.get('ETag')!;
    expect((await problemOf(await change(path, tag, { name: 'Late' }))).code).toBe('stale_etag');
    const both = await Promise.all(['One', 'Two'].map((name) => change(path, newer, { name })));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
  });

  it('never shows a secret that another request has just replaced', async () => {
    const { id } = await registerApp();
    const both = await Promise.all([1, 2].map(() => as('ada', 'POST', `/api/v1/apps/${id}/secret`)));
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  it('of somebody else is not there', async () => {
    const path = `/api/v1/apps/${(await registerApp()).id}`;
    for (const [method, where, body] of [
      ['GET', path],
      ['PATCH', path, { name: 'Mine' }],
      ['DELETE', path],
      ['POST', `${path}/secret`],
    ] as const) {
      expect((await problemOf(await as('ben', method, where, body))).code, method).toBe('not_found');
    }
    expect((await as('ada', 'GET', path)).status).toBe(200);
  });

  it('that is deleted takes along what its bot had: the key, the stream and the webhooks', async () => {
    const app = await registerApp({ scopes: ['streams:read', 'streams:write', 'channel:manage:keys'] });
    const token = await botTokenOf(app);
    const opened = await withToken(token, '/api/v1/streams', 'POST', { title: 'By a bot' });
    const { id, streamKey } = (await opened.json()) as CreatedStream;
    await env.DB.prepare(
      `INSERT INTO webhooks (id, owner_id, url, events, secret, enabled, created_at_ms)
       VALUES ('wh_ofbot', ?, 'https://hooks.test/', '[]', '', 0, 1)`,
    )
      .bind(app.botId)
      .run();
    expect((await authorize(streamKey!)).status).toBe(200);
    expect((await as('ada', 'DELETE', `/api/v1/apps/${app.id}`)).status).toBe(204);
    expect((await authorize(streamKey!)).status).toBe(401);
    expect((await withToken(token)).status).toBe(401);
    expect(await (await as(null, 'GET', `/api/v1/streams/${id}`)).json()).toMatchObject({ state: 'ended' });
    const left = await env.DB.prepare('SELECT id FROM webhooks WHERE owner_id = ?').bind(app.botId).all();
    expect(left.results).toEqual([]);
    // A key that was under way at the deletion and is stored after it.
    await env.DB.prepare('UPDATE stream_keys SET revoked_at_ms = NULL').run();
    expect((await authorize(streamKey!)).status).toBe(401);
  });

  it.each([
    ['over http', ['http://app.test/callback']],
    ['that is a script', ['javascript:alert(1)']],
    ['with a wildcard', ['https://*.test/']],
    ['that is good and one that is not', ['https://app.test/', 'ftp://app.test/']],
  ])('cannot be sent to an address %s', async (_what, redirectUris) => {
    const problem = await problemOf(await as('ada', 'POST', '/api/v1/apps', newApp({ redirectUris })));
    expect(problem.code).toBe('invalid_request');
    expect(problem.issues?.[0]?.path).toMatch(/^redirectUris\.\d$/);
    const { id } = await registerApp();
    expect((await as('ada', 'PATCH', `/api/v1/apps/${id}`, { redirectUris })).status).toBe(400);
  });
});

describe('the audit log', () => {
  it('is told of apps, tokens and thefts, by whom and for whom', async () => {
    const { app, tokens } = await connected();
    const entries: AuditEntry[] = [];
    const AUDIT = { send: async (entry: AuditEntry) => void entries.push(entry) } as unknown as Env['AUDIT'];
    const post = (form: Record<string, string>) =>
      worker.fetch(
        new Request(`${BASE}/oauth/token`, {
          method: 'POST',
          body: new URLSearchParams({ client_id: app.id, client_secret: app.clientSecret!, ...form }),
        }),
        { ...env, AUDIT },
        createExecutionContext(),
      );
    const first = (await (
      await post({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token })
    ).json()) as Tokens;
    await refresh(app, first.refresh_token);
    await post({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token });
    expect(entries.map(({ action, actor, target }) => [action, actor.kind, actor.id, target?.type])).toEqual([
      ['token.issued', 'app', app.id, 'user'],
      ['grant.reuse_detected', 'app', app.id, 'grant'],
    ]);
    expect(JSON.stringify(entries)).not.toMatch(/rt_|as_|eyJ/);
  });
});
