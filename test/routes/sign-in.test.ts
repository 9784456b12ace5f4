import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { app } from '../../src/app.ts';
import type { AuditEntry } from '../../src/protocol/audit.ts';
import { Session } from '../../src/protocol/claims.ts';
import { type FakeProvider, startProviders } from './fake-provider.ts';
import { problemOf } from './support.ts';

const BASE = 'https://stage.test';
/** Attempts are counted per address, and refusals per network; every test comes from its own. */
let address = 0;
let entries: AuditEntry[] = [];
let providers: Record<'north' | 'south', FakeProvider>;
let settings: Partial<Env> = {};

beforeEach(async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  providers = await startProviders(['north', 'south']);
  entries = [];
  settings = {};
  address += 1;
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** A browser: it keeps its cookies, and asks like one. */
class Visitor {
  readonly cookies = new Map<string, string>();

  async open(path: string, headers: Record<string, string> = {}): Promise<Response> {
    const context = createExecutionContext();
    const request = new Request(path.startsWith('http') ? path : BASE + path, {
      redirect: 'manual',
      headers: {
        Cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        'CF-Connecting-IP': `192.0.${address}.2`,
        ...headers,
      },
    });
    const response = await app.fetch(request, workerEnv(), context);
    await waitOnExecutionContext(context);
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value) this.cookies.set(name!, value);
      else this.cookies.delete(name!);
    }
    return response;
  }

  /** To the provider's door: where it would send the browser. */
  async leave(provider = 'north', returnTo = '/studio'): Promise<string> {
    const response = await this.open(`/auth/${provider}/start?returnTo=${encodeURIComponent(returnTo)}`);
    expect(response.status).toBe(303);
    return response.headers.get('Location')!;
  }

  async signIn(sub: string, more: object = {}): Promise<Response> {
    return this.open(
      providers.north.signIn(await this.leave(), { sub, name: 'Ida', email: 'ida@home.example', ...more }).href,
    );
  }

  async whoAmI(): Promise<Session['user']> {
    return Session.parse(await (await this.open('/api/v1/session')).json()).user;
  }
}

const workerEnv = (): Env => ({
  ...env,
  MODE: 'production',
  PUBLIC_URL: BASE,
  OIDC_PROVIDERS: JSON.stringify(Object.values(providers).map((one) => one.settings)),
  AUDIT: { send: async (entry: AuditEntry) => void entries.push(entry) } as unknown as Env['AUDIT'],
  ...settings,
});

const person = { sub: 'p1', name: 'Ida', email: 'ida@home.example' };

