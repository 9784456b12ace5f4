// A code becomes tokens (RFC 6749 section 4.1.3, RFC 7636): once, soon, for the app that asked, with the proof that it did.
import { base64url } from 'jose';
import { REFRESH_LIFETIME_MS } from '../../domain/oauth/lifetimes.ts';
import { parameter } from '../../domain/oauth/parameters.ts';
import { type OAuthRefusal, refusal } from '../../protocol/oauth.ts';
import type { AppRecord } from '../../storage/apps.ts';
import { revokeGrant } from '../../storage/grants.ts';
import { type CodeRecord, findCode, keepRefreshToken, spendCode } from '../../storage/oauth-tokens.ts';
import { hashSecret, isSameSecret } from '../secrets.ts';
import { type Issuing, issueTokens, type TokenOutcome } from './issue.ts';
import { mintRefreshToken } from './opaque.ts';

const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

export async function exchangeCode(issuing: Issuing, app: AppRecord, form: URLSearchParams): Promise<TokenOutcome> {
  const { env, nowMs } = issuing;
  const code = parameter(form, 'code');
  const verifier = parameter(form, 'code_verifier');
  const redirectUri = parameter(form, 'redirect_uri');
  if (!code || !verifier || !redirectUri) {
    return refusal('invalid_request', 'code, code_verifier and redirect_uri are all needed.');
  }
  const codeHash = await hashSecret(code);
  const found = await findCode(env.DB, codeHash);
  if (!found || found.appId !== app.id) return refusal('invalid_grant', 'The code is not one that this app was given.');
  if (found.spentAtMs !== null) return replayed(issuing, found);
  const no = await whyNot(found, { verifier, redirectUri, nowMs });
  if (no) return no;
  // Of two that come at the same moment one spends it, and the other is a replay.
  if (!(await spendCode(env.DB, codeHash, nowMs))) return replayed(issuing, found);

  const { grantId, userId, scopes } = found;
  const refreshToken = scopes.includes('offline_access') ? mintRefreshToken(issuing.randomBytes) : null;
  if (refreshToken !== null) {
    const tokenHash = await hashSecret(refreshToken);
    await keepRefreshToken(env.DB, { tokenHash, grantId, expiresAtMs: nowMs + REFRESH_LIFETIME_MS });
  }
  return issueTokens(issuing, { grantId, appId: app.id, userId, scopes, refreshToken });
}

async function whyNot(
  found: CodeRecord,
  { verifier, redirectUri, nowMs }: { verifier: string; redirectUri: string; nowMs: number },
): Promise<OAuthRefusal | null> {
  if (found.isRevoked) return refusal('invalid_grant', 'What the code was given for has been revoked.');
  if (found.expiresAtMs <= nowMs) return refusal('invalid_grant', 'The code has expired. Ask for a new one.');
  if (found.redirectUri !== redirectUri) {
    return refusal('invalid_grant', 'redirect_uri is not the one that the code was sent to.');
  }
  const isProven = VERIFIER.test(verifier) && (await isSameSecret(await challengeOf(verifier), found.codeChallenge));
  return isProven ? null : refusal('invalid_grant', 'code_verifier does not fit the code_challenge.');
}

/** RFC 6749 section 4.1.2: a code that comes twice is in two hands; what it gave is taken back. */
async function replayed({ env, nowMs }: Issuing, { grantId }: CodeRecord): Promise<TokenOutcome> {
  const wasLive = await revokeGrant(env.DB, { id: grantId, nowMs });
  return {
    ...refusal('invalid_grant', 'The code was used before. What it gave has been revoked.'),
    ...(wasLive && { killed: grantId }),
  };
}

async function challengeOf(verifier: string): Promise<string> {
  return base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))));
}
