import { env } from 'cloudflare:workers';
import { createRemoteJWKSet, customFetch as joseFetch, jwtVerify } from 'jose';
import * as client from 'oauth4webapi';
import { describe, expect, it } from 'vitest';
import type { RegisteredApp } from '../../src/protocol/oauth.ts';
import {
  AUDIENCE,
  allow,
  CALLBACK,
  connected,
  fromPage,
  oauthError,
  registerApp,
  requestOf,
  withToken,
} from './oauth-support.ts';
import { as, BASE, call, problemOf } from './support.ts';

/** oauth4webapi, an independent client, talks to the Worker as to any server. */
const http = {
  [client.allowInsecureRequests]: true,
  [client.customFetch]: (url: string, init: RequestInit) =>
    call(url.slice(BASE.length), { ...init, redirect: 'manual' }),
} as const;

const discover = async () =>
  client.processDiscoveryResponse(
    new URL(BASE),
    await client.discoveryRequest(new URL(BASE), { ...http, algorithm: 'oauth2' }),
  );

const authFor = (app: RegisteredApp) =>
  app.clientSecret === null ? client.None() : client.ClientSecretBasic(app.clientSecret);

/** Code + PKCE as the library does it, with ben at the consent page. */
async function authorize(app: RegisteredApp, scope: string, extra: Record<string, string> = {}) {
  const as = await discover();
  const verifier = client.generateRandomCodeVerifier();
  const state = client.generateRandomState();
  const url = new URL(as.authorization_endpoint!);
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: app.id,
    redirect_uri: CALLBACK,
    scope,
    state,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...extra,
  }).toString();
  const toConsent = await call(url.pathname + url.search, { redirect: 'manual' });
  expect(toConsent.status).toBe(303);
  const consent = new URL(toConsent.headers.get('Location')!);
  expect(consent.pathname).toBe('/consent');
  const back = await allow(consent.searchParams.get('request')!);
  const callback = client.validateAuthResponse(as, { client_id: app.id }, back, state);
  const answer = await client.authorizationCodeGrantRequest(
    as,
    { client_id: app.id },
    authFor(app),
    callback,
    CALLBACK,
    verifier,
    http,
  );
  return { as, tokens: await client.processAuthorizationCodeResponse(as, { client_id: app.id }, answer) };
}

describe('the metadata', () => {
  it('names every endpoint, and every endpoint that it names answers', async () => {
    const as = await discover();
    expect(as.issuer).toBe(BASE);
    expect(as.code_challenge_methods_supported).toEqual(['S256']);
    expect(as.authorization_response_iss_parameter_supported).toBe(true);
    for (const [name, method] of [
      ['authorization_endpoint', 'GET'],
      ['token_endpoint', 'POST'],
      ['revocation_endpoint', 'POST'],
      ['introspection_endpoint', 'POST'],
      ['jwks_uri', 'GET'],
    ] as const) {
      const response = await call(as[name]!.slice(BASE.length), { method, redirect: 'manual' });
      expect([200, 400, 401], name).toContain(response.status);
      await response.arrayBuffer();
    }
  });

  it('may be read by a page of any origin, and so may the keys', async () => {
    for (const path of ['/.well-known/oauth-authorization-server', '/oauth/jwks']) {
      const response = await call(path, { headers: { Origin: 'https://app.test' } });
      expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
      expect(response.headers.get('Access-Control-Allow-Credentials')).toBeNull();
      await response.arrayBuffer();
    }
  });
});

describe.each(['confidential', 'public'] as const)('a %s app', (type) => {
  it('gets a token with code and PKCE, uses it, refreshes it, and gives it back', async () => {
    const app = await registerApp({ type });
    const { as: server, tokens } = await authorize(app, 'streams:read offline_access', { resource: AUDIENCE });
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 600, scope: 'streams:read offline_access' });
    expect((await withToken(tokens.access_token)).status).toBe(200);

    const refreshed = await client.processRefreshTokenResponse(
      server,
      { client_id: app.id },
      await client.refreshTokenGrantRequest(server, { client_id: app.id }, authFor(app), tokens.refresh_token!, http),
    );
    expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
    expect((await withToken(refreshed.access_token)).status).toBe(200);

    await client.processRevocationResponse(
      await client.revocationRequest(server, { client_id: app.id }, authFor(app), refreshed.refresh_token!, http),
    );
    for (const token of [tokens.access_token, refreshed.access_token]) {
      expect((await problemOf(await withToken(token))).code).toBe('unauthenticated');
    }
  });

  it('is given no refresh token unless it asked to come back', async () => {
    const { tokens } = await authorize(await registerApp({ type }), 'streams:read');
    expect(tokens.refresh_token).toBeUndefined();
  });
});