describe('the way to a provider', () => {
  it('is offered by name for each that is configured', async () => {
    const session = Session.parse(await (await new Visitor().open('/api/v1/session')).json());
    expect(session.providers).toEqual([
      { id: 'north', name: 'The north accounts', startUrl: `${BASE}/auth/north/start` },
      { id: 'south', name: 'The south accounts', startUrl: `${BASE}/auth/south/start` },
    ]);
  });

  it('asks for a code with PKCE, state and nonce, and binds the attempt to the browser', async () => {
    const visitor = new Visitor();
    const location = new URL(await visitor.leave());
    expect(location.origin + location.pathname).toBe('https://north.example/authorize');
    const asked = Object.fromEntries(location.searchParams);
    expect(asked).toMatchObject({
      client_id: 'footlight-at-north',
      response_type: 'code',
      redirect_uri: `${BASE}/auth/north/callback`,
      scope: 'openid profile email',
      code_challenge_method: 'S256',
    });
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked[name]).toMatch(/^[\w-]{43}$/);
    expect(visitor.cookies.get('__Host-footlight-sign-in')).toMatch(/^[\w-]{43}$/);
  });

  it.each(['https://evil.example', '//evil.example', '/\\evil.example', '/.//evil.example'])(
    'never leads away afterwards (%s)',
    async (returnTo) => {
      const response = await new Visitor().open(`/auth/north/start?returnTo=${encodeURIComponent(returnTo)}`);
      expect((await problemOf(response)).code).toBe('invalid_request');
    },
  );

  it('is 404 for a provider that is not configured', async () => {
    expect((await problemOf(await new Visitor().open('/auth/east/start'))).code).toBe('not_found');
  });

  it('says so when the provider is away', async () => {
    // Its metadata is not remembered here yet.
    settings = { OIDC_PROVIDERS: JSON.stringify([{ ...providers.north.settings, issuer: 'https://away.example' }]) };
    expect((await problemOf(await new Visitor().open('/auth/north/start'))).code).toBe('provider_unreachable');
    const forPeople = await new Visitor().open('/auth/north/start?returnTo=/studio', { Accept: 'text/html' });
    expect(forPeople.headers.get('Location')).toBe(`${BASE}/sign-in?refused=provider_unreachable&returnTo=%2Fstudio`);
  });

  it('does not exist over http in production', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    settings = { OIDC_PROVIDERS: JSON.stringify([{ ...providers.north.settings, issuer: 'http://north.example' }]) };
    expect((await new Visitor().open('/auth/north/start')).status).toBe(500);
  });

  it('is slowed down for a network that knocks without end, and for no other', async () => {
    const visitor = new Visitor();
    const knocks = new Map<string, number>();
    const limit = async ({ key }: { key: string }) => {
      knocks.set(key, (knocks.get(key) ?? 0) + 1);
      return { success: knocks.get(key)! <= 3 };
    };
    settings = { NETWORK_LIMIT: { limit } as unknown as RateLimit };
    const knock = async (address: string) =>
      (await visitor.open('/auth/north/start', { 'CF-Connecting-IP': address })).status;
    for (const part of ['1', '2', 'ffff']) expect(await knock(`2001:db8:7:${part}::1`)).toBe(303);
    expect(await knock('2001:db8:7:5::1')).toBe(429);
    expect(await knock('2001:db8:8::1')).toBe(303);
  });
});

