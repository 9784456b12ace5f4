// Whom a request speaks for, once its credential has been checked.
import type { PlatformRole, Scope } from '../protocol/claims.ts';
import type { AppId, BrowserSessionId, UserId } from '../protocol/ids.ts';

export interface Principal {
  id: UserId;
  handle: string;
  name: string;
  platformRole: PlatformRole;
  /** What the credential was issued for; a role never widens it. */
  scopes: ReadonlySet<Scope>;
  /** The app of somebody else that acts for the person; null: our own pages and tools. */
  appId: AppId | null;
  /** The browser session that asks; null: a token. */
  sessionId: BrowserSessionId | null;
  /** When the credential runs out; it may be taken back before. */
  expiresAtMs: number;
}