describe('an access token', () => {
  it('is an at+jwt of RFC 9068 that verifies against the published keys', async () => {
    const { app, tokens } = await connected();
    const keys = createRemoteJWKSet(new URL(`${BASE}/oauth/jwks`), {
      [joseFetch]: (url: string, init: RequestInit) => call(url.slice(BASE.length), init),
    });
    const { payload, protectedHeader } = await jwtVerify(tokens.access_token, keys, {
      issuer: BASE,
      audience: AUDIENCE,
      typ: 'at+jwt',
      algorithms: ['ES256'],
    });
    expect(protectedHeader.kid).toBeTruthy();
    expect(payload).toMatchObject({ sub: 'us_ben0', client_id: app.id, scope: tokens.scope });
    expect(payload.exp! - payload.iat!).toBe(600);
    expect(payload.jti).toBeTruthy();
  });

  it('passes the check of a resource server that knows us by our metadata', async () => {
    const { tokens } = await connected();
    const request = new Request(`${BASE}/x`, { headers: { Authorization: `Bearer ${tokens.access_token}` } });
    const claims = await client.validateJwtAccessToken(await discover(), request, AUDIENCE, http);
    expect(claims.sub).toBe('us_ben0');
  });

  it('lets the app do what its scopes and the role of its person both allow, and nothing else', async () => {
    const { tokens } = await connected({ handle: 'ada', scope: 'streams:read streams:write' });
    const opened = await withToken(tokens.access_token, '/api/v1/streams', 'POST', { title: 'By an app' });
    expect(opened.status).toBe(201);
    const { channelId, streamKey } = (await opened.json()) as { channelId: string; streamKey: string | null };
    // A key outlasts the app's token and the person's approval: it takes a scope of its own.
    expect(streamKey).toBeNull();
    const key = await withToken(tokens.access_token, `/api/v1/channels/${channelId}/stream-key`, 'POST', {});
    expect((await problemOf(key)).detail).toContain('channel:manage:keys');
  });

  it('shows the key of a new channel to an app that may manage keys', async () => {
    const scope = 'streams:write channel:manage:keys';
    const { tokens } = await connected({ handle: 'ada', scope, scopes: scope.split(' ') });
    const opened = await withToken(tokens.access_token, '/api/v1/streams', 'POST', { title: 'By an encoder' });
    expect(((await opened.json()) as { streamKey: string }).streamKey).toMatch(/^sk_/);
  });
});

describe('introspection', () => {
  it('tells an app about its own tokens', async () => {
    const { app, tokens } = await connected();
    const as = await discover();
    const look = async (token: string) =>
      client.processIntrospectionResponse(
        as,
        { client_id: app.id },
        await client.introspectionRequest(as, { client_id: app.id }, authFor(app), token, http),
      );
    expect(await look(tokens.access_token)).toMatchObject({
      active: true,
      sub: 'us_ben0',
      client_id: app.id,
      aud: AUDIENCE,
      scope: tokens.scope,
    });
    expect(await look(tokens.refresh_token)).toMatchObject({ active: true, sub: 'us_ben0' });
    expect(await look('nonsense')).toEqual({ active: false });
  });
});

describe('a bot', () => {
  it('gets a token by client_credentials and acts under its own name', async () => {
    const app = await registerApp({ name: 'Chat helper', redirectUris: [] });
    const as = await discover();
    const tokens = await client.processClientCredentialsResponse(
      as,
      { client_id: app.id },
      await client.clientCredentialsGrantRequest(
        as,
        { client_id: app.id },
        authFor(app),
        { scope: 'streams:read' },
        http,
      ),
    );
    expect(tokens).toMatchObject({ scope: 'streams:read', expires_in: 600 });
    expect(tokens.refresh_token).toBeUndefined();
    const session = (await (await withToken(tokens.access_token, '/api/v1/session')).json()) as {
      user: { id: string; name: string; role: string };
    };
    expect(session.user).toMatchObject({ id: app.botId, name: 'Chat helper', role: 'viewer' });
  });

  it('loses its token with its secret', async () => {
    const app = await registerApp();
    const as = await discover();
    const grant = async (secret: string) =>
      client.clientCredentialsGrantRequest(as, { client_id: app.id }, client.ClientSecretPost(secret), {}, http);
    const { access_token: token } = (await (await grant(app.clientSecret!)).json()) as { access_token: string };
    expect((await withToken(token)).status).toBe(200);
    const { clientSecret } = (await (await asOwner(`/api/v1/apps/${app.id}/secret`)).json()) as {
      clientSecret: string;
    };
    expect((await withToken(token)).status).toBe(401);
    expect(await oauthError(await grant(app.clientSecret!))).toBe('invalid_client');
    expect((await grant(clientSecret)).status).toBe(200);
  });
});

