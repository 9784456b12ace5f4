// What the tests of the authorization server share: apps, a person at the consent page, and tokens by way of the real doors.
import type { RegisteredApp } from '../../src/protocol/oauth.ts';
import { as, BASE, call } from './support.ts';

export const CALLBACK = 'https://app.test/callback';
export const AUDIENCE = `${BASE}/api`;
/** RFC 7636 appendix B. */
export const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
export const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

export const newApp = (settings: object = {}) => ({
  name: 'Stream clock',
  type: 'confidential',
  redirectUris: [CALLBACK],
  scopes: ['streams:read', 'streams:write', 'chat:write', 'offline_access'],
  ...settings,
});

export async function registerApp(settings: object = {}, owner = 'ada'): Promise<RegisteredApp> {
  const response = await as(owner, 'POST', '/api/v1/apps', newApp(settings));
  if (response.status !== 201) throw new Error(await response.text());
  return response.json();
}

/** The query of a good authorization request; what is null is left out. */
export function requestOf(clientId: string, changes: Record<string, string | null> = {}): string {
  const parameters = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: CALLBACK,
    scope: 'streams:read streams:write offline_access',
    state: 'the-state',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...changes,
  };
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== null);
  return new URLSearchParams(given).toString();
}

const cookies = new Map<string, Promise<string>>();

const cookieOf = (handle: string): Promise<string> => {
  const cookie =
    cookies.get(handle) ??
    call('/api/v1/session', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: BASE },
      body: JSON.stringify({ user: handle }),
    }).then((response) =>
      response.headers
        .getSetCookie()
        .map((one) => one.split(';')[0])
        .join('; '),
    );
  cookies.set(handle, cookie);
  return cookie;
};

/** A request of one of our own pages, with the session cookie of a person. */
export const fromPage = async (
  handle: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = { Origin: BASE },
): Promise<Response> =>
  call(path, {
    method,
    redirect: 'manual',
    headers: { Cookie: await cookieOf(handle), 'Content-Type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

/** The person says yes; the address that the app is called back at. */
export async function allow(query: string, handle = 'ben'): Promise<URL> {
  const response = await fromPage(handle, 'POST', '/api/v1/consent', { request: query, allow: true });
  if (response.status !== 200) throw new Error(await response.text());
  return new URL(((await response.json()) as { redirectTo: string }).redirectTo);
}

export const codeFor = async (query: string, handle = 'ben'): Promise<string> =>
  (await allow(query, handle)).searchParams.get('code')!;

/** A form to one of the OAuth endpoints, with the app's credentials in the body. */
export const ask = (path: string, app: { id: string; clientSecret: string | null }, form: Record<string, string>) =>
  call(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      client_id: app.id,
      ...(app.clientSecret !== null && { client_secret: app.clientSecret }),
      ...form,
    }),
  });

export const exchange = (app: { id: string; clientSecret: string | null }, code: string, changes: object = {}) =>
  ask('/oauth/token', app, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: CALLBACK,
    code_verifier: VERIFIER,
    ...changes,
  });

export const refresh = (app: { id: string; clientSecret: string | null }, token: string, changes: object = {}) =>
  ask('/oauth/token', app, { grant_type: 'refresh_token', refresh_token: token, ...changes });

/** The app acts for itself. */
export const botTokenOf = async (app: { id: string; clientSecret: string | null }): Promise<string> => {
  const response = await ask('/oauth/token', app, { grant_type: 'client_credentials' });
  if (response.status !== 200) throw new Error(await response.text());
  return ((await response.json()) as Tokens).access_token;
};

export interface Tokens {
  access_token: string;
  refresh_token: string;
  scope: string;
  expires_in: number;
}

/** Everything at once: an app, what a person allowed it, and the tokens that came of it. */
export async function connected({
  handle = 'ben',
  scope = 'streams:read streams:write offline_access',
  ...settings
}: {
  handle?: string;
  scope?: string;
  type?: 'public' | 'confidential';
  scopes?: string[];
} = {}): Promise<{ app: RegisteredApp; tokens: Tokens }> {
  const app = await registerApp(settings);
  const code = await codeFor(requestOf(app.id, { scope }), handle);
  const response = await exchange(app, code);
  if (response.status !== 200) throw new Error(await response.text());
  return { app, tokens: await response.json() };
}

/** A request with an app's access token. */
export const withToken = (token: string, path = '/api/v1/channels', method = 'GET', body?: unknown) =>
  call(path, {
    method,
    headers: { Authorization: `Bearer ${token}`, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

/** The error of a refusal, in the form of RFC 6749 section 5.2. */
export async function oauthError(response: Response): Promise<string> {
  const body = (await response.json()) as { error: string; error_description: string };
  if (response.headers.get('Cache-Control') !== 'no-store') throw new Error('a refusal may not be kept');
  if (!body.error_description) throw new Error('a refusal says why');
  return body.error;
}
