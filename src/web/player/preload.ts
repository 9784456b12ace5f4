// Asks for a stream's first playlist while the player's code is still on its way.

/** The very request that hls.js makes later; the browser hands it over. */
export function preloadStream(id: string): void {
  const link = document.createElement('link');
  link.rel = 'preload';
  link.as = 'fetch';
  link.crossOrigin = 'anonymous';
  link.href = playlistUrl(id);
  document.head.append(link);
}

/** Where a stream, or the newest stream of a channel, is played from. */
export const playlistUrl = (id: string): string => `/live/${id}/index.m3u8`;
