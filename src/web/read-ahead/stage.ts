// The element of the picture, with its MediaSource on the way to open: a browser takes a while for that, and the player's code is not here yet.
import { type FirstBuffer, showFirst } from './first-picture.ts';
import type { FirstMedia } from './read-ahead.ts';

export interface Stage {
  video: HTMLVideoElement;
  /** null where hls.js would take another kind (ManagedMediaSource), or none. */
  mediaSource: MediaSource | null;
  /** Nothing is put on it from here on. What stands there already; null: nothing. */
  leave(): FirstBuffer | null;
}

/** `first`: what the picture begins with, if there is any. */
export function openStage(first: Promise<FirstMedia | null> = Promise.resolve(null)): Stage {
  const video = document.createElement('video');
  video.preload = 'auto';
  video.playsInline = true;
  video.crossOrigin = 'anonymous';
  const isUsual = 'MediaSource' in window && !('ManagedMediaSource' in window);
  const mediaSource = isUsual ? new MediaSource() : null;
  if (!mediaSource) return { video, mediaSource, leave: () => null };
  video.src = URL.createObjectURL(mediaSource);
  return { video, mediaSource, leave: showFirst({ video, mediaSource }, first) };
}
