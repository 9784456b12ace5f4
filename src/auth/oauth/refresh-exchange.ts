// A refresh token becomes its successor (RFC 6749 section 6, RFC 9700 section 4.14): each is used once, and a second use ends the grant.
import { judgeRefresh, REFRESH_LIFETIME_MS } from '../../domain/oauth/lifetimes.ts';
import { isWithin, parameter, readScopes } from '../../domain/oauth/parameters.ts';
import { refusal } from '../../protocol/oauth.ts';
import type { AppRecord } from '../../storage/apps.ts';
import { revokeGrant } from '../../storage/grants.ts';
import { findRefreshToken, type RefreshTokenRecord, rotateRefreshToken } from '../../storage/oauth-tokens.ts';
import { hashSecret } from '../secrets.ts';
import { type Issuing, issueTokens, type TokenOutcome } from './issue.ts';
import { successorOf } from './opaque.ts';

export async function exchangeRefreshToken(
  issuing: Issuing,
  app: AppRecord,
  form: URLSearchParams,
): Promise<TokenOutcome> {
  const { env, nowMs } = issuing;
  const token = parameter(form, 'refresh_token');
  if (!token) return refusal('invalid_request', 'refresh_token is missing.');
  const tokenHash = await hashSecret(token);
  const found = await findRefreshToken(env.DB, tokenHash);
  if (!found || found.appId !== app.id) return refusal('invalid_grant', 'The refresh token is not one of this app.');
  if (found.isRevoked) return refusal('invalid_grant', 'What the refresh token was given for has been revoked.');
  const wanted = parameter(form, 'scope');
  const scopes = wanted === null ? found.scopes : readScopes(wanted);
  if (!scopes || scopes.length === 0 || !isWithin(scopes, found.scopes)) {
    return refusal('invalid_scope', `The refresh token was given for ${found.scopes.join(' ')} and no more.`);
  }

  const verdict = judgeRefresh(found, nowMs);
  if (verdict === 'expired') return refusal('invalid_grant', 'The refresh token has expired. Ask the person again.');
  if (verdict === 'reuse') return reused(issuing, found);
  const successor = await successorOf(env.WRAPPING_KEY, token);
  const { grantId, userId } = found;
  // Of two that come at the same moment one rotates it, and the other is a retry: both are given the same successor.
  if (verdict === 'rotate') {
    await rotateRefreshToken(env.DB, {
      tokenHash,
      grantId,
      successor: { tokenHash: await hashSecret(successor), expiresAtMs: nowMs + REFRESH_LIFETIME_MS },
      nowMs,
    });
  }
  return issueTokens(issuing, { grantId, appId: app.id, userId, scopes, refreshToken: successor });
}

async function reused({ env, nowMs }: Issuing, { grantId }: RefreshTokenRecord): Promise<TokenOutcome> {
  const wasLive = await revokeGrant(env.DB, { id: grantId, nowMs });
  return {
    ...refusal(
      'invalid_grant',
      'The refresh token was used before. All that came of it has been revoked; ask the person again.',
    ),
    ...(wasLive && { killed: grantId }),
  };
}
