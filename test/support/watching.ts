// A viewer at the product's own watch page, with what the tests ask of the picture.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { type Reading, readingOf, readPictures } from '../../scripts/bench/picture-reader.ts';
import { median } from '../../scripts/bench/statistics.ts';
import { until } from './streams.ts';

export interface Viewer {
  page: Page;
  reading(): Promise<Reading>;
  /** Waits until this many more frames were shown. */
  sees(frames: number, limitMs: number): Promise<void>;
  /** Median seconds from capture to screen over the next while; the source must carry its capture time. */
  latencySeconds(forMs: number): Promise<number>;
  /** How often the page was loaded; one, unless somebody reloaded it. */
  loads(): number;
  close(): Promise<void>;
}

export async function watch(browser: Browser, watchUrl: string): Promise<Viewer> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  let loads = 0;
  page.on('domcontentloaded', () => {
    loads += 1;
  });
  await readPictures(page);
  await page.goto(watchUrl);
  const reading = (): Promise<Reading> => readingOf(page);
  return {
    page,
    reading,
    sees: async (frames, limitMs) => {
      const from = (await reading()).frames;
      const deadline = Date.now() + limitMs;
      while ((await reading()).frames < from + frames) {
        if (Date.now() > deadline)
          throw new Error(`No ${frames} frames within ${limitMs} ms at ${page.url()}: ${await describe(page)}`);
        await sleep(100);
      }
    },
    latencySeconds: async (forMs) => {
      const from = (await reading()).samples.length;
      await sleep(forMs);
      const fresh = (await reading()).samples.slice(from).map(({ latencyMs }) => latencyMs);
      if (fresh.length < 5)
        throw new Error(`Only ${fresh.length} pictures with a time in ${forMs} ms: ${await describe(page)}`);
      return median(fresh) / 1000;
    },
    loads: () => loads,
    close: () => context.close(),
  };
}

/** The frames that the player of a page has shown so far. */
export const framesOf = (page: Page): Promise<number> =>
  page.evaluate<number>("document.querySelector('video')?.getVideoPlaybackQuality().totalVideoFrames ?? 0");

/** Until its player has shown so many in all. */
export const plays = (page: Page, frames: number, limitMs: number): Promise<number> =>
  until(`${frames} frames at ${page.url()}`, limitMs, async () => (await framesOf(page)) >= frames);

/** What a person would see, for the message of a test that failed. */
const describe = (page: Page): Promise<string> =>
  page
    .evaluate<string>(
      `(() => { const v = document.querySelector('video'); return document.body.innerText.slice(0, 300) + ' | ' +
        (v ? ['time ' + v.currentTime, 'ready ' + v.readyState, 'paused ' + v.paused, 'error ' + (v.error && v.error.message)].join(', ') : 'no video'); })()`,
    )
    .catch((error: Error) => error.message);
