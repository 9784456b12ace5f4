// The element of the picture, with its MediaSource on the way to open: a browser takes a while for that, and the player's code is not here yet.
import { type FirstShow, showFirst } from './first-picture.ts';
import type { FirstMedia } from './read-ahead.ts';

export interface Stage {
  video: HTMLVideoElement;
  /** null where hls.js would take another kind (ManagedMediaSource), or none. */
  mediaSource: MediaSource | null;
  /** What is put on it meanwhile; null: nothing can be. */
  show: FirstShow | null;
}

/** `first`: what the picture begins with, if there is any. */
export function openStage(first: Promise<FirstMedia | null> = Promise.resolve(null)): Stage {
  const video = document.createElement('video');
  video.preload = 'auto';
  video.playsInline = true;
  video.crossOrigin = 'anonymous';
  const isUsual = 'MediaSource' in window && !('ManagedMediaSource' in window);
  const mediaSource = isUsual ? new MediaSource() : null;
  if (!mediaSource) return { video, mediaSource, show: null };
  video.src = URL.createObjectURL(mediaSource);
  return { video, mediaSource, show: showFirst({ video, mediaSource }, first) };
}
