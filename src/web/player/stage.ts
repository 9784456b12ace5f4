// Hands the player the element that index.html has opened for it, with the picture that may be on it; each is taken once, and made anew after that.
import type Hls from 'hls.js/light';
import { openStage, type Stage } from '../read-ahead/stage.ts';
import { passOverInit, trackOf } from './begun-buffer.ts';

const NONE: ReadonlySet<string> = new Set();

const stages = new WeakMap<HTMLVideoElement, Stage>();

/** An element of its own for each player. */
export function takeVideo(): HTMLVideoElement {
  const stage = window.footlightStage ?? openStage();
  window.footlightStage = undefined;
  stages.set(stage.video, stage);
  return stage.video;
}

/**
 * Attaches hls.js to the element, at first with the MediaSource that it was opened with. `isAhead`: it is given what was read ahead.
 * The URLs of the parts that the buffer holds already.
 */
export function attach(hls: Hls, video: HTMLVideoElement, isAhead: boolean): ReadonlySet<string> {
  const stage = stages.get(video);
  stages.delete(video);
  if (!stage?.mediaSource) {
    hls.attachMedia(video);
    return NONE;
  }
  const shown = stage.leave();
  if (shown && !(isAhead && shown.isBinding())) {
    // Another playlist begins elsewhere, so what is there would be shown at the wrong time. A MediaSource of its own empties the element.
    const { src } = video;
    hls.attachMedia(video);
    URL.revokeObjectURL(src);
    return NONE;
  }
  const data: Parameters<Hls['attachMedia']>[0] = { media: video, mediaSource: stage.mediaSource };
  hls.attachMedia(data);
  if (!shown) return NONE;
  // hls.js 1.7.4 takes a buffer over when it knows its own tracks; given before, it would wait for them without the element, and load the
  // parts that are in the buffer again.
  data.tracks = { audiovideo: trackOf(shown) };
  passOverInit(shown);
  hls.config.startPosition = shown.startSeconds;
  return new Set(shown.urls);
}
