// Puts the first parts into the picture while the player's code is on its way; the player goes on from there.
import { Arrivals, joined } from './arrivals.ts';
import { beginningOfPart, type MediaTime, secondsOf } from './media-time.ts';
import type { FirstMedia } from './read-ahead.ts';

/** What the player takes over. */
export interface FirstBuffer {
  buffer: SourceBuffer;
  codecs: string;
  init: ArrayBuffer;
  /** The parts that are in it; the last of them may be on its way in. */
  urls: readonly string[];
  /** Where the media's own clock stands at the beginning of the player's timeline. */
  clock: MediaTime;
  /** Where playing begins. */
  startSeconds: number;
  /** The picture stands there. */
  isPlaced: boolean;
  /**
   * Does the player go by the playlist that this was laid out by? Elsewhere on its timeline lies something else.
   * Then the player is given it when all that has come is in the buffer, and knows what is missing.
   */
  isBinding(): boolean;
}

/** A tab in the background may take its time; the player tries again by itself. */
const EVENT_LIMIT_MS = 8_000;
/** A browser shows the first picture when it has some more behind it: four, where pictures come 24 in a second. */
const PREROLL_SECONDS = 0.17;

export interface FirstShow {
  /** What stands in the picture by now; null: nothing. */
  readonly shown: FirstBuffer | null;
  /** Nothing is put into it from here on. */
  leave(): void;
}

/** What fails here is left to the player, which begins as if nothing had been there. */
export function showFirst(
  { video, mediaSource }: { video: HTMLVideoElement; mediaSource: MediaSource },
  first: Promise<FirstMedia | null>,
): FirstShow {
  let shown: FirstBuffer | null = null;
  let isLeft = false;
  const calm = new Calm();
  void show()
    .catch(() => undefined)
    .then(() => calm.come());
  return {
    get shown() {
      return shown;
    },
    leave() {
      isLeft = true;
      calm.come();
    },
  };

  async function show(): Promise<void> {
    const [media] = await Promise.all([first, once(mediaSource, 'sourceopen')]);
    if (!media) return;
    const { codecs, startSeconds, parts } = media;
    const mimeType = `video/mp4;codecs=${codecs}`;
    const arrivals = new Arrivals(parts);
    const [init, firstPart] = await Promise.all([media.init, parts[0]?.answer]);
    if (isLeft || !init || !firstPart || !MediaSource.isTypeSupported(mimeType)) return;
    const begins = beginningOfPart(init.body, firstPart.body);
    if (begins === null) return;
    const buffer = mediaSource.addSourceBuffer(mimeType);
    // The place where the player will look for it.
    const clock = { ...begins, ticks: begins.ticks - Math.round(parts[0]!.atSeconds * begins.ticksPerSecond) };
    buffer.timestampOffset = -secondsOf(clock);
    const urls: string[] = [];
    const isBinding = () => media.isBinding(() => calm.wait());
    const begun: FirstBuffer = {
      ...{ buffer, codecs, init: init.body, urls, clock, isBinding },
      ...{ startSeconds, isPlaced: false },
    };
    shown = begun;
    let bytes: ArrayBuffer[] = [init.body];
    do {
      // Whatever has come, at once: on a busy page the end of an append is long in coming.
      for (let come = arrivals.take(); come.length + bytes.length > 0; come = arrivals.take()) {
        calm.end();
        buffer.appendBuffer(joined([...bytes, ...come.map(({ body }) => body)]));
        bytes = [];
        urls.push(...come.map(({ url }) => url));
        await once(buffer, 'updateend');
        if (isLeft) return;
        const place = begun.isPlaced ? null : placeIn(buffer.buffered, startSeconds);
        if (place === null) continue;
        // What has come first is shown first: the last tenths to the edge are made up for while it plays.
        begun.startSeconds = place;
        begun.isPlaced = true;
        video.currentTime = place;
      }
      calm.come();
    } while ((await arrivals.another()) && !isLeft);
  }
}

/** While it has come, all that has arrived is in the buffer. */
class Calm {
  private isHere = false;
  private waiting: (() => void)[] = [];

  come(): void {
    this.isHere = true;
    for (const go of this.waiting.splice(0)) go();
  }

  end(): void {
    this.isHere = false;
  }

  wait(): Promise<void> {
    return new Promise((resolve) => (this.isHere ? resolve() : this.waiting.push(resolve)));
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