const asOwner = (path: string) => as('ada', 'POST', path);

describe('the person', () => {
  it('reads what the app asks for before allowing it', async () => {
    const app = await registerApp({ websiteUrl: 'https://app.test/about' });
    const query = new URLSearchParams({ request: requestOf(app.id) });
    expect(await (await call(`/api/v1/consent?${query}`)).json()).toEqual({
      app: { id: app.id, name: 'Stream clock', ownerName: 'Ada', websiteUrl: 'https://app.test/about' },
      scopes: ['streams:read', 'streams:write', 'offline_access'],
      returnsTo: 'app.test',
      problem: null,
    });
  });

  it('may say no, and the app is told so with its state and our name', async () => {
    const app = await registerApp();
    const response = await fromPage('ben', 'POST', '/api/v1/consent', { request: requestOf(app.id), allow: false });
    const { redirectTo } = (await response.json()) as { redirectTo: string };
    const answer = Object.fromEntries(new URL(redirectTo).searchParams);
    expect(answer).toMatchObject({ error: 'access_denied', state: 'the-state', iss: BASE });
    expect(answer.code).toBeUndefined();
  });

  it('sees what was allowed and takes it back: the next request of the app is refused', async () => {
    const { app, tokens } = await connected({ handle: 'cleo' });
    expect((await withToken(tokens.access_token)).status).toBe(200);
    const { grants } = (await (await as('cleo', 'GET', '/api/v1/grants')).json()) as {
      grants: { id: string; app: { id: string } }[];
    };
    const grant = grants.find((one) => one.app.id === app.id)!;
    expect(grant).toMatchObject({ scopes: ['streams:read', 'streams:write', 'offline_access'] });
    expect((await as('ben', 'DELETE', `/api/v1/grants/${grant.id}`)).status).toBe(404);
    expect((await withToken(tokens.access_token)).status).toBe(200);
    expect((await as('cleo', 'DELETE', `/api/v1/grants/${grant.id}`)).status).toBe(204);
    expect((await problemOf(await withToken(tokens.access_token))).detail).toContain('revoked');
    expect((await as('cleo', 'DELETE', `/api/v1/grants/${grant.id}`)).status).toBe(404);
  });

  it('takes it back in the middle of a crowd: whatever is asked after the answer is refused', async () => {
    const { app, tokens } = await connected({ handle: 'cleo' });
    const { grants } = (await (await as('cleo', 'GET', '/api/v1/grants')).json()) as {
      grants: { id: string; app: { id: string } }[];
    };
    const { id } = grants.find((one) => one.app.id === app.id)!;
    const asked = (count: number) => Promise.all(Array.from({ length: count }, () => withToken(tokens.access_token)));
    const crowd = [asked(20), asked(20)];
    expect((await as('cleo', 'DELETE', `/api/v1/grants/${id}`)).status).toBe(204);
    const after = await asked(20);
    expect(new Set(after.map(({ status }) => status))).toEqual(new Set([401]));
    for (const answers of crowd) {
      for (const { status } of await answers) expect([200, 401]).toContain(status);
    }
  });
});

describe('what is kept', () => {
  it('holds no code, token or secret, and no private key in clear', async () => {
    const { app, tokens } = await connected();
    const tables = ['apps', 'grants', 'authorization_codes', 'refresh_tokens', 'signing_keys'];
    const rows = await Promise.all(tables.map((table) => env.DB.prepare(`SELECT * FROM ${table}`).all()));
    const text = JSON.stringify(rows.map(({ results }) => results));
    expect(text).toContain(app.id);
    for (const secret of [app.clientSecret!, tokens.access_token, tokens.refresh_token, '"d\\":']) {
      expect(text).not.toContain(secret);
    }
  });
});
