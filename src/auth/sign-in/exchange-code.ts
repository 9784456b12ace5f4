// A code becomes claims: the answer is checked, the code exchanged, the id token verified.
import * as oauth from 'oauth4webapi';
import { type OidcProvider, ProviderClaims, type SignInRefusal } from '../../protocol/sign-in.ts';
import type { SignInAttempt } from '../../storage/sign-in-attempts.ts';
import { callbackUrl, clientAuthentication, clientOf, providerServer, requestOptions } from './provider-server.ts';

export type Exchanged = { ok: true; claims: ProviderClaims } | { ok: false; reason: SignInRefusal };

interface CodeAnswer {
  base: string;
  provider: OidcProvider;
  parameters: URLSearchParams;
  attempt: SignInAttempt;
  nowMs: number;
}

export async function exchangeCode(answer: CodeAnswer): Promise<Exchanged> {
  try {
    return await checkedExchange(answer);
  } catch (error) {
    const reason = reasonOf(error);
    // Its message only: the rest of it may hold codes and tokens.
    console.warn(`sign-in: ${answer.provider.id}: ${reason}: ${error instanceof Error ? error.message : error}`);
    return { ok: false, reason };
  }
}

async function checkedExchange({ base, provider, parameters, attempt, nowMs }: CodeAnswer): Promise<Exchanged> {
  const server = await providerServer(provider, nowMs);
  // RFC 9207: an answer that names another issuer is a mix-up, whatever else is right about it.
  if (parameters.getAll('iss').some((issuer) => issuer !== server.issuer))
    return { ok: false, reason: 'other_provider' };
  const client = clientOf(provider);
  const checked = oauth.validateAuthResponse(server, client, parameters, parameters.get('state') ?? '');
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    clientAuthentication(provider, server),
    checked,
    callbackUrl(base, provider),
    attempt.codeVerifier,
    requestOptions(provider),
  );
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
    expectedNonce: attempt.nonce,
    requireIdToken: true,
  });
  // Over TLS the channel vouches for the token already; the signature is checked all the same, and over http it is all there is.
  await oauth.validateApplicationLevelSignature(server, response, requestOptions(provider));
  const idToken = oauth.getValidatedIdTokenClaims(tokens);
  const claims = ProviderClaims.safeParse(idToken);
  if (!claims.success) return { ok: false, reason: 'invalid_answer' };
  if (saysEnough(claims.data) || !server.userinfo_endpoint) return { ok: true, claims: claims.data };
  const more = await userInfo(server, provider, tokens.access_token, claims.data.sub);
  return { ok: true, claims: ProviderClaims.parse({ ...more, ...idToken }) };
}

/** Some providers tell who somebody is in the id token, others only when they are asked. */
const saysEnough = ({ name, preferred_username, email }: ProviderClaims): boolean =>
  (name ?? preferred_username) !== null && email !== null;

async function userInfo(
  server: oauth.AuthorizationServer,
  provider: OidcProvider,
  accessToken: string,
  subject: string,
): Promise<oauth.UserInfoResponse> {
  const client = clientOf(provider);
  const response = await oauth.userInfoRequest(server, client, accessToken, requestOptions(provider));
  return oauth.processUserInfoResponse(server, client, subject, response);
}

function reasonOf(error: unknown): SignInRefusal {
  if (error instanceof oauth.AuthorizationResponseError) return 'cancelled';
  const isJudgement =
    error instanceof oauth.OperationProcessingError ||
    error instanceof oauth.UnsupportedOperationError ||
    error instanceof oauth.ResponseBodyError ||
    error instanceof oauth.WWWAuthenticateChallengeError;
  // What is left is the network: no connection, or no answer in time.
  return isJudgement ? 'invalid_answer' : 'provider_unreachable';
}
