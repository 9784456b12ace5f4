import { env } from 'cloudflare:workers';
import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import * as client from 'oauth4webapi';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { keyToSign } from '../../src/auth/signing-keys.ts';
import {
  allow,
  ask,
  botTokenOf,
  CHALLENGE,
  codeFor,
  connected,
  exchange,
  fromPage,
  oauthError,
  refresh,
  registerApp,
  requestOf,
  type Tokens,
  VERIFIER,
  withToken,
} from './oauth-support.ts';
import { as, BASE, call, openStream, problemOf } from './support.ts';

afterEach(async () => {
  vi.useRealTimers();
  // A person may have twenty.
  await env.DB.prepare('DELETE FROM apps').run();
});

const timePasses = (ms: number): void => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });
};

const refused = async (token: string): Promise<void> => {
  expect((await problemOf(await withToken(token))).code).toBe('unauthenticated');
};

/** What the app hears of a wrong request, by way of our page and of ben, who goes back to the app. */
async function sentBack(query: string): Promise<{ error: string | null; to: URL }> {
  for (const accept of ['*/*', 'text/html']) {
    const response = await call(`/oauth/authorize?${query}`, { redirect: 'manual', headers: { Accept: accept } });
    expect(response.status).toBe(303);
    const page = new URL(response.headers.get('Location')!);
    expect([page.origin, page.pathname]).toEqual([BASE, '/consent']);
  }
  // Who is not signed in goes nowhere.
  const request = { request: query, allow: false };
  expect((await as(null, 'POST', '/api/v1/consent', request)).status).toBe(401);
  const back = await fromPage('ben', 'POST', '/api/v1/consent', request);
  const to = new URL(((await back.json()) as { redirectTo: string }).redirectTo);
  return { error: to.searchParams.get('error'), to };
}

