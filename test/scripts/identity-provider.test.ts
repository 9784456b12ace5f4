// The local identity provider, walked through by a client as strict as the Worker's.
import type { Server } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/local/free-port.ts';
import { identityProvider } from '../../scripts/local/identity-provider-server.ts';

const SECRET = 'the secret of the client';
const CALLBACK = 'http://127.0.0.1:1/auth/local/callback';
const insecure = { [oauth.allowInsecureRequests]: true };
const client: oauth.Client = { client_id: 'footlight' };
const cookies = new Map<string, string>();

let issuer: string;
let server: Server;
let metadata: oauth.AuthorizationServer;

beforeAll(async () => {
  issuer = `http://127.0.0.1:${await freePort()}`;
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), kid: 'one', alg: 'ES256', use: 'sig' };
  server = identityProvider({
    issuer,
    client: { id: 'footlight', secret: SECRET, redirectUri: CALLBACK },
    keys: { jwks: [jwk], cookieKeys: ['a key for cookies'] },
  });
  await new Promise<void>((resolve) => server.listen(Number(new URL(issuer).port), '127.0.0.1', resolve));
  const response = await oauth.discoveryRequest(new URL(issuer), insecure);
  metadata = await oauth.processDiscoveryResponse(new URL(issuer), response);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** As a browser: cookies are kept, redirects are followed by hand. */
async function visit(url: string, form?: URLSearchParams): Promise<Response> {
  const response = await fetch(url, {
    method: form ? 'POST' : 'GET',
    ...(form && { body: form }),
    redirect: 'manual',
    headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
  });
  for (const cookie of response.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    cookies.set(name, value);
  }
  return response;
}

const next = (response: Response): string => new URL(response.headers.get('location') ?? '', issuer).href;

async function ask(verifier: string, nonce = 'a nonce'): Promise<string> {
  const url = new URL(metadata.authorization_endpoint!);
  const parameters = {
    client_id: 'footlight',
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: 'openid profile email',
    state: 'a state',
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return next(await visit(url.href));
}

const pick = async (page: string, person: string): Promise<URL> => {
  const resumed = await visit(page, new URLSearchParams({ person }));
  return new URL(next(await visit(next(resumed))));
};

describe('the local identity provider', () => {
  it('shows the cast, without a password and without a script', async () => {
    const response = await visit(await ask(oauth.generateRandomCodeVerifier()));
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const html = await response.text();
    for (const handle of ['ada', 'ben', 'cleo', 'mod', 'root'])
      expect(html).toContain(`data-testid="person-${handle}"`);
    expect(html).not.toMatch(/<script|type="password"/);
  });

  it('signs the picked person in for a client that knows its secret and its verifier', async () => {
    const verifier = oauth.generateRandomCodeVerifier();
    const back = await pick(await ask(verifier), 'ben');
    const checked = oauth.validateAuthResponse(metadata, client, back, 'a state');
    const basic = oauth.ClientSecretBasic(SECRET);
    const exchange = (code: string) =>
      oauth.authorizationCodeGrantRequest(metadata, client, basic, checked, CALLBACK, code, insecure);
    const response = await exchange(verifier);
    const tokens = await oauth.processAuthorizationCodeResponse(metadata, client, response, {
      expectedNonce: 'a nonce',
      requireIdToken: true,
    });
    await oauth.validateApplicationLevelSignature(metadata, response, insecure);
    expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({
      sub: 'ben',
      name: 'Ben',
      preferred_username: 'ben',
    });
    expect((await exchange(verifier)).status).toBe(400);
  });

  it('asks again each time, so that one can become somebody else', async () => {
    await pick(await ask(oauth.generateRandomCodeVerifier()), 'ada');
    expect(await ask(oauth.generateRandomCodeVerifier())).toContain('/interaction/');
  });

  it.each(['', 'eve'])('lets nobody in who is not of the cast (%j)', async (person) => {
    const back = await pick(await ask(oauth.generateRandomCodeVerifier()), person);
    expect(back.searchParams.get('error')).toBe('access_denied');
  });

  it('says that a sign-in is over instead of breaking', async () => {
    const response = await visit(`${issuer}/interaction/unknown`);
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('This sign-in is over')]);
  });
});
