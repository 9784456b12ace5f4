import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { app } from '../../src/app.ts';
import { signAccessToken } from '../../src/auth/access-token.ts';
import { castMember } from '../../src/auth/local-cast.ts';
import { signingKey } from '../../src/auth/signing-key.ts';
import { Session } from '../../src/protocol/claims.ts';
import { type BrowserSession, BrowserSessionList } from '../../src/protocol/sign-in.ts';
import { as, BASE, call, problemOf } from './support.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile/15E148 Safari/604.1';

/** Signs in and returns the cookie; `cookie`: the one that the browser has already. */
async function signIn(user: string, { userAgent = CHROME, cookie = '' } = {}): Promise<string> {
  const response = await call('/api/v1/session', {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'User-Agent': userAgent,
      'CF-Connecting-IP': '203.0.113.77',
      Origin: BASE,
      ...(cookie && { Cookie: cookie }),
    },
    body: JSON.stringify({ user }),
  });
  expect(response.status).toBe(200);
  return response.headers.get('Set-Cookie')!.split(';')[0]!;
}

const withCookie = (cookie: string, method: string, path: string): Promise<Response> =>
  call(path, { method, headers: { Cookie: cookie, Origin: BASE } });

const whoIs = async (cookie: string): Promise<string | undefined> =>
  Session.parse(await (await withCookie(cookie, 'GET', '/api/v1/session')).json()).user?.handle;

const listOf = async (cookie: string): Promise<BrowserSession[]> =>
  BrowserSessionList.parse(await (await withCookie(cookie, 'GET', '/api/v1/sessions')).json()).sessions;

describe('the browsers that one is signed in with', () => {
  it('are listed with device and network, and which of them asks', async () => {
    const [desk, phone] = [await signIn('cleo'), await signIn('cleo', { userAgent: IPHONE })];
    const list = await listOf(desk);
    expect(list).toHaveLength(2);
    expect(list.find(({ isCurrent }) => isCurrent)).toMatchObject({
      device: 'Chrome on Linux',
      network: '203.0.113.0/24',
    });
    expect(list.find(({ isCurrent }) => !isCurrent)).toMatchObject({ device: 'Safari on an iPhone' });
    expect((await listOf(phone)).find(({ isCurrent }) => isCurrent)?.device).toBe('Safari on an iPhone');
    expect(JSON.stringify(list)).not.toContain('203.0.113.77');
  });

  it('are those of nobody else', async () => {
    const [ada, ben] = [await signIn('ada'), await signIn('ben')];
    const [{ id }] = (await listOf(ada)) as [BrowserSession];
    expect((await listOf(ben)).map((one) => one.id)).not.toContain(id);
    expect((await problemOf(await withCookie(ben, 'DELETE', `/api/v1/sessions/${id}`))).code).toBe('not_found');
    expect(await whoIs(ada)).toBe('ada');
  });

  it('are kept as a hash: the database opens no session', async () => {
    const cookie = await signIn('ada');
    const rows = JSON.stringify((await env.DB.prepare('SELECT * FROM sessions').all()).results);
    expect(rows).not.toContain(cookie.split('=')[1]);
  });

  it('are a hundred at most: the one that was used least recently gives way', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const first = await signIn('mod');
    const { results } = await env.DB.prepare("SELECT id FROM sessions WHERE user_id = 'us_mod0'").all();
    const fill = env.DB.prepare(
      "INSERT INTO sessions (id, secret_hash, user_id, device, created_at_ms, last_used_at_ms, expires_at_ms) VALUES (?1, ?1, 'us_mod0', 'x', ?2, ?2, ?2 + 1000000)",
    );
    const later = Date.now() + 1000;
    await env.DB.batch(
      Array.from({ length: 100 - results.length }, (_, index) => fill.bind(`bs_fill${index + 1000}`, later)),
    );
    expect(await whoIs(first)).toBe('mod');
    vi.setSystemTime(later + 1000);
    const newest = await signIn('mod');
    expect(await whoIs(first)).toBeUndefined();
    expect(await listOf(newest)).toHaveLength(100);
  });
});