describe('a code', () => {
  it('that comes a second time is refused, and what it gave is taken back', async () => {
    const app = await registerApp();
    const code = await codeFor(requestOf(app.id));
    const tokens = (await (await exchange(app, code)).json()) as Tokens;
    expect((await withToken(tokens.access_token)).status).toBe(200);
    expect(await oauthError(await exchange(app, code))).toBe('invalid_grant');
    await refused(tokens.access_token);
    expect(await oauthError(await refresh(app, tokens.refresh_token))).toBe('invalid_grant');
  });

  it('that comes twice at the same moment gives nothing that lasts', async () => {
    const app = await registerApp();
    const code = await codeFor(requestOf(app.id));
    const answers = await Promise.all([exchange(app, code), exchange(app, code)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    const { access_token } = (await answers.find(({ status }) => status === 200)!.json()) as Tokens;
    await refused(access_token);
  });

  it('is worth nothing after a minute', async () => {
    const app = await registerApp();
    const code = await codeFor(requestOf(app.id));
    timePasses(60_001);
    expect(await oauthError(await exchange(app, code))).toBe('invalid_grant');
  });

  it.each([
    ['with another verifier', { code_verifier: 'a'.repeat(43) }, 'invalid_grant'],
    ['without a verifier', { code_verifier: '' }, 'invalid_request'],
    ['with the challenge as the verifier', { code_verifier: CHALLENGE }, 'invalid_grant'],
    ['with another address', { redirect_uri: 'https://app.test/other' }, 'invalid_grant'],
    ['for another resource', { resource: 'https://elsewhere.test/api' }, 'invalid_target'],
  ])('is refused %s', async (_how, changes, error) => {
    const app = await registerApp();
    const code = await codeFor(requestOf(app.id));
    expect(await oauthError(await exchange(app, code, changes))).toBe(error);
    // The thief has not spoilt it for the app that it belongs to.
    expect((await exchange(app, code)).status).toBe(200);
  });

  it('is refused to an app that it was not made for', async () => {
    const [app, thief] = [await registerApp(), await registerApp({}, 'cleo')];
    expect(await oauthError(await exchange(thief, await codeFor(requestOf(app.id))))).toBe('invalid_grant');
  });

  it('is refused to whoever has the code and the verifier but not the secret', async () => {
    const app = await registerApp();
    const code = await codeFor(requestOf(app.id));
    for (const clientSecret of [null, 'as_wrong']) {
      const response = await exchange({ ...app, clientSecret }, code);
      expect(response.status).toBe(401);
      expect(await oauthError(response)).toBe('invalid_client');
    }
  });
});

describe('a request for a code', () => {
  it.each([
    ['without PKCE', { code_challenge: null, code_challenge_method: null }, 'invalid_request'],
    ['with plain PKCE', { code_challenge: VERIFIER, code_challenge_method: 'plain' }, 'invalid_request'],
    ['that leaves the method out, which means plain', { code_challenge_method: null }, 'invalid_request'],
    ['for a token in the address (implicit)', { response_type: 'token' }, 'unsupported_response_type'],
    ['for an answer in the fragment', { response_mode: 'fragment' }, 'invalid_request'],
    ['for a scope that the app is not registered for', { scope: 'streams:read channel:manage:keys' }, 'invalid_scope'],
    ['for a scope that does not exist', { scope: 'streams:read admin' }, 'invalid_scope'],
    ['for no scope', { scope: null }, 'invalid_scope'],
    ['for another resource', { resource: 'https://elsewhere.test/api' }, 'invalid_target'],
  ])('%s is shown on our page, and the app hears of it from who goes back', async (_what, changes, error) => {
    const app = await registerApp();
    const query = requestOf(app.id, changes as Record<string, string | null>);
    const { error: sent, to } = await sentBack(query);
    expect(sent).toBe(error);
    expect(to.origin + to.pathname).toBe('https://app.test/callback');
    expect(to.searchParams.get('state')).toBe('the-state');
    expect(to.searchParams.get('iss')).toBe(BASE);
    const shown = await call(`/api/v1/consent?${new URLSearchParams({ request: query })}`);
    const face = { app: { id: app.id, name: 'Stream clock' }, scopes: [], returnsTo: 'app.test' };
    expect(await shown.json()).toMatchObject({ ...face, problem: to.searchParams.get('error_description') });
    expect((await fromPage('ben', 'POST', '/api/v1/consent', { request: query, allow: true })).status).toBe(400);
  });

  it.each([
    ['of another host', 'https://evil.test/callback'],
    ['with something appended', 'https://app.test/callback/../evil'],
    ['with a query', 'https://app.test/callback?next=https://evil.test'],
    ['with a user name that looks like the host', 'https://app.test@evil.test/callback'],
    ['of a subdomain', 'https://evil.app.test/callback'],
    ['over http', 'http://app.test/callback'],
    ['in other letters', 'https://APP.test/callback'],
    ['that is a script', 'javascript:alert(1)'],
    ['that is missing', null],
  ])('to an address %s is answered here and sent nowhere', async (_what, redirect_uri) => {
    const app = await registerApp();
    const query = requestOf(app.id, { redirect_uri });
    const response = await call(`/oauth/authorize?${query}`, { redirect: 'manual' });
    expect(response.status).toBe(400);
    expect(response.headers.get('Location')).toBeNull();
    await oauthError(response);
    // A person is told by our own page, and allowing it there does not work either.
    const page = await call(`/oauth/authorize?${query}`, { redirect: 'manual', headers: { Accept: 'text/html' } });
    expect(new URL(page.headers.get('Location')!).origin).toBe(BASE);
    expect((await fromPage('ben', 'POST', '/api/v1/consent', { request: query, allow: true })).status).toBe(400);
  });

  it('with a parameter twice is refused, and with two addresses it is sent to neither', async () => {
    const app = await registerApp();
    expect((await sentBack(`${requestOf(app.id)}&scope=chat:write`)).error).toBe('invalid_request');
    const twice = `${requestOf(app.id)}&redirect_uri=https://evil.test/`;
    expect((await call(`/oauth/authorize?${twice}`, { redirect: 'manual' })).status).toBe(400);
  });

  it('of an app that is not there is answered here', async () => {
    for (const id of ['ap_nobody', '<script>', '']) {
      const response = await call(`/oauth/authorize?${requestOf(id)}`, { redirect: 'manual' });
      expect(response.status).toBe(400);
      await oauthError(response);
    }
  });
});

describe('a mix-up', () => {
  it('is seen by the app: our answer names us, and an app that asked somebody else refuses it', async () => {
    const app = await registerApp();
    const back = await allow(requestOf(app.id));
    const other = { issuer: 'https://other.test', authorization_response_iss_parameter_supported: true };
    expect(() => client.validateAuthResponse(other, { client_id: app.id }, back, 'the-state')).toThrow(/iss/);
    const us = { issuer: BASE, authorization_response_iss_parameter_supported: true };
    expect(() => client.validateAuthResponse(us, { client_id: app.id }, back, 'the-state')).not.toThrow();
  });
});

describe('consent', () => {
  const body = async () => ({ request: requestOf((await registerApp()).id), allow: true });

  it.each([
    ['another site', { Origin: 'https://evil.test' }],
    ['another site that says it is ours', { Origin: 'https://evil.test', 'Sec-Fetch-Site': 'same-origin' }],
    ['an opaque origin', { Origin: 'null' }],
    ['a subdomain', { 'Sec-Fetch-Site': 'same-site' }],
    ['a sender that names no origin', {}],
  ])('is not given by %s with the cookie of the person', async (_who, headers) => {
    const response = await fromPage('ben', 'POST', '/api/v1/consent', await body(), headers as Record<string, string>);
    expect((await problemOf(response)).code).toBe('forbidden');
  });

  it('is not given by a form of another site, which cannot send JSON', async () => {
    const sent = await body();
    // Even from our own origin, with the cookie of the person and a body that would do: the type alone is refused.
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x']) {
      const headers = { Origin: BASE, 'Content-Type': type };
      const response = await fromPage('ben', 'POST', '/api/v1/consent', sent, headers);
      expect((await problemOf(response)).code).toBe('unsupported_media_type');
    }
  });

  it('is not given by a token: neither that of an app nor one of our own tools', async () => {
    const { tokens } = await connected();
    const byApp = await withToken(tokens.access_token, '/api/v1/consent', 'POST', await body());
    expect((await problemOf(byApp)).code).toBe('forbidden');
    expect((await problemOf(await as('ben', 'POST', '/api/v1/consent', await body()))).code).toBe('forbidden');
  });

  it('is not given by nobody', async () => {
    expect((await as(null, 'POST', '/api/v1/consent', await body())).status).toBe(401);
  });
});

describe('an access token', () => {
  /** A token with the claims of a good one, made by whoever has `key`. */
  const forge = async (
    tokens: Tokens,
    { header = {}, claims = {}, key }: { header?: object; claims?: object; key?: CryptoKey | Uint8Array } = {},
  ) => {
    const { key: ours } = await keyToSign(env, Date.now());
    return new SignJWT({ ...decodeJwt(tokens.access_token), ...claims })
      .setProtectedHeader({ ...decodeProtectedHeader(tokens.access_token), alg: 'ES256', ...header })
      .sign(key ?? ours.privateKey);
  };

  it('passes when nothing about it is changed: the other tests change one thing each', async () => {
    const { tokens } = await connected();
    expect((await withToken(await forge(tokens))).status).toBe(200);
  });

  it('is refused without a signature (alg none)', async () => {
    const { tokens } = await connected();
    await refused(new UnsecuredJWT(decodeJwt(tokens.access_token)).encode());
    const header = { ...decodeProtectedHeader(tokens.access_token), alg: 'none' };
    const [, payload] = tokens.access_token.split('.');
    await refused(`${btoa(JSON.stringify(header)).replace(/=+$/, '')}.${payload}.`);
  });

  it('is refused when signed with HS256 and our public key as the secret', async () => {
    const { tokens } = await connected();
    const { key } = await keyToSign(env, Date.now());
    const { keys } = (await (await call('/oauth/jwks')).json()) as { keys: { kid: string }[] };
    const published = keys.find(({ kid }) => kid === key.kid);
    for (const text of [JSON.stringify(published), JSON.stringify(await exportJWK(key.publicKey))]) {
      await refused(await forge(tokens, { header: { alg: 'HS256' }, key: new TextEncoder().encode(text) }));
    }
  });

  it('is refused when another key signed it, under our name for the key or its own', async () => {
    const { tokens } = await connected();
    const { privateKey } = await generateKeyPair('ES256');
    await refused(await forge(tokens, { key: privateKey }));
    await refused(await forge(tokens, { key: privateKey, header: { kid: 'mine' } }));
    const { publicKey } = await generateKeyPair('ES256', { extractable: true });
    await refused(await forge(tokens, { key: privateKey, header: { jwk: await exportJWK(publicKey) } }));
  });

  it.each([
    ['of another audience', { claims: { aud: 'https://elsewhere.test/api' } }],
    ['of another issuer', { claims: { iss: 'https://elsewhere.test' } }],
    ['that is an id token', { header: { typ: 'JWT' } }],
    ['of another person', { claims: { sub: 'us_ada0' } }],
    ['of another app', { claims: { client_id: 'ap_other' } }],
    ['of a grant that is not there', { claims: { grant_id: 'gr_nothing' } }],
    ['without a grant', { claims: { grant_id: undefined } }],
    ['that has expired', { claims: { exp: Math.floor(Date.now() / 1000) - 1 } }],
  ])('is refused when it is one %s', async (_what, change) => {
    const { tokens } = await connected();
    await refused(await forge(tokens, change));
  });

  it('does not reach further than what the person allowed, even if it says so', async () => {
    const { tokens } = await connected({ scope: 'streams:read' });
    const wider = await forge(tokens, { claims: { scope: 'streams:read streams:write' } });
    expect((await problemOf(await withToken(wider, '/api/v1/streams', 'POST', { title: 'x' }))).code).toBe('forbidden');
  });

  it('does not lift its person above their role', async () => {
    const stream = await openStream('ada');
    const { tokens } = await connected({ handle: 'ben' });
    const path = `/api/v1/streams/${stream.id}`;
    expect((await problemOf(await withToken(tokens.access_token, path, 'DELETE'))).code).toBe('forbidden');
  });

  it('does not open what a person does on our own pages', async () => {
    const { app, tokens } = await connected({ handle: 'ada' });
    for (const [method, path] of [
      ['GET', '/api/v1/apps'],
      ['POST', `/api/v1/apps/${app.id}/secret`],
      ['DELETE', `/api/v1/apps/${app.id}`],
      ['GET', '/api/v1/grants'],
    ] as const) {
      expect((await problemOf(await withToken(tokens.access_token, path, method))).code).toBe('forbidden');
    }
  });

  it('of a person who was erased is refused, and so is their refresh token', async () => {
    const { app, tokens } = await connected({ handle: 'mod' });
    expect((await withToken(tokens.access_token)).status).toBe(200);
    expect((await as('mod', 'DELETE', '/api/v1/users/me', { confirm: 'mod' })).status).toBe(200);
    await refused(tokens.access_token);
    expect(await oauthError(await refresh(app, tokens.refresh_token))).toBe('invalid_grant');
    // A yes that was under way at the erasure and is stored after it.
    await env.DB.prepare(
      `INSERT INTO grants (id, app_id, user_id, scopes, created_at_ms, used_at_ms, expires_at_ms)
       VALUES (?, ?, 'us_mod0', '["streams:read"]', 1, 1, ?)`,
    )
      .bind(decodeJwt(tokens.access_token).grant_id, app.id, Date.now() + 60_000)
      .run();
    await refused(tokens.access_token);
  });

  it('of an app whose owner was erased is refused, and so is its bot', async () => {
    const app = await registerApp({}, 'root');
    const tokens = (await (await exchange(app, await codeFor(requestOf(app.id)))).json()) as Tokens;
    const ofBot = await botTokenOf(app);
    for (const token of [tokens.access_token, ofBot]) expect((await withToken(token)).status).toBe(200);
    const row = await env.DB.prepare('SELECT * FROM apps WHERE id = ?').bind(app.id).first<Record<string, string>>();
    expect((await as('root', 'DELETE', '/api/v1/users/me', { confirm: 'root' })).status).toBe(200);
    for (const token of [tokens.access_token, ofBot]) await refused(token);
    expect(await oauthError(await refresh(app, tokens.refresh_token))).toBe('invalid_client');
    // An app whose registration was under way at the erasure and is stored after it.
    const columns = Object.keys(row!);
    await env.DB.prepare(`INSERT INTO apps (${columns}) VALUES (${columns.map(() => '?')})`)
      .bind(...Object.values(row!))
      .run();
    expect(await oauthError(await ask('/oauth/token', app, { grant_type: 'client_credentials' }))).toBe(
      'invalid_client',
    );
  });

  it('of a deleted app is refused, and everything else of it', async () => {
    const { app, tokens } = await connected();
    const code = await codeFor(requestOf(app.id));
    expect((await as('ada', 'DELETE', `/api/v1/apps/${app.id}`)).status).toBe(204);
    await refused(tokens.access_token);
    expect(await oauthError(await refresh(app, tokens.refresh_token))).toBe('invalid_client');
    expect(await oauthError(await exchange(app, code))).toBe('invalid_client');
    expect(await oauthError(await ask('/oauth/token', app, { grant_type: 'client_credentials' }))).toBe(
      'invalid_client',
    );
  });
});

describe('a refresh token', () => {
  it('that was used before ends everything that came of it', async () => {
    const { app, tokens } = await connected();
    const second = (await (await refresh(app, tokens.refresh_token)).json()) as Tokens;
    const third = (await (await refresh(app, second.refresh_token)).json()) as Tokens;
    expect((await withToken(third.access_token)).status).toBe(200);
    // Not even within the time of a retry: its successor has been used.
    expect(await oauthError(await refresh(app, tokens.refresh_token))).toBe('invalid_grant');
    for (const token of [tokens, second, third]) await refused(token.access_token);
    expect(await oauthError(await refresh(app, third.refresh_token))).toBe('invalid_grant');
  });

  it('may be repeated for 30 seconds when the answer was lost, and gives the same successor', async () => {
    const { app, tokens } = await connected();
    const first = (await (await refresh(app, tokens.refresh_token)).json()) as Tokens;
    timePasses(29_000);
    const again = (await (await refresh(app, tokens.refresh_token)).json()) as Tokens;
    expect(again.refresh_token).toBe(first.refresh_token);
    expect((await withToken(again.access_token)).status).toBe(200);
  });

  it('that is repeated later is taken for a theft', async () => {
    const { app, tokens } = await connected();
    const first = (await (await refresh(app, tokens.refresh_token)).json()) as Tokens;
    timePasses(31_000);
    expect(await oauthError(await refresh(app, tokens.refresh_token))).toBe('invalid_grant');
    await refused(first.access_token);
    expect(await oauthError(await refresh(app, first.refresh_token))).toBe('invalid_grant');
  });

  it('of two at the same moment gives both the same successor', async () => {
    const { app, tokens } = await connected();
    const both = await Promise.all([refresh(app, tokens.refresh_token), refresh(app, tokens.refresh_token)]);
    const [one, two] = (await Promise.all(both.map((answer) => answer.json()))) as [Tokens, Tokens];
    expect(one.refresh_token).toBe(two.refresh_token);
    expect((await refresh(app, one.refresh_token)).status).toBe(200);
  });

  it('gives no more than it was given for, and less when asked', async () => {
    const { app, tokens } = await connected({ scope: 'streams:read offline_access' });
    const more = await refresh(app, tokens.refresh_token, { scope: 'streams:read streams:write' });
    expect(await oauthError(more)).toBe('invalid_scope');
    const narrow = (await (await refresh(app, tokens.refresh_token, { scope: 'streams:read' })).json()) as Tokens;
    expect(narrow.scope).toBe('streams:read');
    const whole = (await (await refresh(app, narrow.refresh_token)).json()) as Tokens;
    expect(whole.scope).toBe('streams:read offline_access');
  });

  it('is of no use to another app', async () => {
    const { app, tokens } = await connected();
    const thief = await registerApp({}, 'cleo');
    expect(await oauthError(await refresh(thief, tokens.refresh_token))).toBe('invalid_grant');
    await ask('/oauth/revoke', thief, { token: tokens.refresh_token });
    const look = await ask('/oauth/introspect', thief, { token: tokens.access_token });
    expect(await look.json()).toEqual({ active: false });
    expect((await refresh(app, tokens.refresh_token)).status).toBe(200);
  });

  it('is not an access token, nor is an access token one', async () => {
    const { app, tokens } = await connected();
    await refused(tokens.refresh_token);
    expect(await oauthError(await refresh(app, tokens.access_token))).toBe('invalid_grant');
  });
});

describe('the token endpoint', () => {
  it.each([
    [
      'a grant that does not exist',
      { grant_type: 'password', username: 'ada', password: 'x' },
      'unsupported_grant_type',
    ],
    ['no grant', {}, 'invalid_request'],
    [
      'a scope that the bot is not registered for',
      { grant_type: 'client_credentials', scope: 'clips:write' },
      'invalid_scope',
    ],
    ['a bot that would come back', { grant_type: 'client_credentials', scope: 'offline_access' }, 'invalid_scope'],
  ])('refuses %s', async (_what, form, error) => {
    const app = await registerApp();
    expect(await oauthError(await ask('/oauth/token', app, form as Record<string, string>))).toBe(error);
  });

  it('refuses a public app that wants to act for itself', async () => {
    const app = await registerApp({ type: 'public' });
    expect(await oauthError(await ask('/oauth/token', app, { grant_type: 'client_credentials' }))).toBe(
      'unauthorized_client',
    );
    expect(await oauthError(await ask('/oauth/introspect', app, { token: 'x' }))).toBe('invalid_client');
  });

  it('refuses what is no form, comes twice or is too large', async () => {
    const app = await registerApp();
    const post = (body: BodyInit, type: string, headers = {}) =>
      call('/oauth/token', { method: 'POST', body, headers: { 'Content-Type': type, ...headers } });
    const form = `grant_type=client_credentials&client_id=${app.id}&client_secret=${app.clientSecret}`;
    const FORM = 'application/x-www-form-urlencoded';
    expect(await oauthError(await post('{}', 'application/json'))).toBe('invalid_request');
    expect(await oauthError(await post(`${form}&grant_type=refresh_token`, FORM))).toBe('invalid_request');
    const basic = { Authorization: `Basic ${btoa(`${app.id}:${app.clientSecret}`)}` };
    expect(await oauthError(await post(form, FORM, basic))).toBe('invalid_request');
    const large = await post(`${form}&x=${'x'.repeat(20_000)}`, FORM);
    expect(large.status).toBe(413);
    expect(await oauthError(large)).toBe('invalid_request');
  });
});
