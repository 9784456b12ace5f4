import { env } from 'cloudflare:workers';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { audienceOf, signAccessToken } from '../../src/auth/access-token.ts';
import { authenticate } from '../../src/auth/authenticators.ts';
import { signingKey } from '../../src/auth/signing-key.ts';
import { FootlightError } from '../../src/protocol/errors.ts';
import { UserId } from '../../src/protocol/ids.ts';

const BASE = 'https://stage.test';
const NOW_SECONDS = 1_900_000_000;
const ada = UserId.parse('us_ada0');

const askWith = (
  token: string,
  { nowSeconds = NOW_SECONDS, mode = 'local' }: { nowSeconds?: number; mode?: Env['MODE'] } = {},
) =>
  authenticate({
    request: new Request(`${BASE}/api/v1/streams`, { headers: { Authorization: `Bearer ${token}` } }),
    env: { DB: env.DB, TOKEN_KEY: env.TOKEN_KEY, MODE: mode },
    base: BASE,
    nowMs: nowSeconds * 1000,
    waitUntil: () => {},
  });

const goodToken = async (overrides: Partial<Parameters<typeof signAccessToken>[1]> = {}) =>
  signAccessToken(await signingKey(env.TOKEN_KEY), {
    base: BASE,
    userId: ada,
    clientId: 'test',
    nowSeconds: NOW_SECONDS,
    lifetimeSeconds: 600,
    ...overrides,
  });

/** A token that is right in all but what the test changes. */
const forged = async (change: { header?: object; claims?: object; key?: CryptoKey } = {}) => {
  const { kid, privateKey } = await signingKey(env.TOKEN_KEY);
  return new SignJWT({
    iss: BASE,
    aud: audienceOf(BASE),
    sub: ada,
    scope: 'streams:write',
    client_id: 'test',
    jti: 'one',
    iat: NOW_SECONDS,
    exp: NOW_SECONDS + 600,
    ...change.claims,
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid, ...change.header })
    .sign(change.key ?? privateKey);
};

const refusal = async (asking: Promise<unknown>): Promise<FootlightError> => {
  const error = await asking.then(
    (principal) => expect.fail(`was let in as ${JSON.stringify(principal)}`),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FootlightError);
  expect((error as FootlightError).code).toBe('unauthenticated');
  return error as FootlightError;
};

describe('an access token', () => {
  it('lets its user in, with its scopes and the role from the database', async () => {
    const principal = await askWith(await goodToken({ scopes: ['streams:read'] }));
    expect(principal).toMatchObject({ id: ada, handle: 'ada', platformRole: 'viewer' });
    expect([...principal!.scopes]).toEqual(['streams:read']);
  });

  it('passes when forged with the right key and every claim right: the other tests change one thing each', async () => {
    expect(await askWith(await forged())).toMatchObject({ id: ada });
  });

  it('is refused without a signature (alg none)', async () => {
    const claims = {
      iss: BASE,
      aud: audienceOf(BASE),
      sub: ada,
      scope: '',
      client_id: 'x',
      jti: 'x',
      iat: NOW_SECONDS,
      exp: NOW_SECONDS + 60,
    };
    await refusal(askWith(new UnsecuredJWT(claims).encode()));
    const { kid } = await signingKey(env.TOKEN_KEY);
    const [, payload] = (await goodToken()).split('.');
    await refusal(
      askWith(`${btoa(JSON.stringify({ alg: 'none', typ: 'at+jwt', kid })).replace(/=+$/, '')}.${payload}.`),
    );
  });

  it('is refused when it is signed with HS256 and our public key as the secret', async () => {
    const { kid, publicKey } = await signingKey(env.TOKEN_KEY);
    const jwk = await crypto.subtle.exportKey('jwk', publicKey).catch(() => exportJWK(publicKey));
    const secret = new TextEncoder().encode(JSON.stringify(jwk));
    const token = await new SignJWT({ scope: '', client_id: 'x' })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid })
      .setIssuer(BASE)
      .setAudience(audienceOf(BASE))
      .setSubject(ada)
      .setJti('x')
      .setIssuedAt(NOW_SECONDS)
      .setExpirationTime(NOW_SECONDS + 60)
      .sign(secret);
    await refusal(askWith(token));
  });

  it.each([
    ['of another audience', { claims: { aud: 'https://stage.test/chat' } }],
    ['of another issuer', { claims: { iss: 'https://elsewhere.test' } }],
    ['of another type, an id token for one', { header: { typ: 'JWT' } }],
    ['that never expires', { claims: { exp: undefined } }],
    ['without an id', { claims: { jti: undefined } }],
    ['that is not valid yet', { claims: { nbf: NOW_SECONDS + 60 } }],
    ['whose subject is no user id', { claims: { sub: 'admin' } }],
    ['of a user who does not exist', { claims: { sub: 'us_nobody' } }],
  ])('is refused when it is one %s', async (_what, change) => {
    await refusal(askWith(await forged(change)));
  });

  it('is refused when another key signed it', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    await refusal(askWith(await forged({ key: privateKey })));
  });

  it('is refused once it has expired, and told so', async () => {
    const token = await goodToken({ lifetimeSeconds: 600 });
    expect(await askWith(token, { nowSeconds: NOW_SECONDS + 599 })).not.toBeNull();
    expect((await refusal(askWith(token, { nowSeconds: NOW_SECONDS + 601 }))).message).toContain('expired');
  });

  it('is refused when one character of it is changed', async () => {
    const token = await goodToken();
    const [header, payload, signature] = token.split('.');
    const other = btoa(atob(payload!.replace(/-/g, '+').replace(/_/g, '/')).replace('us_ada0', 'us_root0')).replace(
      /=+$/,
      '',
    );
    await refusal(askWith(`${header}.${other}.${signature}`));
    await refusal(askWith('not-a-token'));
  });

  it('of a seeded person means nothing in production, where nobody is seeded', async () => {
    await refusal(askWith(await goodToken({ userId: UserId.parse('us_cleo0') }), { mode: 'production' }));
  });
});

describe('the signing key', () => {
  it.each([
    ['nothing', ''],
    ['not JSON', '{'],
    ['a public key', '{"kty":"EC","crv":"P-256","x":"a","y":"b"}'],
    ['a symmetric key', '{"kty":"oct","k":"aaaa"}'],
  ])('is refused with a sentence when it is %s', async (_what, json) => {
    await expect(async () => signingKey(json)).rejects.toThrow(/TOKEN_KEY/);
  });
});
