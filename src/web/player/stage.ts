// Hands the player the element that index.html has opened for it, with the picture that may be on it; each is taken once, and made anew after that.
import type Hls from 'hls.js/light';
import type { FirstBuffer } from '../read-ahead/first-picture.ts';
import { openStage, type Stage } from '../read-ahead/stage.ts';
import { trackOf } from './begun-buffer.ts';

/** To be called when the player knows what it will put in: from then on nobody else does. What has been put in until then. */
export type HandOver = () => FirstBuffer;

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
 * Null: there is no picture to go on from.
 */
export function attach(hls: Hls, video: HTMLVideoElement, isAhead: boolean): HandOver | null {
  const stage = stages.get(video);
  stages.delete(video);
  if (!stage?.mediaSource || !stage.show) {
    hls.attachMedia(video);
    return null;
  }
  const { shown, leave } = stage.show;
  const isTaken = shown !== null && isAhead && shown.isBinding();
  // Where playing begins is said now, so it stays there.
  if (!isTaken || !shown.isPlaced) leave();
  if (shown && !isTaken) {
    // Another playlist begins elsewhere, so what is there would be shown at the wrong time. A MediaSource of its own empties the element.
    const { src } = video;
    hls.attachMedia(video);
    URL.revokeObjectURL(src);
    return null;
  }
  const data: Parameters<Hls['attachMedia']>[0] = { media: video, mediaSource: stage.mediaSource };
  hls.attachMedia(data);
  if (!shown) return null;
  // hls.js 1.7.4 takes a buffer over when it knows its own tracks; given before, it would wait for them without the element, and load the
  // parts that are in the buffer again.
  data.tracks = { audiovideo: trackOf(shown) };
  hls.config.startPosition = shown.startSeconds;
  return () => {
    leave();
    return shown;
  };
}
