// The element of the picture, with its MediaSource on the way to open: a browser takes a while for that, and the player's code is not here yet.

export interface Stage {
  video: HTMLVideoElement;
  /** null where hls.js would take another kind (ManagedMediaSource), or none. */
  mediaSource: MediaSource | null;
}

export function openStage(): Stage {
  const video = document.createElement('video');
  video.preload = 'auto';
  video.playsInline = true;
  video.crossOrigin = 'anonymous';
  const isUsual = 'MediaSource' in window && !('ManagedMediaSource' in window);
  const mediaSource = isUsual ? new MediaSource() : null;
  if (mediaSource) video.src = URL.createObjectURL(mediaSource);
  return { video, mediaSource };
}
