// What a token stands for, asked by the app that holds it: an access token by its signature, a refresh token by its hash.
import type { Scope } from '../../protocol/claims.ts';
import type { AppId, GrantId, UserId } from '../../protocol/ids.ts';
import { findGrantHolder } from '../../storage/grants.ts';
import { findRefreshToken } from '../../storage/oauth-tokens.ts';
import type { Asking } from '../authenticators.ts';
import { checkToken } from '../bearer-token.ts';
import { hashSecret } from '../secrets.ts';

export interface KnownToken {
  kind: 'access' | 'refresh';
  grantId: GrantId;
  userId: UserId;
  scopes: Scope[];
  expiresAtMs: number;
  /** Of an access token; a refresh token has no such time. */
  issuedAtMs: number | null;
}

/** Null: it is no token of this app that holds now, for whatever reason; the app need not learn which. */
export async function lookUp(
  looking: Omit<Asking, 'request'>,
  { token, appId }: { token: string; appId: AppId },
): Promise<KnownToken | null> {
  return (await asRefreshToken(looking, token, appId)) ?? (await asAccessToken(looking, token, appId));
}

async function asRefreshToken(
  { env, nowMs }: Omit<Asking, 'request'>,
  token: string,
  appId: AppId,
): Promise<KnownToken | null> {
  const found = await findRefreshToken(env.DB, await hashSecret(token));
  if (!found || found.appId !== appId || found.isRevoked) return null;
  if (found.rotatedAtMs !== null || found.expiresAtMs <= nowMs) return null;
  const { grantId, userId, scopes, expiresAtMs } = found;
  return { kind: 'refresh', grantId, userId, scopes, expiresAtMs, issuedAtMs: null };
}

async function asAccessToken(
  looking: Omit<Asking, 'request'>,
  token: string,
  appId: AppId,
): Promise<KnownToken | null> {
  const check = await checkToken(looking, token);
  if (!check.ok || check.claims.client_id !== appId || !check.claims.grant_id) return null;
  const { sub: userId, grant_id: grantId, exp, iat } = check.claims;
  if (!(await findGrantHolder(looking.env.DB, grantId, looking.waitUntil))) return null;
  return {
    kind: 'access',
    grantId,
    userId,
    scopes: [...check.scopes],
    expiresAtMs: exp * 1000,
    issuedAtMs: iat * 1000,
  };
}
