// An access token in the Authorization header (RFC 6750), and how a token becomes a person.
import { FootlightError } from '../protocol/errors.ts';
import { AppId } from '../protocol/ids.ts';
import { findUser, keepUser, type UserRecord } from '../storage/users.ts';
import { verifyAccessToken } from './access-token.ts';
import type { Asking } from './authenticators.ts';
import { LOCAL_CAST } from './local-cast.ts';
import type { Principal } from './principal.ts';
import { signingKey } from './signing-key.ts';

export async function bearerToken(asking: Asking): Promise<Principal | null> {
  const token = readBearer(asking.request.headers);
  if (token === null) return null;
  const resolved = await principalOfToken(asking, token);
  if (resolved.ok) return resolved.principal;
  throw new FootlightError(
    'unauthenticated',
    `The access token was refused: ${resolved.reason}. Get a new one and send that.`,
  );
}

/** The credential of `Authorization: Bearer ...`; null when there is none. */
export function readBearer(headers: Headers): string | null {
  return /^Bearer +([^\s]+) *$/i.exec(headers.get('Authorization') ?? '')?.[1] ?? null;
}

export async function principalOfToken(
  { env, base, nowMs }: Asking,
  token: string,
): Promise<{ ok: true; principal: Principal } | { ok: false; reason: string }> {
  const key = await signingKey(env.TOKEN_KEY);
  const check = await verifyAccessToken(key, { token, base, nowSeconds: Math.floor(nowMs / 1000) });
  if (!check.ok) return check;
  const { sub } = check.claims;
  const user = (await findUser(env.DB, sub)) ?? (env.MODE === 'local' ? await castAccount(env.DB, sub, nowMs) : null);
  if (!user) return { ok: false, reason: 'its user no longer exists' };
  const appId = AppId.safeParse(check.claims.client_id).data ?? null;
  return { ok: true, principal: { ...user, scopes: check.scopes, appId, sessionId: null } };
}

/** A seeded person gets the account on first use, so that a fresh local database needs no preparation. */
async function castAccount(db: D1Database, id: string, nowMs: number): Promise<UserRecord | null> {
  const member = LOCAL_CAST.find((one) => one.id === id);
  if (!member) return null;
  const { about: _about, ...user } = member;
  await keepUser(db, user, nowMs);
  return user;
}
