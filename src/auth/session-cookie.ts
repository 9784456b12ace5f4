// The browser's session: an opaque cookie whose hash is a row in the database, opened, read and closed side by side.
import { base64url } from 'jose';
import { deviceWords } from '../domain/sign-in/device-words.ts';
import { SCOPES } from '../protocol/claims.ts';
import { BrowserSessionId, mintId, type UserId } from '../protocol/ids.ts';
import { findSession, keepSession, noteSessionUse, revokeSessionOfSecret } from '../storage/sessions.ts';
import type { Asking } from './authenticators.ts';
import { dropCookie, makeCookie, readCookie } from './cookies.ts';
import type { Principal } from './principal.ts';
import { requireSameOrigin } from './same-origin.ts';
import { hashSecret } from './secrets.ts';

/** Counted from the sign-in; using the session does not lengthen it. */
const LIFETIME_SECONDS = 30 * 24 * 60 * 60;
/** Not every request is worth a write. */
const NOTE_USE_EVERY_MS = 60_000;
const SECRET_BYTES = 32;
const SECRET = /^[\w-]{43}$/;
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];
const NAME = 'footlight';

export interface OpenedSession {
  id: BrowserSessionId;
  device: string;
  setCookie: string;
  /** The session that this browser had before, which has ended with it. */
  replacedId: BrowserSessionId | null;
}

/** Signs a browser in: a new secret each time, and the one that it had before opens nothing any more. */
export async function openSession({
  db,
  request,
  base,
  userId,
  network,
  nowMs,
}: {
  db: D1Database;
  request: Request;
  base: string;
  userId: UserId;
  /** Truncated already. */
  network: string | null;
  nowMs: number;
}): Promise<OpenedSession> {
  const secret = base64url.encode(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
  const id = BrowserSessionId.parse(mintId('bs', crypto.getRandomValues(new Uint8Array(16))));
  const device = deviceWords(request.headers.get('User-Agent'));
  const replacedId = await closeSession({ db, request, base });
  await keepSession(db, {
    id,
    secretHash: await hashSecret(secret),
    userId,
    device,
    network,
    createdAtMs: nowMs,
    lastUsedAtMs: nowMs,
    expiresAtMs: nowMs + LIFETIME_SECONDS * 1000,
  });
  return { id, device, replacedId, setCookie: makeCookie({ base, name: NAME }, secret, LIFETIME_SECONDS) };
}

/** A cookie that does not hold any more is as good as none: the page shows the sign-in, not an error. */
export async function sessionCookie({ request, env, base, nowMs, waitUntil }: Asking): Promise<Principal | null> {
  const secret = readSecret(request, base);
  if (secret === null) return null;
  const session = await findSession(env.DB, await hashSecret(secret), waitUntil);
  if (!session || session.expiresAtMs <= nowMs) return null;
  if (!SAFE_METHODS.includes(request.method)) requireSameOrigin({ request, base }, { whenUnknown: 'refuse' });
  if (nowMs - session.lastUsedAtMs >= NOTE_USE_EVERY_MS) await noteSessionUse(env.DB, session.id, nowMs);
  return {
    ...session.user,
    scopes: new Set(SCOPES),
    appId: null,
    sessionId: session.id,
    expiresAtMs: session.expiresAtMs,
  };
}

/** Opposite of `openSession`: the session of this very cookie is gone; null when there was none. */
export async function closeSession({
  db,
  request,
  base,
}: {
  db: D1Database;
  request: Request;
  base: string;
}): Promise<BrowserSessionId | null> {
  const secret = readSecret(request, base);
  return secret === null ? null : revokeSessionOfSecret(db, await hashSecret(secret));
}

export const dropSessionCookie = (base: string): string => dropCookie({ base, name: NAME });

function readSecret(request: Request, base: string): string | null {
  const value = readCookie({ base, name: NAME }, request.headers);
  return value !== null && SECRET.test(value) ? value : null;
}
