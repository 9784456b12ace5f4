// Where an app may be sent back to: which addresses can be registered, and when one that is asked for is one of them.

/** RFC 8252 section 7.3: a program that listens on the loopback takes whatever port is free, so the port is no part of its address. */
const LOOPBACK = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]))(?::\d{1,5})?((?:\/[^#]*)?)$/;
/** RFC 8252 section 7.1: a scheme of one's own is a reversed domain name, which tells it from `javascript:` and its like. */
const OWN_SCHEME = /^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:/i;

/** What is wrong with an address that somebody wants to register, or null. */
export function whyUnusable(uri: string): string | null {
  if (/[\s#*\\]/.test(uri)) return 'may not hold spaces, backslashes, wildcards or a fragment';
  let url: URL;
  try {
    url = new URL(uri);
  } catch {
    return 'is not an absolute address';
  }
  if (url.username || url.password) return 'may not hold a user name or password';
  if (url.protocol === 'https:' || OWN_SCHEME.test(uri)) return null;
  if (url.protocol !== 'http:')
    return 'must be https, http on the loopback, or a scheme that is a reversed domain name';
  if (LOOPBACK.test(uri) || url.hostname === 'localhost') return null;
  return 'must be https: over http, everybody on the way reads the code';
}

/** Letter by letter (RFC 9700 section 4.1.3), but for the port of a loopback address, which must be one. */
export const isRegistered = (uri: string, registered: readonly string[]): boolean =>
  URL.canParse(uri) &&
  registered.some((one) => one === uri || (LOOPBACK.test(one) && withoutPort(one) === withoutPort(uri)));

const withoutPort = (uri: string): string => uri.replace(LOOPBACK, '$1$2');

/** The address with the answer in its query; what it held already stays. */
export function withAnswer(uri: string, answer: Record<string, string | null>): string {
  const url = new URL(uri);
  for (const [name, value] of Object.entries(answer)) if (value !== null) url.searchParams.append(name, value);
  return url.href;
}

/** How a person is told where the answer goes. */
export function placeOf(uri: string): string {
  const { protocol, host } = new URL(uri);
  return protocol === 'https:' || protocol === 'http:' ? host : protocol.slice(0, -1);
}
