// Reads the capture time back from a watch page's own video element, and notes every stall.
import type { Page } from 'playwright-core';
import { captureCodeForPage } from './capture-code.ts';

export interface Sample {
  /** Since the page was opened. */
  atMs: number;
  latencyMs: number;
}
export interface Reading {
  /** From the start of the navigation to the first frame shown; null before it. */
  startupMs: number | null;
  samples: Sample[];
  /** Times since the page was opened at which the picture, once it had begun to move, stood still although it should play. */
  stalls: number[];
  frames: number;
}

/** Before `goto`: everything from the first frame on is seen. */
export const readPictures = (page: Page): Promise<unknown> =>
  page.addInitScript(`{ ${captureCodeForPage()}\n(${watch})(decodeCaptureTime, CODE_STRIP); }`);

export const readingOf = (page: Page): Promise<Reading> => page.evaluate<Reading>('window.reading');

/** Runs in the page, as text. One sample per 100 ms is plenty and leaves the decoder its time. */
const watch = `(decodeCaptureTime, strip) => {
  const reading = (window.reading = { startupMs: null, samples: [], stalls: [], frames: 0 });
  const canvas = new OffscreenCanvas(200, 20);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  let lastSample = 0;
  const look = (video) => {
    const height = video.videoHeight * strip;
    context.drawImage(video, 0, 0, video.videoWidth, height, 0, 0, 200, 20);
    const { data } = context.getImageData(0, 0, 200, 20);
    const luma = (x, y) => {
      const at = (Math.floor((y / strip) * 20) * 200 + Math.floor(x * 200)) * 4;
      return 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
    };
    const now = Date.now();
    const captured = decodeCaptureTime(luma, now);
    if (captured !== null) reading.samples.push({ atMs: performance.now(), latencyMs: now - captured });
  };
  // Decoded and on the page: it is painted with this frame, and the next begins when that is done.
  const noteShown = (video) => {
    if (!video.isConnected || video.readyState < 2 || !video.checkVisibility()) return;
    requestAnimationFrame(() => requestAnimationFrame(() => { reading.startupMs ??= performance.now(); }));
  };
  const follow = (video) => {
    noteShown(video);
    video.addEventListener('loadeddata', () => noteShown(video));
    const onFrame = () => {
      reading.frames += 1;
      reading.startupMs ??= performance.now();
      if (performance.now() - lastSample >= 100) {
        lastSample = performance.now();
        look(video);
      }
      video.requestVideoFrameCallback(onFrame);
    };
    video.requestVideoFrameCallback(onFrame);
    video.addEventListener('waiting', () => {
      if (reading.frames > 1 && !video.seeking && !video.paused) reading.stalls.push(performance.now());
    });
  };
  const known = new WeakSet();
  const find = () => {
    for (const video of document.querySelectorAll('video')) {
      if (known.has(video)) continue;
      known.add(video);
      follow(video);
    }
  };
  new MutationObserver(find).observe(document, { childList: true, subtree: true });
}`;
