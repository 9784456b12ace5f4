// The way out: remembers one attempt to sign in, and says where to send the browser.
import { base64url } from 'jose';
import * as oauth from 'oauth4webapi';
import type { OidcProvider } from '../../protocol/sign-in.ts';
import { keepAttempt } from '../../storage/sign-in-attempts.ts';
import { makeCookie, readCookie } from '../cookies.ts';
import { hashSecret } from '../secrets.ts';
import { callbackUrl, isInsecure, providerServer } from './provider-server.ts';
import { type RefusedSignIn, refusedSignIn } from './refusals.ts';

/** How long somebody may take at the provider. */
const ATTEMPT_SECONDS = 10 * 60;
const SCOPE = 'openid profile email';
const COOKIE = 'footlight-sign-in';
const BROWSER_SECRET = /^[\w-]{43}$/;

export interface BegunSignIn {
  ok: true;
  location: string;
  setCookie: string;
}

export async function beginSignIn({
  db,
  request,
  base,
  provider,
  returnTo,
  nowMs,
}: {
  db: D1Database;
  request: Request;
  base: string;
  provider: OidcProvider;
  /** Checked already. */
  returnTo: string;
  nowMs: number;
}): Promise<BegunSignIn | RefusedSignIn> {
  const endpoint = await authorizationEndpoint(provider, nowMs);
  if (!endpoint) return refusedSignIn('provider_unreachable', returnTo);
  // The same for all attempts of a browser, so that two tabs do not spoil each other's.
  const browser = readBrowser(request, base) ?? base64url.encode(crypto.getRandomValues(new Uint8Array(32)));
  const [state, nonce, codeVerifier] = [
    oauth.generateRandomState(),
    oauth.generateRandomNonce(),
    oauth.generateRandomCodeVerifier(),
  ];
  const [stateHash, browserHash, challenge] = await Promise.all([
    hashSecret(state),
    hashSecret(browser),
    oauth.calculatePKCECodeChallenge(codeVerifier),
  ]);
  const expiresAtMs = nowMs + ATTEMPT_SECONDS * 1000;
  await keepAttempt(
    db,
    { stateHash, browserHash, provider: provider.id, nonce, codeVerifier, returnTo, expiresAtMs },
    nowMs,
  );
  for (const [name, value] of Object.entries({
    client_id: provider.clientId,
    response_type: 'code',
    redirect_uri: callbackUrl(base, provider),
    scope: SCOPE,
    state,
    nonce,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  })) {
    endpoint.searchParams.set(name, value);
  }
  return { ok: true, location: endpoint.href, setCookie: makeCookie({ base, name: COOKIE }, browser, ATTEMPT_SECONDS) };
}

/** The secret that ties a browser to the attempts it began; null: it began none. */
export function readBrowser(request: Request, base: string): string | null {
  const value = readCookie({ base, name: COOKIE }, request.headers);
  return value !== null && BROWSER_SECRET.test(value) ? value : null;
}

/** Null when the provider cannot be asked, or names no endpoint that may be used. */
async function authorizationEndpoint(provider: OidcProvider, nowMs: number): Promise<URL | null> {
  try {
    const { authorization_endpoint: endpoint } = await providerServer(provider, nowMs);
    const url = new URL(endpoint ?? '');
    return url.protocol === 'https:' || (url.protocol === 'http:' && isInsecure(provider)) ? url : null;
  } catch (error) {
    console.warn(`sign-in: ${provider.id} cannot be asked: ${error instanceof Error ? error.message : error}`);
    return null;
  }
}
