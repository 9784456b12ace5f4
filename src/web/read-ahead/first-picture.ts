// Puts the first parts into the picture while the player's code is on its way; the player goes on from there.
import { beginsAtSeconds } from './media-time.ts';
import type { FirstMedia } from './read-ahead.ts';

/** What the player takes over: the buffer as hls.js describes its own. */
export interface FirstBuffer {
  buffer: SourceBuffer;
  codecs: string;
  /** Where playing begins. */
  startSeconds: number;
  /** Does the player go by the playlist that this was laid out by? Elsewhere on its timeline lies something else. */
  isBinding(): boolean;
}

/** A tab in the background may take its time; the player tries again by itself. */
const EVENT_LIMIT_MS = 8_000;
/** Less than a picture: sound and picture of a part do not end together. */
const MARGIN_SECONDS = 0.02;

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
    shown = { buffer, codecs, startSeconds, isBinding };
    buffer.appendBuffer(init.body);
    await once(buffer, 'updateend');
    let isPlaced = false;
    for (const { answer } of parts) {
      const part = await answer;
      if (isLeft || !part) return;
      buffer.appendBuffer(part.body);
      await once(buffer, 'updateend');
      // Only to what is in the buffer can one go: beyond it the place would be its end, where the picture would stand.
      if (isPlaced || !holds(buffer.buffered, startSeconds)) continue;
      isPlaced = true;
      video.currentTime = startSeconds;
    }
  }
}

/** Is there some of the picture behind this moment too? */
const holds = (ranges: TimeRanges, seconds: number): boolean =>
  Array.from({ length: ranges.length }, (_, index) => index).some(
    (index) => ranges.start(index) <= seconds && seconds + MARGIN_SECONDS < ranges.end(index),
  );

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