describe('somebody who comes back from the provider', () => {
  it('is signed in, with an account of their own, where they wanted to be', async () => {
    const visitor = new Visitor();
    const response = await visitor.signIn('p-new', { preferred_username: 'ida' });
    expect([response.status, response.headers.get('Location')]).toEqual([303, `${BASE}/studio`]);
    const cookie = response.headers.getSetCookie().find((one) => one.startsWith('__Host-footlight='))!;
    expect(cookie).toMatch(/^__Host-footlight=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
    expect(await visitor.whoAmI()).toMatchObject({ handle: 'ida', name: 'Ida', role: 'viewer' });
    expect(entries.map(({ action }) => action)).toEqual(['user.created', 'session.created']);
    expect(entries[1]).toMatchObject({
      actor: { kind: 'user' },
      network: `192.0.${address}.0/24`,
      reason: 'through north',
    });
  });

  it('finds the same account again, whatever else the provider says by then', async () => {
    const [first, second] = [new Visitor(), new Visitor()];
    await first.signIn('p-same', { preferred_username: 'sam' });
    await second.signIn('p-same', { preferred_username: 'other', email: 'new@home.example' });
    expect((await second.whoAmI())?.id).toBe((await first.whoAmI())?.id);
  });

  it('is somebody else at another provider, same address or not', async () => {
    const [north, south] = [new Visitor(), new Visitor()];
    await north.signIn('p-mail', { email: 'one@home.example', email_verified: true });
    const back = providers.south.signIn(await south.leave('south'), {
      sub: 'p-mail',
      name: 'Ida',
      email: 'one@home.example',
      email_verified: true,
    });
    await south.open(back.href);
    expect((await south.whoAmI())!.id).not.toBe((await north.whoAmI())!.id);
  });

  it('gets a handle that nobody has', async () => {
    const handles = [];
    for (const sub of ['h1', 'h2', 'h3']) {
      const visitor = new Visitor();
      await visitor.signIn(sub, { preferred_username: 'pat' });
      handles.push((await visitor.whoAmI())!.handle);
    }
    expect(handles[0]).toBe('pat');
    expect(handles[1]).toMatch(/^pat_[a-z2-9]{4}$/);
    expect(new Set(handles).size).toBe(3);
  });

  it('is asked about at the provider when the id token says too little', async () => {
    providers.north.userInfo = { sub: 'p-quiet', name: 'Quiet Quinn', preferred_username: 'quinn' };
    const visitor = new Visitor();
    await visitor.signIn('p-quiet', { name: undefined, email: undefined });
    expect(await visitor.whoAmI()).toMatchObject({ handle: 'quinn', name: 'Quiet Quinn' });
  });

  it('is told when they changed their mind at the provider', async () => {
    const visitor = new Visitor();
    const state = new URL(await visitor.leave()).searchParams.get('state')!;
    const query = new URLSearchParams({ error: 'access_denied', state, iss: 'https://north.example' });
    const response = await visitor.open(`/auth/north/callback?${query}`, { Accept: 'text/html' });
    expect(response.headers.get('Location')).toBe(`${BASE}/sign-in?refused=cancelled&returnTo=%2Fstudio`);
    expect(await visitor.whoAmI()).toBeNull();
    expect(entries).toMatchObject([{ action: 'sign_in.refused', reason: 'cancelled', actor: { kind: 'nobody' } }]);
  });

  it('may have begun twice, in two tabs', async () => {
    const visitor = new Visitor();
    const [first, second] = [await visitor.leave(), await visitor.leave()];
    expect((await visitor.open(providers.north.signIn(first, person).href)).status).toBe(303);
    expect((await visitor.open(providers.north.signIn(second, person).href)).status).toBe(303);
  });
});

describe('an attack on signing in', () => {
  const refusal = async (visitor: Visitor, back: URL): Promise<string> => {
    const response = await visitor.open(back.href);
    expect(response.headers.getSetCookie()).toEqual([]);
    expect((await problemOf(response)).code).toBe('sign_in_refused');
    expect(await visitor.whoAmI()).toBeNull();
    return entries.at(-1)!.reason!;
  };

  it('fails with a state that was used already, and with its code', async () => {
    const visitor = new Visitor();
    const back = providers.north.signIn(await visitor.leave(), person);
    expect((await visitor.open(back.href)).status).toBe(303);
    visitor.cookies.delete('__Host-footlight');
    expect(await refusal(visitor, back)).toBe('unknown_attempt');
    expect(providers.north.exchanged).toBe(1);
  });

  it('fails with a code that was used already, in an attempt of its own', async () => {
    const visitor = new Visitor();
    const used = providers.north.signIn(await visitor.leave(), person);
    await visitor.open(used.href);
    visitor.cookies.delete('__Host-footlight');
    const fresh = providers.north.signIn(await visitor.leave(), person);
    fresh.searchParams.set('code', used.searchParams.get('code')!);
    expect(await refusal(visitor, fresh)).toBe('invalid_answer');
  });

  it('fails with a code of another attempt: its verifier does not fit', async () => {
    const visitor = new Visitor();
    const [one, other] = [await visitor.leave(), await visitor.leave()];
    const back = providers.north.signIn(one, person);
    back.searchParams.set('code', providers.north.signIn(other, person).searchParams.get('code')!);
    expect(await refusal(visitor, back)).toBe('invalid_answer');
    expect(providers.north.exchanged).toBe(0);
  });

  it('fills no log, however often it is tried', async () => {
    const visitor = new Visitor();
    for (let count = 0; count < 70; count++) await visitor.open('/auth/north/callback?state=made-up&code=x');
    const reasons = entries.filter(({ action }) => action === 'sign_in.refused').map(({ reason }) => reason);
    // The minute may turn over in between.
    expect(reasons.length).toBeGreaterThanOrEqual(31);
    expect(reasons.length).toBeLessThanOrEqual(62);
    expect(reasons.filter((reason) => reason?.startsWith('One of too many'))).not.toEqual([]);
  });

  it.each([
    ['of its own', (back: URL) => back.searchParams.set('state', 'made-up')],
    ['missing', (back: URL) => back.searchParams.delete('state')],
  ])('fails with a state %s', async (_how, change) => {
    const visitor = new Visitor();
    const back = providers.north.signIn(await visitor.leave(), person);
    change(back);
    expect(await refusal(visitor, back)).toBe('unknown_attempt');
  });

  it('fails with two states', async () => {
    const visitor = new Visitor();
    const back = providers.north.signIn(await visitor.leave(), person);
    back.searchParams.append('state', 'another');
    expect(await refusal(visitor, back)).toBe('invalid_answer');
  });

  it('fails with the attempt of another browser, however fresh: nobody is lured into a stranger’s account', async () => {
    const [attacker, victim] = [new Visitor(), new Visitor()];
    const back = providers.north.signIn(await attacker.leave(), person);
    await victim.leave();
    expect(await refusal(victim, back)).toBe('other_browser');
    expect(await refusal(new Visitor(), providers.north.signIn(await attacker.leave(), person))).toBe('other_browser');
  });

  it('fails at the callback of another provider (mix-up)', async () => {
    const visitor = new Visitor();
    const back = providers.north.signIn(await visitor.leave('north'), person, { iss: 'https://south.example' });
    back.pathname = '/auth/south/callback';
    expect(await refusal(visitor, back)).toBe('other_provider');
    expect(providers.south.exchanged + providers.north.exchanged).toBe(0);
  });

  it('fails with an answer that names another issuer (mix-up): no code is sent to the wrong one', async () => {
    const visitor = new Visitor();
    const back = providers.north.signIn(await visitor.leave('north'), person, { iss: 'https://south.example' });
    expect(await refusal(visitor, back)).toBe('other_provider');
    expect(providers.north.exchanged).toBe(0);
  });

  it('fails without the issuer of a provider that always names itself', async () => {
    const visitor = new Visitor();
    const back = providers.north.signIn(await visitor.leave(), person);
    back.searchParams.delete('iss');
    expect(await refusal(visitor, back)).toBe('invalid_answer');
  });

  it('fails once the attempt has expired', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const visitor = new Visitor();
    const back = providers.north.signIn(await visitor.leave(), person);
    vi.setSystemTime(Date.now() + 10 * 60_000 + 1);
    expect(await refusal(visitor, back)).toBe('expired_attempt');
  });

  it.each([
    ['of another nonce', { nonce: 'another' }],
    ['without a nonce', { nonce: undefined }],
    ['for another client', { aud: 'another-client' }],
    ['for two clients, made for the other', { aud: ['footlight-at-north', 'other'], azp: 'other' }],
    ['of another issuer', { iss: 'https://south.example' }],
    ['that has expired', { exp: Math.floor(Date.now() / 1000) - 120 }],
    ['that never expires', { exp: undefined }],
    ['of nobody', { sub: undefined }],
  ])('fails with an id token %s', async (_which, claims) => {
    const visitor = new Visitor();
    const back = providers.north.signIn(await visitor.leave(), person);
    providers.north.claims = claims;
    expect(await refusal(visitor, back)).toBe('invalid_answer');
    expect(providers.north.exchanged).toBe(1);
  });

  it.each([
    ['without a signature', async (claims: object) => new UnsecuredJWT({ ...claims }).encode()],
    [
      'signed with the secret of the client (HS256)',
      async (claims: object) =>
        new SignJWT({ ...claims })
          .setProtectedHeader({ alg: 'HS256' })
          .sign(new TextEncoder().encode('the secret of the client')),
    ],
    [
      'signed by a stranger',
      async (claims: object) =>
        new SignJWT({ ...claims })
          .setProtectedHeader({ alg: 'ES256', kid: 'north' })
          .sign((await generateKeyPair('ES256')).privateKey),
    ],
    [
      'of an algorithm that the provider does not use',
      async (claims: object) =>
        new SignJWT({ ...claims })
          .setProtectedHeader({ alg: 'RS256' })
          .sign((await generateKeyPair('RS256')).privateKey),
    ],
  ])('fails with an id token %s', async (_which, forge) => {
    const visitor = new Visitor();
    const back = providers.north.signIn(await visitor.leave(), person);
    providers.north.forge = forge;
    expect(await refusal(visitor, back)).toBe('invalid_answer');
  });

  it('fails when userinfo speaks of somebody else', async () => {
    const visitor = new Visitor();
    const back = providers.north.signIn(await visitor.leave(), { sub: 'p1' });
    providers.north.userInfo = { sub: 'somebody-else', name: 'Eve' };
    expect(await refusal(visitor, back)).toBe('invalid_answer');
  });

  it('as a seeded person fails in production: the local provider is a provider like any', async () => {
    settings = { OIDC_PROVIDERS: JSON.stringify([{ ...providers.north.settings, id: 'local' }]) };
    const visitor = new Visitor();
    await visitor.open(
      providers.north.signIn(await visitor.leave('local'), { sub: 'root', name: 'Root', email: 'r@home.example' }).href,
    );
    expect(await visitor.whoAmI()).toMatchObject({ role: 'viewer' });
    expect((await visitor.whoAmI())!.id).not.toBe('us_root0');
  });
});

