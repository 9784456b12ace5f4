// An app of somebody else: a small server that knows Footlight by its address alone and uses a standard OAuth client.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as oauth from 'oauth4webapi';
import type { Page } from 'playwright-core';

const INSECURE = { [oauth.allowInsecureRequests]: true } as const;

export interface ThirdPartyApp {
  /** Where its visitors begin. */
  connectUrl: string;
  /** What the last visitor's way through consent gave; null: they said no. */
  outcome(): { tokens: oauth.TokenEndpointResponse } | { error: string } | null;
  refresh(refreshToken: string): Promise<oauth.TokenEndpointResponse>;
  close(): Promise<void>;
}

interface Credentials {
  clientId: string;
  clientSecret: string;
}

/** As its developer does it, on the page for developers; the page must be signed in. */
export async function registerOnPage(
  page: Page,
  base: string,
  { name, scopes }: { name: string; scopes: readonly string[] },
): Promise<Credentials> {
  await page.goto(`${base}/developers`);
  await page.getByTestId('app-name').fill(name);
  await page.getByTestId('app-addresses').fill('http://127.0.0.1/callback');
  for (const scope of scopes) await page.getByTestId(`app-scope-${scope}`).check();
  await page.getByTestId('app-submit').click();
  const card = page.getByTestId('app-card').filter({ hasText: name });
  const clientSecret = (await card.getByTestId('client-secret').textContent()) ?? '';
  return { clientId: (await card.getByTestId('client-id').textContent()) ?? '', clientSecret };
}

/** It listens wherever there is room, as RFC 8252 lets it: registered is `http://127.0.0.1/callback`. */
export async function startThirdPartyApp(
  base: string,
  { clientId, clientSecret, scope }: Credentials & { scope: string },
): Promise<ThirdPartyApp> {
  const as = await discover(base);
  const client = { client_id: clientId };
  const auth = oauth.ClientSecretBasic(clientSecret);
  let attempt: { state: string; verifier: string } | null = null;
  let outcome: ReturnType<ThirdPartyApp['outcome']> = null;

  const connect = async (redirectUri: string): Promise<string> => {
    attempt = { state: oauth.generateRandomState(), verifier: oauth.generateRandomCodeVerifier() };
    const url = new URL(as.authorization_endpoint!);
    url.search = new URLSearchParams({
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUri,
      scope,
      state: attempt.state,
      code_challenge: await oauth.calculatePKCECodeChallenge(attempt.verifier),
      code_challenge_method: 'S256',
    }).toString();
    return url.href;
  };
  const finish = async (callback: URL, redirectUri: string): Promise<string> => {
    if (!attempt) throw new Error('Nobody asked.');
    const { state, verifier } = attempt;
    attempt = null;
    try {
      const parameters = oauth.validateAuthResponse(as, client, callback, state);
      const answer = await oauth.authorizationCodeGrantRequest(
        as,
        client,
        auth,
        parameters,
        redirectUri,
        verifier,
        INSECURE,
      );
      outcome = { tokens: await oauth.processAuthorizationCodeResponse(as, client, answer) };
      return 'Connected';
    } catch (error) {
      if (!(error instanceof oauth.AuthorizationResponseError)) throw error;
      outcome = { error: error.error };
      return 'Not connected';
    }
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    const redirectUri = `${url.origin}/callback`;
    const work =
      url.pathname === '/callback'
        ? finish(url, redirectUri).then((words) => response.end(`<h1>${words}</h1>`))
        : connect(redirectUri).then((to) => response.writeHead(302, { Location: to }).end());
    work.catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    connectUrl: `http://127.0.0.1:${port}/`,
    outcome: () => outcome,
    refresh: async (refreshToken) =>
      oauth.processRefreshTokenResponse(
        as,
        client,
        await oauth.refreshTokenGrantRequest(as, client, auth, refreshToken, INSECURE),
      ),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** An access token that a confidential app takes for itself (client_credentials). */
export async function botToken(
  base: string,
  { id, clientSecret, scope }: { id: string; clientSecret: string | null; scope: string },
): Promise<string> {
  const as = await discover(base);
  const client = { client_id: id };
  const auth = oauth.ClientSecretBasic(clientSecret ?? '');
  const answer = await oauth.clientCredentialsGrantRequest(as, client, auth, { scope }, INSECURE);
  return (await oauth.processClientCredentialsResponse(as, client, answer)).access_token;
}

async function discover(base: string): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(base);
  const answer = await oauth.discoveryRequest(issuer, { ...INSECURE, algorithm: 'oauth2' });
  return oauth.processDiscoveryResponse(issuer, answer);
}
