// The browser's own HLS player, where there is neither MediaSource nor ManagedMediaSource (older iPhones).
import type { PlayerSession, SessionEvents } from './hls-session.ts';

export function openNativeSession(video: HTMLVideoElement, url: string, events: SessionEvents): PlayerSession {
  const listening = new AbortController();
  video.addEventListener('error', () => events.onFatal(0), { signal: listening.signal });
  video.src = url;
  return {
    hls: null,
    // It keeps its own pace and its own quality: speed-based catch-up misbehaves on iOS (LL-HLS row 38).
    targetSeconds: () => null,
    lock: () => undefined,
    destroy() {
      listening.abort();
      video.removeAttribute('src');
      video.load();
    },
  };
}