describe('the first admin', () => {
  const named = (who: object) => {
    settings = { ADMIN_IDENTITIES: JSON.stringify([{ issuer: 'https://north.example', ...who }]) };
  };

  it('is who the configuration names by issuer and subject', async () => {
    named({ subject: 'boss' });
    const visitor = new Visitor();
    await visitor.signIn('boss');
    expect((await visitor.whoAmI())?.role).toBe('admin');
    expect(entries.map(({ action }) => action)).toEqual(['user.created', 'user.role_changed', 'session.created']);
  });

  it('may have had the account before', async () => {
    await new Visitor().signIn('late');
    named({ subject: 'late' });
    const visitor = new Visitor();
    await visitor.signIn('late');
    expect((await visitor.whoAmI())?.role).toBe('admin');
  });

  it('may be named by a verified address, and by no other', async () => {
    named({ email: 'chief@home.example' });
    const [unverified, chief] = [new Visitor(), new Visitor()];
    await unverified.signIn('not-chief', { email: 'chief@home.example', email_verified: false });
    expect((await unverified.whoAmI())?.role).toBe('viewer');
    await chief.signIn('chief', { email: 'chief@home.example', email_verified: true });
    expect((await chief.whoAmI())?.role).toBe('admin');
  });

  it('is nobody by being the first to come', async () => {
    const visitor = new Visitor();
    await visitor.signIn('early-bird');
    expect((await visitor.whoAmI())?.role).toBe('viewer');
  });
});

