// A real OpenID provider for one machine: oidc-provider with the seeded people and a login page that asks for no password.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { JWK } from 'jose';
import { interactionPolicy, Provider, type RequestContext } from 'oidc-provider';
import { castMember, LOCAL_CAST } from '../../src/auth/local-cast.ts';
import { overPage, pickPage } from './identity-provider-page.ts';

export interface IdentityProviderOptions {
  issuer: string;
  client: { id: string; secret: string; redirectUri: string };
  /** Private keys that sign id tokens, and what signs the provider's cookies: kept, so that a restart changes neither. */
  keys: { jwks: JWK[]; cookieKeys: string[] };
}

const SCOPE = 'openid profile email';
const INTERACTION = /^\/interaction\/([\w-]{1,64})$/;
const BODY_BYTES_MAX = 1024;
const TEN_MINUTES_SECONDS = 600;

export function identityProvider({ issuer, client, keys }: IdentityProviderOptions): Server {
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [client.redirectUri],
        response_types: ['code'],
        grant_types: ['authorization_code'],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    jwks: { keys: keys.jwks },
    cookies: { keys: keys.cookieKeys },
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'] },
    // All that is known goes into the id token.
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { policy: alwaysAsk(), url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_context: unknown, subject: string) => account(subject),
    // Nobody is asked for consent: the only client is this machine's own Footlight.
    loadExistingGrant: ({ oidc }: RequestContext) => grantAll(provider, oidc.client.clientId, oidc.session.accountId),
    ttl: {
      AccessToken: TEN_MINUTES_SECONDS,
      AuthorizationCode: 60,
      Grant: TEN_MINUTES_SECONDS,
      IdToken: TEN_MINUTES_SECONDS,
      Interaction: TEN_MINUTES_SECONDS,
      Session: TEN_MINUTES_SECONDS,
    },
  });
  const answerProtocol = provider.callback();
  return createServer((request, response) => {
    const path = new URL(request.url ?? '/', issuer).pathname;
    const answer = INTERACTION.test(path) ? answerLogin : answerProtocol;
    answer(request, response, provider).catch((error: unknown) => {
      console.error(error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
}

/** Signing in again is how one becomes somebody else here, so the page comes every time. */
function alwaysAsk() {
  const policy = interactionPolicy.base();
  const { Check } = interactionPolicy;
  const asked = ({ oidc }: RequestContext): boolean =>
    oidc.result?.login ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT;
  policy.get('login').checks.add(new Check('always_ask', 'somebody must be picked', asked));
  return policy;
}

async function account(subject: string) {
  const member = castMember(subject);
  if (!member) return undefined;
  const { handle, name } = member;
  const claims = { sub: handle, name, preferred_username: handle, email: `${handle}@cast.test`, email_verified: true };
  return { accountId: handle, claims: async () => claims };
}

async function grantAll(provider: Provider, clientId: string, accountId: string) {
  const grant = new provider.Grant({ clientId, accountId });
  grant.addOIDCScope(SCOPE);
  await grant.save();
  return grant;
}

async function answerLogin(request: IncomingMessage, response: ServerResponse, provider: Provider): Promise<void> {
  const interaction = await provider.interactionDetails(request, response).catch(() => null);
  if (!interaction) return show(response, 400, overPage());
  if (request.method !== 'POST') return show(response, 200, pickPage(LOCAL_CAST, `/interaction/${interaction.uid}`));
  const member = castMember((await readForm(request)).get('person') ?? '');
  const result = member
    ? { login: { accountId: member.handle, remember: false } }
    : { error: 'access_denied', error_description: 'Nobody was picked' };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

function show(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(html);
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > BODY_BYTES_MAX) break;
  }
  return new URLSearchParams(text);
}
