// Access tokens: ES256 JWTs with the profile of RFC 9068, signed and checked side by side.
import { errors, jwtVerify, SignJWT } from 'jose';
import { AccessClaims, SCOPES, type Scope } from '../protocol/claims.ts';
import type { GrantId, UserId } from '../protocol/ids.ts';
import type { SigningKey } from './signing-key.ts';

/** RFC 9068 section 2.1: the type keeps an id token or anything else we sign from passing as an access token. */
const TYPE = 'at+jwt';
const ALGORITHM = 'ES256';

/** RFC 9068 section 3: the audience names this API, whoever the issuer is. */
export const audienceOf = (base: string): string => `${base}/api`;

export async function signAccessToken(
  { kid, privateKey }: SigningKey,
  {
    base,
    userId,
    clientId,
    grantId,
    scopes = SCOPES,
    nowSeconds,
    lifetimeSeconds,
  }: {
    base: string;
    userId: UserId;
    clientId: string;
    /** What it was issued under; it is refused once that is revoked. */
    grantId?: GrantId;
    scopes?: readonly Scope[];
    nowSeconds: number;
    lifetimeSeconds: number;
  },
): Promise<string> {
  return new SignJWT({ scope: scopes.join(' '), client_id: clientId, ...(grantId && { grant_id: grantId }) })
    .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid })
    .setIssuer(base)
    .setAudience(audienceOf(base))
    .setSubject(userId)
    .setJti(crypto.randomUUID())
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + lifetimeSeconds)
    .sign(privateKey);
}

export type TokenCheck = { ok: true; claims: AccessClaims; scopes: ReadonlySet<Scope> } | { ok: false; reason: string };

/** Opposite of `signAccessToken`. The algorithm is fixed here and never taken from the token. */
export async function verifyAccessToken(
  { publicKey }: Pick<SigningKey, 'publicKey'>,
  { token, base, nowSeconds }: { token: string; base: string; nowSeconds: number },
): Promise<TokenCheck> {
  try {
    const { payload } = await jwtVerify(token, publicKey, {
      algorithms: [ALGORITHM],
      typ: TYPE,
      issuer: base,
      audience: audienceOf(base),
      currentDate: new Date(nowSeconds * 1000),
      requiredClaims: ['sub', 'exp', 'iat', 'jti'],
    });
    const claims = AccessClaims.safeParse(payload);
    if (!claims.success) return { ok: false, reason: 'its claims do not fit' };
    return { ok: true, claims: claims.data, scopes: readScopes(claims.data.scope) };
  } catch (error) {
    if (error instanceof errors.JWTExpired) return { ok: false, reason: 'it has expired' };
    if (error instanceof errors.JOSEError) return { ok: false, reason: 'it was not issued by us for this API' };
    throw error;
  }
}

const readScopes = (scope: string): ReadonlySet<Scope> => {
  const asked = new Set(scope.split(' '));
  return new Set(SCOPES.filter((known) => asked.has(known)));
};
