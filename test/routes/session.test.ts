import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { app } from '../../src/app.ts';
import { Session } from '../../src/protocol/claims.ts';
import { as, BASE, call, openStream, problemOf, tokenOf } from './support.ts';

const signIn = async (user: string, headers: Record<string, string> = { Origin: BASE }) =>
  call('/api/v1/session', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ user }),
  });

const cookieOf = async (user: string) => (await signIn(user)).headers.get('Set-Cookie')!.split(';')[0]!;

const inMode = (mode: Env['MODE'], base: string, path: string, init?: RequestInit) =>
  app.fetch(new Request(base + path, init), { ...env, MODE: mode, PUBLIC_URL: base }, createExecutionContext());

describe('the session', () => {
  it('says that nobody is signed in, and who could be', async () => {
    const session = Session.parse(await (await as(null, 'GET', '/api/v1/session')).json());
    expect(session.user).toBeNull();
    expect(session.localSignIn?.users.map(({ handle }) => handle)).toEqual(['ada', 'ben', 'cleo', 'mod', 'root']);
  });

  it('signs a seeded person in with a cookie that scripts cannot read', async () => {
    const response = await signIn('ada');
    expect(response.status).toBe(200);
    const cookie = response.headers.get('Set-Cookie')!;
    expect(cookie).toMatch(/^footlight=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/);
    const headers = { Cookie: cookie.split(';')[0]! };
    const session = Session.parse(await (await call('/api/v1/session', { headers })).json());
    expect(session.user).toEqual({ id: 'us_ada0', handle: 'ada', name: 'Ada', role: 'viewer' });
  });

  it('is dropped by signing out', async () => {
    const response = await call('/api/v1/session', {
      method: 'DELETE',
      headers: { Cookie: await cookieOf('ada'), Origin: BASE },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get('Set-Cookie')).toContain('footlight=; Max-Age=0');
  });

  it('knows nobody outside the cast', async () => {
    const problem = await problemOf(await signIn('eve'));
    expect(problem.detail).toContain('ada, ben, cleo, mod, root');
  });

  it('is not opened for a page of another site', async () => {
    expect((await problemOf(await signIn('ada', { Origin: 'https://evil.test' }))).code).toBe('forbidden');
    expect((await problemOf(await signIn('ada', { 'Sec-Fetch-Site': 'cross-site' }))).code).toBe('forbidden');
  });

  it('is opened for a program, which sends no origin', async () => {
    expect((await signIn('ben', {})).status).toBe(200);
  });

  it('offers no sign-in by name in production', async () => {
    const body = JSON.stringify({ user: 'root' });
    const init = {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/json', Origin: 'https://stage.test' },
    };
    const refused = await inMode('production', 'https://stage.test', '/api/v1/session', init);
    expect((await problemOf(refused)).code).toBe('forbidden');
    const session = Session.parse(await (await inMode('production', 'https://stage.test', '/api/v1/session')).json());
    expect(session).toEqual({ user: null, providers: [], localSignIn: null });
  });

  it('uses a host-bound secure cookie on https', async () => {
    const body = JSON.stringify({ user: 'ada' });
    const init = {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/json', Origin: 'https://stage.test' },
    };
    const response = await inMode('local', 'https://stage.test', '/api/v1/session', init);
    expect(response.headers.get('Set-Cookie')).toMatch(
      /^__Host-footlight=.*; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    );
  });
});

describe('a request with the session cookie', () => {
  const change = async (headers: Record<string, string>) => {
    const { id } = await openStream('ada');
    return call(`/api/v1/streams/${id}`, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json', Cookie: await cookieOf('ada'), ...headers },
      body: JSON.stringify({ title: 'From a page' }),
    });
  };

  it('may change things from our own pages', async () => {
    expect((await change({ Origin: BASE })).status).toBe(200);
    expect((await change({ 'Sec-Fetch-Site': 'same-origin' })).status).toBe(200);
  });

  it.each([
    ['another site', { Origin: 'https://evil.test' }],
    ['another site that says it is ours', { Origin: 'https://evil.test', 'Sec-Fetch-Site': 'same-origin' }],
    ['a subdomain', { 'Sec-Fetch-Site': 'same-site' }],
    ['an opaque origin', { Origin: 'null' }],
    ['a sender that names no origin', {}],
  ])('changes nothing when it comes from %s', async (_where, headers) => {
    expect((await problemOf(await change(headers as Record<string, string>))).code).toBe('forbidden');
  });

  it('is nobody when the cookie is broken, so that the page can offer the sign-in', async () => {
    const response = await call('/api/v1/session', { headers: { Cookie: 'footlight=broken; other=1' } });
    expect(Session.parse(await response.json()).user).toBeNull();
  });
});

describe('an access token', () => {
  it('is refused where its scope does not reach', async () => {
    const response = await call('/api/v1/streams', {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${await tokenOf('ada', ['streams:read'])}`,
        'Content-Type': 'application/json',
      },
      body: JSON.stringify({ title: 'x' }),
    });
    expect((await problemOf(response)).detail).toContain('streams:write');
  });

  it('that is wrong is refused even where none is needed', async () => {
    const response = await call('/api/v1/streams', { headers: { Authorization: 'Bearer wrong' } });
    expect((await problemOf(response)).code).toBe('unauthenticated');
    expect(response.headers.get('WWW-Authenticate')).toBe('Bearer realm="footlight", error="invalid_token"');
  });
});
