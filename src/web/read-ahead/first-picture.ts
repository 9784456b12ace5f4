// Puts the first parts into the picture while the player's code is on its way; the player goes on from there.
import { beginsAtSeconds } from './media-time.ts';
import type { FirstMedia } from './read-ahead.ts';

/** What the player takes over: the buffer as hls.js describes its own. */
export interface FirstBuffer {
  buffer: SourceBuffer;
  codecs: string;
  init: ArrayBuffer;
  /** The parts that are in it. */
  urls: readonly string[];
  /** Where playing begins. */
  startSeconds: number;
  /** Does the player go by the playlist that this was laid out by? Elsewhere on its timeline lies something else. */
  isBinding(): boolean;
}

/** A tab in the background may take its time; the player tries again by itself. */
const EVENT_LIMIT_MS = 8_000;
/** A browser shows the first picture when it has some more behind it: four, where pictures come 24 in a second. */
const PREROLL_SECONDS = 0.17;

/** Ends with the call of what it returns. What fails here is left to the player, which begins as if nothing had been there. */
export function showFirst(
  { video, mediaSource }: { video: HTMLVideoElement; mediaSource: MediaSource },
  first: Promise<FirstMedia | null>,
): () => FirstBuffer | null {
  let shown: FirstBuffer | null = null;
  let isLeft = false;
  void show().catch(() => undefined);
  return () => {
    isLeft = true;
    return shown;
  };

  async function show(): Promise<void> {
    const [media] = await Promise.all([first, once(mediaSource, 'sourceopen')]);
    if (!media) return;
    const { codecs, startSeconds, isBinding, parts } = media;
    const mimeType = `video/mp4;codecs=${codecs}`;
    const [init, firstPart] = await Promise.all([media.init, parts[0]?.answer]);
    if (isLeft || !init || !firstPart || !MediaSource.isTypeSupported(mimeType)) return;
    const beginsAt = beginsAtSeconds(init.body, firstPart.body);
    if (beginsAt === null) return;
    const buffer = mediaSource.addSourceBuffer(mimeType);
    // The place where the player will look for it.
    buffer.timestampOffset = parts[0]!.atSeconds - beginsAt;
    const urls: string[] = [];
    const begun: FirstBuffer = { buffer, codecs, init: init.body, urls, startSeconds, isBinding };
    shown = begun;
    buffer.appendBuffer(init.body);
    await once(buffer, 'updateend');
    let isPlaced = false;
    for (const { url, answer } of parts) {
      const part = await answer;
      if (isLeft || !part) return;
      buffer.appendBuffer(part.body);
      urls.push(url);
      await once(buffer, 'updateend');
      const place = isPlaced || isLeft ? null : placeIn(buffer.buffered, startSeconds);
      if (place === null) continue;
      isPlaced = true;
      // What has come first is shown first: the last tenths to the edge are made up for while it plays.
      begun.startSeconds = place;
      video.currentTime = place;
    }
  }
}

/** As near to `wanted` as a picture can be shown already; null: nowhere yet. */
export function placeIn(ranges: Pick<TimeRanges, 'length' | 'start' | 'end'>, wanted: number): number | null {
  if (ranges.length === 0) return null;
  const [start, end] = [ranges.start(0), ranges.end(0)];
  const place = Math.min(wanted, end - PREROLL_SECONDS);
  return place < start ? null : place;
}

function once(target: EventTarget, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`There was no ${name}.`)), EVENT_LIMIT_MS);
    target.addEventListener(
      name,
      () => {
        clearTimeout(limit);
        resolve();
      },
      { once: true },
    );
  });
}
