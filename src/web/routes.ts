// The client's addresses, and what each one names. Pure: location in, route out.

export type Route =
  | { name: 'home' }
  | { name: 'watch'; id: string }
  | { name: 'studio' }
  | { name: 'channel'; channelId: string }
  | { name: 'admin' }
  | { name: 'missing' };

const WATCH = /^\/watch\/((?:ch|st)_[a-z0-9]{4,32})$/;
const CHANNEL = /^\/studio\/(ch_[a-z0-9]{4,32})$/;

export function matchRoute(pathname: string): Route {
  const path = pathname.length > 1 ? pathname.replace(/\/+$/, '') : pathname;
  if (path === '/' || path === '') return { name: 'home' };
  if (path === '/studio') return { name: 'studio' };
  if (path === '/admin') return { name: 'admin' };
  const watch = WATCH.exec(path)?.[1];
  if (watch) return { name: 'watch', id: watch };
  const channelId = CHANNEL.exec(path)?.[1];
  if (channelId) return { name: 'channel', channelId };
  return { name: 'missing' };
}