describe('a session', () => {
  it('that is revoked from elsewhere is nobody at its next request', async () => {
    const [here, there] = [await signIn('ben'), await signIn('ben', { userAgent: IPHONE })];
    const other = (await listOf(there)).find(({ isCurrent }) => isCurrent)!;
    expect((await withCookie(here, 'DELETE', `/api/v1/sessions/${other.id}`)).status).toBe(204);
    expect(await whoIs(there)).toBeUndefined();
    expect((await withCookie(there, 'GET', '/api/v1/sessions')).status).toBe(401);
    expect(await whoIs(here)).toBe('ben');
    expect((await problemOf(await withCookie(here, 'DELETE', `/api/v1/sessions/${other.id}`))).code).toBe('not_found');
  });

  it('can sign all others out', async () => {
    const [here, ...others] = [await signIn('root'), await signIn('root'), await signIn('root')];
    expect((await withCookie(here!, 'DELETE', '/api/v1/sessions')).status).toBe(204);
    expect(await listOf(here!)).toMatchObject([{ isCurrent: true }]);
    for (const other of others) expect(await whoIs(other)).toBeUndefined();
  });

  it('can end itself, and its cookie goes with it', async () => {
    const cookie = await signIn('ben');
    const { id } = (await listOf(cookie)).find(({ isCurrent }) => isCurrent)!;
    const response = await withCookie(cookie, 'DELETE', `/api/v1/sessions/${id}`);
    expect(response.headers.get('Set-Cookie')).toContain('footlight=; Max-Age=0');
    expect(await whoIs(cookie)).toBeUndefined();
  });

  it('has ended once its person has signed out: the cookie alone opens nothing', async () => {
    const cookie = await signIn('ben');
    expect((await withCookie(cookie, 'DELETE', '/api/v1/session')).status).toBe(204);
    expect(await whoIs(cookie)).toBeUndefined();
  });

  it('is a new one at each sign-in, and the one that the browser had before has ended', async () => {
    const before = await signIn('ada');
    const after = await signIn('ben', { cookie: before });
    expect(after).not.toBe(before);
    expect(await whoIs(before)).toBeUndefined();
    expect(await whoIs(after)).toBe('ben');
  });

  it('ends after thirty days, used or not', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const cookie = await signIn('ada');
    const ends = Date.now() + 30 * 24 * 60 * 60_000;
    vi.setSystemTime(ends - 1);
    expect(await whoIs(cookie)).toBe('ada');
    vi.setSystemTime(ends);
    expect(await whoIs(cookie)).toBeUndefined();
  });

  it('has ended once its person was erased', async () => {
    const cookie = await signIn('cleo');
    expect((await as('cleo', 'DELETE', '/api/v1/users/me', { confirm: 'cleo' })).status).toBe(200);
    expect(await whoIs(cookie)).toBeUndefined();
    expect((await env.DB.prepare("SELECT id FROM sessions WHERE user_id = 'us_cleo0'").all()).results).toEqual([]);
  });

  it('notes its use about once a minute', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const cookie = await signIn('ada');
    const begun = Date.now();
    const lastUse = async () => Date.parse((await listOf(cookie)).find(({ isCurrent }) => isCurrent)!.lastUsedAt);
    vi.setSystemTime(begun + 59_000);
    expect(await lastUse()).toBe(begun);
    vi.setSystemTime(begun + 60_000);
    expect(await lastUse()).toBe(begun + 60_000);
  });

  it('is not ended by a page of another site', async () => {
    const cookie = await signIn('ada');
    for (const path of ['/api/v1/session', '/api/v1/sessions']) {
      const response = await call(path, { method: 'DELETE', headers: { Cookie: cookie, Origin: 'https://evil.test' } });
      expect((await problemOf(response)).code).toBe('forbidden');
    }
    expect(await whoIs(cookie)).toBe('ada');
  });

  it.each(['', 'x', 'a'.repeat(43), `${'a'.repeat(5000)}`])('of a made-up cookie is nobody', async (secret) => {
    expect(await whoIs(`footlight=${secret}`)).toBeUndefined();
  });
});

describe('an app of somebody else', () => {
  it('neither sees nor ends sessions, whatever its scopes', async () => {
    const token = await signAccessToken(await signingKey(env.TOKEN_KEY), {
      base: BASE,
      userId: castMember('ada')!.id,
      clientId: 'ap_someapp1',
      nowSeconds: Math.floor(Date.now() / 1000),
      lifetimeSeconds: 60,
    });
    const headers = { Authorization: `Bearer ${token}` };
    for (const [method, path] of [
      ['GET', '/api/v1/sessions'],
      ['DELETE', '/api/v1/sessions'],
      ['DELETE', '/api/v1/sessions/bs_abcd'],
    ] as const) {
      expect((await problemOf(await call(path, { method, headers }))).code).toBe('forbidden');
    }
  });

  it('while a token of our own may: it signs all browsers out', async () => {
    const cookie = await signIn('ada');
    expect((await as('ada', 'DELETE', '/api/v1/sessions')).status).toBe(204);
    expect(await whoIs(cookie)).toBeUndefined();
  });
});

describe('the traces of sessions', () => {
  it('are left at the beginning and at the end', async () => {
    const actions: string[] = [];
    const AUDIT = {
      send: async ({ action }: { action: string }) => void actions.push(action),
    } as unknown as Env['AUDIT'];
    const ask = (method: string, headers: Record<string, string>, body: string | null = null) =>
      app.fetch(
        new Request(`${BASE}/api/v1/session`, { method, body, headers: { Origin: BASE, ...headers } }),
        { ...env, AUDIT },
        createExecutionContext(),
      );
    const response = await ask('POST', { 'Content-Type': 'application/json' }, '{"user":"ada"}');
    await ask('DELETE', { Cookie: response.headers.get('Set-Cookie')!.split(';')[0]! });
    expect(actions).toEqual(['session.created', 'session.revoked']);
  });
});
