// Joins a stream again and again, and says what went wrong with the buffer that the page begins before its player has come.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { expect } from 'vitest';

/** Of a picture that moved already: a machine that encodes, plays and draws at once does that to one that does nothing wrong. */
export const STOOD_STILL = 'stood still';

/** Runs in the page, as text: how often something that was put into a buffer threw out what stood at its end, and how often the picture stood still once it moved. */
const NOTE = `{
  window.shrunk = 0;
  window.stalls = 0;
  addEventListener('waiting', ({ target }) => {
    if (target.played.length > 0 && !target.seeking && !target.paused) window.stalls += 1;
  }, true);
  const ends = new WeakMap();
  const append = SourceBuffer.prototype.appendBuffer;
  SourceBuffer.prototype.appendBuffer = function (data) {
    if (!ends.has(this)) {
      ends.set(this, 0);
      this.addEventListener('updateend', () => {
        const end = this.buffered.length === 0 ? 0 : this.buffered.end(this.buffered.length - 1);
        if (end < ends.get(this) - 0.05) window.shrunk += 1;
        ends.set(this, end);
      });
    }
    return append.call(this, data);
  };
}`;

/** Runs in the page, as text: what went wrong with the begun buffer of a join, at most once each. */
const FLAWS = `(() => {
  const fetched = performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => name.endsWith('.m4s'));
  const { buffered } = document.querySelector('video');
  const ranges = Array.from({ length: buffered.length }, (_, nth) => [buffered.start(nth), buffered.end(nth)].join('-'));
  return [
    fetched.length === new Set(fetched).size ? null : 'read twice',
    ranges.length === 1 ? null : 'a hole: ' + ranges,
    window.shrunk === 0 ? null : 'thrown out',
    window.stalls === 0 ? null : '${STOOD_STILL}',
  ].filter((flaw) => flaw !== null).slice(0, 1);
})()`;

const WINDOW_REST_MS = 1000;

/** At most one flaw for each join: empty if all went well. */
export async function flawsOfJoins(browser: Browser, watchUrl: string, joins: number): Promise<string[]> {
  const flaws: string[] = [];
  for (let join = 0; join < joins; join += 1) {
    const page = await browser.newPage();
    await page.addInitScript(NOTE);
    // A browser that is open already: making its new window is none of the page's time.
    await sleep(WINDOW_REST_MS);
    await page.goto(watchUrl);
    const seconds = () => page.evaluate<number>("document.querySelector('video')?.currentTime ?? 0");
    await expect.poll(seconds, { timeout: 10_000 }).toBeGreaterThan(0);
    const begun = await seconds();
    await expect.poll(seconds, { timeout: 10_000 }).toBeGreaterThan(begun + 1.2);
    flaws.push(...(await page.evaluate<string[]>(FLAWS)));
    await page.close();
  }
  return flaws;
}
