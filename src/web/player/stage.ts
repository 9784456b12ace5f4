// Hands the player the element that index.html has opened for it; each is taken once, and made anew after that.
import { openStage, type Stage } from '../read-ahead/stage.ts';

const sources = new WeakMap<HTMLVideoElement, MediaSource>();

/** An element of its own for each player. */
export function takeVideo(): HTMLVideoElement {
  const { video, mediaSource }: Stage = window.footlightStage ?? openStage();
  window.footlightStage = undefined;
  if (mediaSource) sources.set(video, mediaSource);
  return video;
}

/** What hls.js attaches to: the element, at first with the MediaSource that it was opened with. */
export function attachable(
  video: HTMLVideoElement,
): HTMLVideoElement | { media: HTMLVideoElement; mediaSource: MediaSource } {
  const mediaSource = sources.get(video);
  sources.delete(video);
  return mediaSource ? { media: video, mediaSource } : video;
}
