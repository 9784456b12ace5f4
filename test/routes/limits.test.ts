// Who shares a limit with whom: accounts with nobody, people whom nobody knows with their network, users of a public app with those near them.
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connected, oauthError, registerApp } from './oauth-support.ts';
import { call, problemOf } from './support.ts';

const IPV6 = ['2001:db8:7::1', '2001:db8:7:ffff::2'];
const ELSEWHERE = '2001:db8:8::1';

/** The keys that are used up. */
const full = new Set<string>();
beforeEach(() => {
  for (const limit of [env.WRITE_LIMIT, env.NETWORK_LIMIT]) {
    vi.spyOn(limit, 'limit').mockImplementation(async ({ key }: { key: string }) => ({ success: !full.has(key) }));
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  full.clear();
});

const from = (address: string, path: string, init: RequestInit = {}) =>
  call(path, { redirect: 'manual', ...init, headers: { ...init.headers, 'CF-Connecting-IP': address } });
const tokenRequest = (address: string, form: Record<string, string>) =>
  from(address, '/oauth/token', {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form),
  });

describe('somebody whom nobody knows', () => {
  it.each([
    ['writes', 'write', (address: string) => from(address, '/api/v1/session', { method: 'DELETE' })],
    ['asks for a token', 'oauth', (address: string) => tokenRequest(address, { client_id: 'ap_nobody' })],
  ])(
    'has the limit of their network, whichever of its addresses they take, and others have their own: %s',
    async (_what, name, ask) => {
      full.add(`${name}:2001:db8:7::/48`);
      for (const address of IPV6) expect((await ask(address)).status).toBe(429);
      expect((await ask(ELSEWHERE)).status).not.toBe(429);
    },
  );

  it('is told how many a network has', async () => {
    full.add('write:192.0.2.0/24');
    const refused = await from('192.0.2.7', '/api/v1/session', { method: 'DELETE' });
    expect(refused.headers.get('RateLimit-Policy')).toBe('"network";q=600;w=60');
    expect((await problemOf(refused)).code).toBe('rate_limited');
  });

  it('costs no look at the database beyond it', async () => {
    full.add('oauth:2001:db8:7::/48');
    const asked = vi.spyOn(env.DB, 'prepare');
    const response = await tokenRequest(IPV6[0]!, { client_id: 'ap_nobody' });
    expect(await oauthError(response)).toBe('temporarily_unavailable');
    expect(asked).not.toHaveBeenCalled();
  });
});

describe('the users of a public app', () => {
  it('are not locked out by somebody elsewhere who says its name', async () => {
    const { app, tokens } = await connected({ type: 'public' });
    const form = { client_id: app.id, grant_type: 'refresh_token', refresh_token: tokens.refresh_token };
    full.add(`oauth:${app.id}`).add(`oauth:${app.id}:2001:db8:7::/48`);
    expect((await tokenRequest(IPV6[0]!, form)).status).toBe(429);
    expect((await tokenRequest(ELSEWHERE, form)).status).toBe(200);
  });

  it('share nothing with a confidential app, whose limit is its own wherever it runs', async () => {
    const app = await registerApp();
    const form = { client_id: app.id, client_secret: app.clientSecret!, grant_type: 'client_credentials' };
    full.add(`oauth:${app.id}`);
    for (const address of [IPV6[0]!, ELSEWHERE]) expect((await tokenRequest(address, form)).status).toBe(429);
    // Who only says its name spends nothing of it.
    const wrong = await tokenRequest(ELSEWHERE, { ...form, client_secret: 'as_wrong' });
    expect(await oauthError(wrong)).toBe('invalid_client');
  });
});
