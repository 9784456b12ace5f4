// What the authorization server does on schedule: rotates its signing keys, and forgets what has long been worthless.
import { rotateSigningKeys } from '../auth/signing-keys.ts';
import { REUSE_SEEN_MS } from '../domain/oauth/lifetimes.ts';
import type { AuditEntry } from '../protocol/audit.ts';
import { AuditId, mintId } from '../protocol/ids.ts';
import { leaveTrace } from '../storage/audit-trail.ts';
import { removeOldGrants } from '../storage/oauth-tokens.ts';
import { removeOldApps } from '../storage/old-apps.ts';

/** A replay of something older is refused all the same, only without being called a replay. */
const KEPT_FOR_MS = 7 * 24 * 60 * 60 * 1000;

export async function keepOAuthHouse(env: Pick<Env, 'DB' | 'WRAPPING_KEY' | 'AUDIT'>, nowMs: number): Promise<void> {
  const madeKid = await rotateSigningKeys(env, nowMs);
  if (madeKid !== null) await leaveTrace(env, rotation(madeKid, nowMs));
  await removeOldGrants(env.DB, { nowMs, keptForMs: KEPT_FOR_MS, rotatedForMs: REUSE_SEEN_MS });
  await removeOldApps(env.DB, { nowMs, keptForMs: KEPT_FOR_MS });
}

const rotation = (kid: string, nowMs: number): AuditEntry => ({
  id: AuditId.parse(mintId('au', crypto.getRandomValues(new Uint8Array(16)))),
  atMs: nowMs,
  actor: { kind: 'system', id: null, appId: null },
  action: 'signing_key.rotated',
  target: { type: 'signing_key', id: kid },
  before: null,
  after: null,
  reason: null,
  requestId: null,
  network: null,
});
