// The ways to say who one is. A new issuer is one more line in the list; the doors do not change.

import { bearerToken } from './bearer-token.ts';
import type { Principal } from './principal.ts';
import { sessionCookie } from './session-cookie.ts';

/** What a way of authentication may look at. */
export interface Asking {
  request: Request;
  env: Pick<Env, 'DB' | 'MODE' | 'TOKEN_KEY'>;
  /** Our own address: issuer and audience of our tokens. */
  base: string;
  nowMs: number;
  /** Keeps work alive that other requests wait for too. */
  waitUntil(work: Promise<unknown>): void;
}

/** Null: the request carries no credential of this kind. A credential that is wrong is thrown as `unauthenticated`. */
export type Authenticator = (asking: Asking) => Promise<Principal | null>;

const AUTHENTICATORS: readonly Authenticator[] = [bearerToken, sessionCookie];

/** The first credential that is present decides; a wrong one is not covered up by another. */
export async function authenticate(asking: Asking): Promise<Principal | null> {
  for (const authenticator of AUTHENTICATORS) {
    const principal = await authenticator(asking);
    if (principal) return principal;
  }
  return null;
}
