// Opens a session for the browser that asks, and leaves the traces of it.
import { openSession } from '../auth/session-cookie.ts';
import { truncatedNetwork } from '../protocol/network.ts';
import type { UserRecord } from '../storage/users.ts';
import { note } from './audit-note.ts';
import { type AppContext, baseUrl, remoteAddress } from './context.ts';
import { turnAwayFromRooms } from './room/telling.ts';

/** The Set-Cookie of the new session; the one that this browser had before has ended. */
export async function signInBrowser(
  c: AppContext,
  { user, reason }: { user: UserRecord; reason: string | null },
): Promise<string> {
  const { id, device, replacedId, setCookie } = await openSession({
    db: c.env.DB,
    request: c.req.raw,
    base: baseUrl(c),
    userId: user.id,
    network: truncatedNetwork(remoteAddress(c)),
    nowMs: Date.now(),
  });
  const actor = { kind: 'user' as const, id: user.id, appId: null };
  if (replacedId) {
    const target = { type: 'session', id: replacedId };
    note(c, { action: 'session.revoked', actor, target, reason: 'replaced by a new sign-in' });
    await turnAwayFromRooms(c.env, { holder: replacedId }, 'signed_out');
  }
  note(c, { action: 'session.created', actor, target: { type: 'session', id }, after: { device }, reason });
  return setCookie;
}
