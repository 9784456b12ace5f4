// How the OAuth endpoints answer: JSON that is never kept, and errors in the form of RFC 6749 section 5.2.
import { FootlightError } from '../../protocol/errors.ts';
import { OAUTH_ERRORS, type OAuthErrorCode, type OAuthRefusal } from '../../protocol/oauth.ts';
import type { AppContext } from '../context.ts';

/** RFC 6749 section 5.1: what holds a token is never stored on the way. */
export const NOT_STORED = { 'Cache-Control': 'no-store', Pragma: 'no-cache' };

export function refuse(c: AppContext, { error, description }: OAuthRefusal): Response {
  if (error === 'invalid_client') c.header('WWW-Authenticate', 'Basic realm="footlight"');
  return c.json({ error, error_description: description }, OAUTH_ERRORS[error], NOT_STORED);
}

/** What a guard in front threw, in the words of these endpoints. */
export function answerOAuthError(error: Error, c: AppContext): Response {
  const known =
    error instanceof FootlightError ? error : new FootlightError('internal', 'Something broke on our side.');
  if (known.code === 'internal') console.error(`request ${c.get('requestId')} ${c.req.method} ${c.req.path}`, error);
  const { retryAfterSeconds } = known.facts;
  if (retryAfterSeconds !== undefined) c.header('Retry-After', String(retryAfterSeconds));
  const description = known.code === 'internal' ? 'Something broke on our side. Try again.' : known.message;
  return c.json({ error: nameOf(known), error_description: description }, known.status as 400, NOT_STORED);
}

function nameOf({ status }: FootlightError): OAuthErrorCode {
  if (status === 429 || status === 503) return 'temporarily_unavailable';
  return status >= 500 ? 'server_error' : 'invalid_request';
}
