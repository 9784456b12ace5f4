// Stream keys that this tab was shown: the server shows a key once, and going live from the browser needs it.

const PREFIX = 'footlight.key.';

/** For this tab only, gone when it closes. */
export function keepKey(channelId: string, streamKey: string): void {
  try {
    sessionStorage.setItem(PREFIX + channelId, streamKey);
  } catch {
    // Storage is forbidden: the key is asked for.
  }
}

export function forgetKey(channelId: string): void {
  try {
    sessionStorage.removeItem(PREFIX + channelId);
  } catch {
    // Nothing was kept.
  }
}

/** A key may also come behind the # of the studio's address, which no server ever sees; it is taken out of the address bar. */
export function keptKey(channelId: string): string | null {
  const fromAddress = new URLSearchParams(location.hash.slice(1)).get('key');
  if (fromAddress) {
    history.replaceState(null, '', location.pathname + location.search);
    keepKey(channelId, fromAddress);
    return fromAddress;
  }
  try {
    return sessionStorage.getItem(PREFIX + channelId);
  } catch {
    return null;
  }
}
