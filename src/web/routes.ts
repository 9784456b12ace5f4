// The client's addresses, and what each one names. Pure: location in, route out.
import { CONSENT_PATH, SIGN_IN_PATH } from '../protocol/paths.ts';

export type Route =
  | { name: 'home' }
  | { name: 'watch'; id: string }
  | { name: 'studio' }
  | { name: 'sign-in' }
  | { name: 'channel'; channelId: string }
  | { name: 'admin'; section: 'audit' | 'people' }
  | { name: 'consent' }
  | { name: 'developers' }
  | { name: 'settings' }
  | { name: 'receipt'; id: string }
  /** The channels that one looks after. */
  | { name: 'moderation' }
  /** What is reported and banned on all of them, for who moderates the platform. */
  | { name: 'everywhere' }
  /** The desk of one of them; a stream leads to that of its channel. */
  | { name: 'moderate'; id: string }
  /** The room of a stream in a window of its own. */
  | { name: 'chat'; id: string }
  /** Its newest lines over the picture of a broadcast. */
  | { name: 'overlay'; id: string }
  | { name: 'missing' };

/** Where one signs in to come back to the page one is on; that page itself leads to where it led before. */
export const signInPath = ({ pathname, search }: { pathname: string; search: string }): string =>
  matchRoute(pathname).name === 'sign-in'
    ? pathname + search
    : `${SIGN_IN_PATH}?${new URLSearchParams({ returnTo: pathname + search })}`;

const WATCH = /^\/watch\/((?:ch|st)_[a-z0-9]{4,32})$/;
const ROOM = /^\/(chat|overlay|moderate)\/((?:ch|st)_[a-z0-9]{4,32})$/;
const RECEIPT = /^\/erased\/(er_[a-z0-9]{4,32})$/;
const CHANNEL = /^\/studio\/(ch_[a-z0-9]{4,32})$/;

/** The receipt of an erasure. */
export const receiptPath = (id: string): string => `/erased/${id}`;

export function matchRoute(pathname: string): Route {
  const path = pathname.length > 1 ? pathname.replace(/\/+$/, '') : pathname;
  if (path === '/' || path === '') return { name: 'home' };
  if (path === '/studio') return { name: 'studio' };
  if (path === '/moderate') return { name: 'moderation' };
  if (path === '/moderate/everywhere') return { name: 'everywhere' };
  if (path === '/admin') return { name: 'admin', section: 'audit' };
  if (path === '/admin/people') return { name: 'admin', section: 'people' };
  if (path === CONSENT_PATH) return { name: 'consent' };
  if (path === '/developers') return { name: 'developers' };
  if (path === '/settings') return { name: 'settings' };
  if (path === SIGN_IN_PATH) return { name: 'sign-in' };
  const watch = WATCH.exec(path)?.[1];
  if (watch) return { name: 'watch', id: watch };
  const [, place, roomId] = ROOM.exec(path) ?? [];
  if (roomId) return { name: place as 'chat' | 'overlay' | 'moderate', id: roomId };
  const receipt = RECEIPT.exec(path)?.[1];
  if (receipt) return { name: 'receipt', id: receipt };
  const channelId = CHANNEL.exec(path)?.[1];
  if (channelId) return { name: 'channel', channelId };
  return { name: 'missing' };
}
