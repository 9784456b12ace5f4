// An access token in the Authorization header (RFC 6750), and how a token becomes a person.
import type { CryptoKey } from 'jose';
import { FootlightError } from '../protocol/errors.ts';
import { AppId } from '../protocol/ids.ts';
import { findGrantHolder } from '../storage/grants.ts';
import { findUser, type UserRecord } from '../storage/users.ts';
import type { TokenCheck } from './access-token.ts';
import type { Asking } from './authenticators.ts';
import { castAccount } from './cast-account.ts';
import { LOCAL_CAST } from './local-cast.ts';
import type { Principal } from './principal.ts';
import { signingKey } from './signing-key.ts';
import { keyToVerify } from './signing-keys.ts';
import { kidOf, verifyOnce } from './verified-tokens.ts';

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

type Resolved = { ok: true; principal: Principal } | { ok: false; reason: string };
type Verified = Extract<TokenCheck, { ok: true }>;

/** What a token is looked at with. */
type Looking = Omit<Asking, 'request'>;

export async function principalOfToken(looking: Looking, token: string): Promise<Resolved> {
  const check = await checkToken(looking, token);
  if (!check.ok) return check;
  return check.isLocal ? localPrincipal(looking, check) : grantedPrincipal(looking, check);
}

/** Whether a token is one of ours and in time; what it was issued for may have ended all the same. */
export async function checkToken(
  looking: Looking,
  token: string,
): Promise<(Verified & { isLocal: boolean }) | { ok: false; reason: string }> {
  const { base, nowMs } = looking;
  const known = await keyOf(looking, token);
  if (!known) return { ok: false, reason: 'it was not issued by us for this API' };
  const check = await verifyOnce(known, { token, base, nowSeconds: Math.floor(nowMs / 1000) });
  return check.ok ? { ...check, isLocal: known.isLocal } : check;
}

/** The key that the token names, if it is one of ours. The token says which key, never which algorithm. */
async function keyOf(
  { env, nowMs }: Looking,
  token: string,
): Promise<{ kid: string; publicKey: CryptoKey; isLocal: boolean } | null> {
  const kid = kidOf(token);
  if (kid === null) return null;
  if (env.MODE === 'local' && env.TOKEN_KEY) {
    const local = await signingKey(env.TOKEN_KEY);
    if (kid === local.kid) return { kid, publicKey: local.publicKey, isLocal: true };
  }
  const publicKey = await keyToVerify(env.DB, kid, nowMs);
  return publicKey && { kid, publicKey, isLocal: false };
}

/** A token that an app was given: as good as the grant that it came from, at this moment. */
async function grantedPrincipal({ env, waitUntil }: Looking, { claims, scopes }: Verified): Promise<Resolved> {
  const holder = claims.grant_id && (await findGrantHolder(env.DB, claims.grant_id, waitUntil));
  if (!holder || holder.id !== claims.sub || holder.appId !== claims.client_id) {
    return { ok: false, reason: 'what it was issued for was revoked' };
  }
  const { appId, scopes: granted, ...user } = holder;
  const held = new Set(granted.filter((scope) => scopes.has(scope)));
  return { ok: true, principal: { ...user, scopes: held, appId, sessionId: null, expiresAtMs: claims.exp * 1000 } };
}

/** A token of our own tools, in local mode. */
async function localPrincipal({ env, nowMs }: Looking, { claims, scopes }: Verified): Promise<Resolved> {
  const user = (await findUser(env.DB, claims.sub)) ?? (await seededUser(env.DB, claims.sub, nowMs));
  if (!user) return { ok: false, reason: 'its user no longer exists' };
  // One that names an app counts as that app's, and has no right that only the person has.
  const appId = AppId.safeParse(claims.client_id).data ?? null;
  return { ok: true, principal: { ...user, scopes, appId, sessionId: null, expiresAtMs: claims.exp * 1000 } };
}

async function seededUser(db: D1Database, id: string, nowMs: number): Promise<UserRecord | null> {
  const member = LOCAL_CAST.find((one) => one.id === id);
  return member ? castAccount(db, member, nowMs) : null;
}
