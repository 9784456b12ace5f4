// An app asks for a code: is the request good, and if not, may the app be told?
import type { Scope } from '../../protocol/claims.ts';
import { type OAuthErrorCode, type OAuthRefusal, refusal } from '../../protocol/oauth.ts';
import { isWithin, parameter, readScopes, repeatedParameter, wantsOnly } from './parameters.ts';
import { isRegistered } from './redirect-uri.ts';
import { wantsPrompt } from './remembered-consent.ts';

export interface AuthorizationRequest {
  redirectUri: string;
  state: string | null;
  scopes: Scope[];
  /** RFC 7636, always S256. */
  codeChallenge: string;
  /** The app wants the person to be asked, whatever they have allowed before. */
  wantsPrompt: boolean;
}

export type Judgement =
  | { verdict: 'good'; request: AuthorizationRequest }
  /** The app is told at its own address, once the person goes back there. */
  | { verdict: 'sent_back'; redirectUri: string; state: string | null; error: OAuthErrorCode; description: string }
  /** RFC 6749 section 4.1.2.1: an address that is not the app's gets nothing, or we were an open redirector. */
  | { verdict: 'stopped'; refusal: OAuthRefusal };

const S256_CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

/** `app`: the one that `client_id` names, null when there is none. `audience`: what our tokens are for. */
export function judgeAuthorization(
  parameters: URLSearchParams,
  { app, audience }: { app: { redirectUris: readonly string[]; scopes: readonly Scope[] } | null; audience: string },
): Judgement {
  const repeated = repeatedParameter(parameters);
  if (repeated === 'client_id' || repeated === 'redirect_uri')
    return stopped('invalid_request', `${repeated} is there twice.`);
  if (!app) return stopped('invalid_client', 'There is no app with this client_id. It may have been deleted.');
  const redirectUri = parameter(parameters, 'redirect_uri');
  if (!redirectUri) return stopped('invalid_request', 'redirect_uri is missing. Send one that the app has registered.');
  if (!isRegistered(redirectUri, app.redirectUris)) {
    return stopped(
      'invalid_request',
      'redirect_uri is not one that the app has registered. They are compared letter by letter.',
    );
  }

  const state = parameter(parameters, 'state');
  const sentBack = (error: OAuthErrorCode, description: string): Judgement => ({
    verdict: 'sent_back',
    redirectUri,
    state,
    error,
    description,
  });
  if (repeated) return sentBack('invalid_request', `${repeated} is there twice.`);
  if (parameter(parameters, 'response_type') !== 'code') {
    return sentBack('unsupported_response_type', 'response_type must be code.');
  }
  if ((parameter(parameters, 'response_mode') ?? 'query') !== 'query') {
    return sentBack('invalid_request', 'response_mode must be query.');
  }
  const codeChallenge = parameter(parameters, 'code_challenge');
  // RFC 7636 section 4.3: a request that names no method means "plain", which protects from nobody who sees the request.
  if (!codeChallenge || parameter(parameters, 'code_challenge_method') !== 'S256') {
    return sentBack('invalid_request', 'PKCE is required: send code_challenge with code_challenge_method=S256.');
  }
  if (!S256_CHALLENGE.test(codeChallenge)) {
    return sentBack('invalid_request', 'code_challenge must be a SHA-256 in base64url: 43 characters.');
  }
  if (!wantsOnly(parameters, audience)) return sentBack('invalid_target', `The only resource here is ${audience}.`);
  const scopes = readScopes(parameter(parameters, 'scope') ?? '');
  if (!scopes || scopes.length === 0)
    return sentBack('invalid_scope', 'scope must name at least one scope, and known ones only.');
  if (!isWithin(scopes, app.scopes)) {
    return sentBack('invalid_scope', `The app is registered for ${app.scopes.join(' ')} and asks for more.`);
  }
  const isPrompt = wantsPrompt(parameter(parameters, 'prompt'));
  return { verdict: 'good', request: { redirectUri, state, scopes, codeChallenge, wantsPrompt: isPrompt } };
}

const stopped = (error: OAuthErrorCode, description: string): Judgement => ({
  verdict: 'stopped',
  refusal: refusal(error, description),
});
