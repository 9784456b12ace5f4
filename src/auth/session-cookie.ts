// The browser's session: a cookie that scripts cannot read, made, read and dropped side by side.
import { FootlightError } from '../protocol/errors.ts';
import type { Asking } from './authenticators.ts';
import { principalOfToken } from './bearer-token.ts';
import type { Principal } from './principal.ts';

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/** A cookie that does not hold any more is as good as none: the page shows the sign-in, not an error. */
export async function sessionCookie(asking: Asking): Promise<Principal | null> {
  const token = readCookie(asking.request.headers.get('Cookie') ?? '', cookieName(asking.base));
  if (token === null) return null;
  const resolved = await principalOfToken(asking, token);
  if (!resolved.ok) return null;
  if (!SAFE_METHODS.includes(asking.request.method)) requireSameOrigin(asking, { whenUnknown: 'refuse' });
  return resolved.principal;
}

/**
 * A browser sends cookies along with requests of other sites' pages; SameSite=Lax stops most of them and this the rest.
 * `whenUnknown`: what to do with a sender that names no origin, which no browser does on an unsafe method.
 */
export function requireSameOrigin(
  { request, base }: Asking,
  { whenUnknown }: { whenUnknown: 'refuse' | 'allow' },
): void {
  const site = request.headers.get('Sec-Fetch-Site');
  const origin = request.headers.get('Origin');
  if (origin !== null && [new URL(base).origin, new URL(request.url).origin].includes(origin)) return;
  if (origin === null && site === 'same-origin') return;
  if (origin === null && site === null && whenUnknown === 'allow') return;
  throw new FootlightError(
    'forbidden',
    `The request came from ${origin ?? 'an unnamed place'} and not from our own pages. Use an access token from elsewhere.`,
  );
}

export const makeSessionCookie = (base: string, token: string, lifetimeSeconds: number): string =>
  `${cookieName(base)}=${token}; Max-Age=${lifetimeSeconds}; ${attributes(base)}`;

export const dropSessionCookie = (base: string): string => `${cookieName(base)}=; Max-Age=0; ${attributes(base)}`;

const isHttps = (base: string): boolean => base.startsWith('https:');

/** `__Host-` makes the browser insist on Secure, Path=/ and no Domain; it exists on https only. */
const cookieName = (base: string): string => (isHttps(base) ? '__Host-footlight' : 'footlight');

const attributes = (base: string): string => `Path=/; HttpOnly; SameSite=Lax${isHttps(base) ? '; Secure' : ''}`;

function readCookie(header: string, name: string): string | null {
  for (const pair of header.split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim() || null;
  }
  return null;
}
