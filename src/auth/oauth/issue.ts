// Gives out tokens under a grant: the one place where an app's access token is signed.
import { ACCESS_TOKEN_SECONDS, REFRESH_LIFETIME_MS } from '../../domain/oauth/lifetimes.ts';
import type { Scope } from '../../protocol/claims.ts';
import type { AppId, GrantId, UserId } from '../../protocol/ids.ts';
import type { OAuthRefusal, TokenBody } from '../../protocol/oauth.ts';
import { recordIssue } from '../../storage/oauth-tokens.ts';
import { signAccessToken } from '../access-token.ts';
import { keyToSign } from '../signing-keys.ts';
import type { RandomBytes } from './opaque.ts';

/** What giving out tokens needs of the world. */
export interface Issuing {
  env: Pick<Env, 'DB' | 'WRAPPING_KEY'>;
  /** Our own address: issuer and audience. */
  base: string;
  nowMs: number;
  randomBytes: RandomBytes;
}

/** `madeKid`: a signing key was made on the way. `killed`: a grant that had to die for it. */
export type TokenOutcome =
  | { ok: true; body: TokenBody; grantId: GrantId; userId: UserId; scopes: Scope[]; madeKid: string | null }
  | (OAuthRefusal & { killed?: GrantId });

export async function issueTokens(
  { env, base, nowMs }: Issuing,
  {
    grantId,
    appId,
    userId,
    scopes,
    refreshToken,
  }: { grantId: GrantId; appId: AppId; userId: UserId; scopes: Scope[]; refreshToken: string | null },
): Promise<TokenOutcome> {
  const { key, madeKid } = await keyToSign(env, nowMs);
  const accessToken = await signAccessToken(key, {
    base,
    userId,
    clientId: appId,
    grantId,
    scopes,
    nowSeconds: Math.floor(nowMs / 1000),
    lifetimeSeconds: ACCESS_TOKEN_SECONDS,
  });
  const lifetimeMs = refreshToken === null ? ACCESS_TOKEN_SECONDS * 1000 : REFRESH_LIFETIME_MS;
  await recordIssue(env.DB, { grantId, nowMs, expiresAtMs: nowMs + lifetimeMs });
  const body: TokenBody = {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: ACCESS_TOKEN_SECONDS,
    scope: scopes.join(' '),
    ...(refreshToken !== null && { refresh_token: refreshToken }),
  };
  return { ok: true, body, grantId, userId, scopes, madeKid };
}
