// An OpenID provider as the edge sees it: discovery, token, userinfo and keys, answering from memory. It stands in for fetch.
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { vi } from 'vitest';
import type { OidcProvider } from '../../src/protocol/sign-in.ts';

const SECRET = 'the secret of the client';

export interface FakeProvider {
  settings: OidcProvider;
  /** Answers the browser's request of `location` as a person who signs in does: the address that it is sent back to. */
  signIn(location: string, person: { sub: string } & JWTPayload, options?: { iss?: string }): URL;
  /** What the next id token says besides; a claim that is undefined is left out. */
  claims: JWTPayload;
  /** Makes the next id token in another way. */
  forge: ((claims: JWTPayload) => Promise<string>) | null;
  userInfo: Record<string, unknown> | null;
  /** How many codes were exchanged. */
  exchanged: number;
}

interface Code {
  clientId: string;
  challenge: string;
  redirectUri: string;
  person: JWTPayload;
  nonce: string;
}

/** Providers by id, each at `https://{id}.example`; whatever else is fetched fails. */
export async function startProviders<Id extends string>(ids: readonly Id[]): Promise<Record<Id, FakeProvider>> {
  const entries = await Promise.all(ids.map(async (id) => [id, await startProvider(id)] as const));
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const found = entries.find(([id]) => url.hostname === `${id}.example`);
    if (!found) throw new TypeError(`nothing listens at ${url.origin}`);
    return found[1].answer(request, url.pathname);
  });
  return Object.fromEntries(entries.map(([id, { provider }]) => [id, provider])) as Record<Id, FakeProvider>;
}

/** A provider keeps its keys, as the edge keeps what it knows of them. */
const keys = new Map<string, Promise<{ jwk: JWK; privateKey: CryptoKey }>>();

function keysOf(id: string): Promise<{ jwk: JWK; privateKey: CryptoKey }> {
  const kept = keys.get(id) ?? makeKeys(id);
  keys.set(id, kept);
  return kept;
}

async function makeKeys(kid: string): Promise<{ jwk: JWK; privateKey: CryptoKey }> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' }, privateKey };
}

async function startProvider(id: string) {
  const issuer = `https://${id}.example`;
  const { jwk, privateKey } = await keysOf(id);
  const codes = new Map<string, Code>();
  const provider: FakeProvider = {
    settings: { id, name: `The ${id} accounts`, issuer, clientId: `footlight-at-${id}`, clientSecret: SECRET },
    claims: {},
    forge: null,
    userInfo: null,
    exchanged: 0,
    signIn(location, person, { iss } = {}) {
      const asked = new URL(location).searchParams;
      const code = crypto.randomUUID();
      codes.set(code, {
        clientId: asked.get('client_id')!,
        challenge: asked.get('code_challenge')!,
        redirectUri: asked.get('redirect_uri')!,
        nonce: asked.get('nonce')!,
        person,
      });
      const back = new URL(asked.get('redirect_uri')!);
      for (const [name, value] of Object.entries({ code, state: asked.get('state')!, iss: iss ?? issuer }))
        back.searchParams.set(name, value);
      return back;
    },
  };

  const sign = (claims: JWTPayload): Promise<string> =>
    new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: id }).sign(privateKey);

  async function token(request: Request): Promise<Response> {
    const form = new URLSearchParams(new TextDecoder().decode(await request.arrayBuffer()));
    const { clientId, challenge, redirectUri, nonce, person } = codes.get(form.get('code') ?? '') ?? {};
    codes.delete(form.get('code') ?? '');
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(form.get('code_verifier') ?? ''));
    const isGood =
      clientId !== undefined &&
      credentialOf(request) === `${clientId}:${SECRET}` &&
      challenge === base64url(new Uint8Array(digest)) &&
      form.get('redirect_uri') === redirectUri;
    if (!isGood) return Response.json({ error: 'invalid_grant' }, { status: 400 });
    provider.exchanged += 1;
    const nowSeconds = Math.floor(Date.now() / 1000);
    const claims = {
      iss: issuer,
      aud: clientId,
      iat: nowSeconds,
      exp: nowSeconds + 300,
      nonce,
      ...person,
      ...provider.claims,
    };
    const idToken = await (provider.forge ?? sign)(JSON.parse(JSON.stringify(claims)));
    return Response.json({ access_token: 'a token', token_type: 'Bearer', expires_in: 300, id_token: idToken });
  }

  const metadata = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    id_token_signing_alg_values_supported: ['ES256'],
    authorization_response_iss_parameter_supported: true,
  };
  const answer = async (request: Request, pathname: string): Promise<Response> => {
    if (pathname === '/.well-known/openid-configuration') return Response.json(metadata);
    if (pathname === '/jwks') return Response.json({ keys: [jwk] });
    if (pathname === '/token') return token(request);
    if (pathname === '/userinfo' && provider.userInfo) return Response.json(provider.userInfo);
    return new Response(null, { status: 404 });
  };
  return { provider, answer };
}

/** RFC 6749 section 2.3.1: both halves of the client's credential are form-encoded first. */
function credentialOf(request: Request): string {
  const basic = atob(request.headers.get('Authorization')?.replace('Basic ', '') ?? '');
  return decodeURIComponent(basic.replace(/\+/g, ' '));
}

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');