describe('a seeded person in local mode', () => {
  it('keeps the fixed id and role through the local provider, and through no other', async () => {
    const local = { ...providers.north.settings, id: 'local' };
    settings = { MODE: 'local', OIDC_PROVIDERS: JSON.stringify([local, providers.south.settings]) };
    const [mod, other] = [new Visitor(), new Visitor()];
    await mod.open(
      providers.north.signIn(await mod.leave('local'), { sub: 'mod', name: 'Mo', email: 'mod@localhost.test' }).href,
    );
    expect(await mod.whoAmI()).toMatchObject({ id: 'us_mod0', handle: 'mod', role: 'moderator' });
    await other.open(
      providers.south.signIn(await other.leave('south'), { sub: 'mod', name: 'Mo', email: 'mod@localhost.test' }).href,
    );
    expect((await other.whoAmI())!.id).not.toBe('us_mod0');
  });
});

describe('the settings of signing in', () => {
  it.each([
    ['are no JSON', '{'],
    ['miss a secret', '[{"id":"a","name":"A","issuer":"https://a.example","clientId":"x"}]'],
    [
      'give one id twice',
      JSON.stringify(
        Array(2).fill({ id: 'a', name: 'A', issuer: 'https://a.example', clientId: 'x', clientSecret: 'y' }),
      ),
    ],
  ])('stop the server with their name when they %s', async (_what, json) => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
    settings = { OIDC_PROVIDERS: json };
    const response = await new Visitor().open('/api/v1/session');
    expect(response.status).toBe(500);
    expect(String(logged.mock.calls[0]?.[1])).toContain('OIDC_PROVIDERS');
  });
});
