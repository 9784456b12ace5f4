// What an account is made of when somebody signs in for the first time, and who is an admin by configuration.
import type { AdminIdentity, ProviderClaims } from '../../protocol/sign-in.ts';

const HANDLE_LENGTH_MAX = 32;
const HANDLE_LENGTH_MIN = 2;
const NAME_LENGTH_MAX = 60;
/** Nobody gets these by chance: they speak for the place. */
const RESERVED_HANDLES = [
  'admin',
  'administrator',
  'footlight',
  'mod',
  'moderator',
  'root',
  'staff',
  'support',
  'system',
];
const HANDLE_OF_LAST_RESORT = 'viewer';

/** The handle that a person would choose, as far as the provider tells; never from their e-mail address. */
export function preferredHandle({ preferred_username, nickname, name }: ProviderClaims): string {
  // Some providers fill the user name with the address.
  const said = [preferred_username, nickname, name].filter((text) => text !== null && !text.includes('@'));
  const handles = said.map((text) => slug(text ?? ''));
  const fits = (handle: string): boolean => handle.length >= HANDLE_LENGTH_MIN && !RESERVED_HANDLES.includes(handle);
  return handles.find(fits) ?? HANDLE_OF_LAST_RESORT;
}

/** The same handle with a tail, for when the plain one is taken. */
export const handleWithTail = (handle: string, tail: string): string =>
  `${handle.slice(0, HANDLE_LENGTH_MAX - tail.length - 1)}_${tail}`;

export function displayName({ name, preferred_username, nickname }: ProviderClaims, handle: string): string {
  const said = [name, preferred_username, nickname].find((text) => text !== null && !text.includes('@'));
  return (said ?? handle).replace(/\s+/g, ' ').slice(0, NAME_LENGTH_MAX).trim();
}

/** An address counts only where its issuer says that it has been verified. */
export function isNamedAdmin(named: readonly AdminIdentity[], issuer: string, claims: ProviderClaims): boolean {
  const address = claims.email_verified ? claims.email?.toLowerCase() : undefined;
  return named.some(
    (one) =>
      one.issuer === issuer &&
      ('subject' in one ? one.subject === claims.sub : address !== undefined && one.email.toLowerCase() === address),
  );
}

/** "Zoë O'Neil" -> "zoe_o_neil". */
const slug = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, HANDLE_LENGTH_MAX)
    .replace(/^_+|_+$/g, '');
