// Whom a request speaks for, once its credential has been checked.
import type { PlatformRole, Scope } from '../protocol/claims.ts';
import type { UserId } from '../protocol/ids.ts';

export interface Principal {
  id: UserId;
  handle: string;
  name: string;
  platformRole: PlatformRole;
  /** What the credential was issued for; a role never widens it. */
  scopes: ReadonlySet<Scope>;
}
