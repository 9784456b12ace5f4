// Our cookies: bound to the host, unreadable to scripts, made and read side by side.

/** `__Host-` makes the browser insist on Secure, Path=/ and no Domain; it exists on https only. */
const nameOn = (base: string, name: string): string => (isHttps(base) ? `__Host-${name}` : name);

/** Lax: it comes along when a provider's page leads back to us, and with no request of another site's page besides. */
const attributes = (base: string): string => `Path=/; HttpOnly; SameSite=Lax${isHttps(base) ? '; Secure' : ''}`;

const isHttps = (base: string): boolean => base.startsWith('https:');

interface Named {
  base: string;
  name: string;
}

export const makeCookie = ({ base, name }: Named, value: string, lifetimeSeconds: number): string =>
  `${nameOn(base, name)}=${value}; Max-Age=${lifetimeSeconds}; ${attributes(base)}`;

export const dropCookie = ({ base, name }: Named): string => `${nameOn(base, name)}=; Max-Age=0; ${attributes(base)}`;

/** Null when the request carries none of this name. */
export function readCookie({ base, name }: Named, headers: Headers): string | null {
  const wanted = nameOn(base, name);
  for (const pair of (headers.get('Cookie') ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === wanted) return pair.slice(at + 1).trim() || null;
  }
  return null;
}
