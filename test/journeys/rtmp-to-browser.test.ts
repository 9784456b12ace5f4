// An encoder sends by RTMP; somebody with the link watches, changes the quality, and is about a second behind.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type CodedSource, startCodedSource } from '../../scripts/bench/coded-source.ts';
import { startChromium } from '../../scripts/local/chromium.ts';
import { picturesArrive } from '../../scripts/local/wait.ts';
import { FFMPEG } from '../support/ffmpeg.ts';
import { flawsOfJoins, STOOD_STILL } from '../support/joining.ts';
import { variantsOf } from '../support/live-reader.ts';
import { openStream, type TestStream, until } from '../support/streams.ts';
import { type Viewer, watch } from '../support/watching.ts';

/** The target is 1.2 s on a free machine; a test machine that also runs everything else gets this much more. */
const LATENCY_LIMIT_S = 1.8;
/** After a stall the player is back at its target within 30 s; a busy machine may stall it while it joins. */
const SETTLE_LIMIT_MS = 45_000;

let browser: Browser;
let stream: TestStream;
let source: CodedSource;
let viewer: Viewer;

beforeAll(async () => {
  browser = await startChromium();
  stream = await openStream(inject('product'), { title: 'By RTMP', latency: 'low' });
  source = startCodedSource({ ffmpeg: FFMPEG, url: stream.rtmpTarget, width: 854, height: 480 });
  await picturesArrive(stream.playbackUrl, 20_000);
  viewer = await watch(browser, stream.watchUrl);
});
afterAll(async () => {
  await viewer?.close();
  await source?.stop();
  await stream?.end();
  await browser?.close();
});

describe('a broadcast by RTMP', () => {
  it('comes in several qualities, none above the source', async () => {
    const heights = (await variantsOf(stream.playbackUrl)).map(({ attributes }) => attributes.RESOLUTION ?? 'audio');
    expect(heights).toEqual(['854x480', '640x360', 'audio']);
  });

  it('plays in a browser by itself', async () => {
    await viewer.sees(60, 15_000);
    expect(await stream.state()).toBe('live');
  });

  it('has sound', async () => {
    const decoded = await viewer.page.evaluate<number>("document.querySelector('video').webkitAudioDecodedByteCount");
    expect(decoded).toBeGreaterThan(0);
  });

  it('is about a second behind the lens', async () => {
    await viewer.sees(150, 15_000);
    await expect.poll(() => viewer.latencySeconds(5000), { timeout: SETTLE_LIMIT_MS }).toBeLessThan(LATENCY_LIMIT_S);
  });

  it('stays there without a stall', async () => {
    const before = (await viewer.reading()).stalls.length;
    await sleep(8000);
    expect((await viewer.reading()).stalls.slice(before)).toEqual([]);
  });

  it('changes to another quality without a break and without falling behind', async () => {
    const size = (): Promise<number> => viewer.page.evaluate<number>("document.querySelector('video').videoHeight");
    const other = (await size()) === 480 ? 360 : 480;
    await viewer.page.getByTestId('player').hover();
    await viewer.page.getByTestId('quality-menu').click();
    await viewer.page.getByTestId(`quality-${other}`).click();
    await until(`the picture is ${other} high`, 10_000, async () => (await size()) === other);
    await viewer.sees(60, 10_000);
    await expect.poll(() => viewer.latencySeconds(4000), { timeout: SETTLE_LIMIT_MS }).toBeLessThan(LATENCY_LIMIT_S);
  });

  it.each([
    ['a desk', { width: 1280, height: 800 }],
    ['a phone', { width: 390, height: 844 }],
  ])(
    'shows its first picture on %s before the code of the player has come, and there it stays',
    async (_on, viewport) => {
      const page = await browser.newPage({ viewport });
      await page.route('**/assets/*.js', (route) => route.abort());
      const first = page.locator('#stand-in video');
      const opens = async () => {
        await page.goto(stream.watchUrl);
        await first.waitFor({ timeout: 3000 });
        return true;
      };
      // What could not be had at once is left to the player, which never comes here.
      await expect.poll(() => opens().catch(() => false), { timeout: 30_000 }).toBe(true);
      const place = await first.boundingBox();
      await page.unrouteAll();
      await page.goto(stream.watchUrl);
      const played = page.getByTestId('video');
      await played.waitFor({ timeout: 10_000 });
      await expect.poll(() => played.boundingBox(), { timeout: 5000 }).toEqual(place);
      expect(await first.count()).toBe(0);
      await page.close();
    },
  );

  it('is sound alone where that is chosen, on a fresh page too', async () => {
    const page = await browser.newPage();
    await page.addInitScript(`localStorage.setItem('footlight.player', '{"quality":{"kind":"audio"}}')`);
    await page.goto(stream.watchUrl);
    const ofVideo = (what: string) => page.evaluate<number>(`document.querySelector('video')?.${what} ?? 0`);
    const isSound = async () => (await ofVideo('readyState')) > 2 && (await ofVideo('videoHeight')) === 0;
    await until('it is sound alone', 15_000, isSound);
    expect(await page.getByTestId('sound-alone').isVisible()).toBe(true);
    const from = await ofVideo('currentTime');
    await until('it plays', 10_000, async () => (await ofVideo('currentTime')) > from + 1);
    await page.getByTestId('player').hover();
    await page.getByTestId('quality-menu').click();
    await page.getByTestId('quality-auto').click();
    await until('the picture is back', 15_000, async () => (await ofVideo('videoHeight')) > 0);
    await page.getByTestId('player').hover();
    await page.getByTestId('quality-menu').click();
    await page.getByTestId('quality-audio').click();
    await until('it is gone again', 15_000, isSound);
    await page.close();
  });

  it('goes on in the quality that was chosen in this browser before, though the first picture is of another', async () => {
    const page = await browser.newPage();
    await page.addInitScript(
      'localStorage.setItem(\'footlight.player\', \'{"quality":{"kind":"height","height":360}}\')',
    );
    await page.goto(stream.watchUrl);
    const ofVideo = (what: string) => page.evaluate<number>(`document.querySelector('video')?.${what} ?? 0`);
    await until('it is of the chosen quality', 10_000, async () => (await ofVideo('videoHeight')) === 360);
    expect(await ofVideo('buffered.length')).toBe(1);
    await page.close();
  });

  it('goes on from the first picture without a hole and without reading it twice, wherever in a segment it begins', async () => {
    const flaws = await flawsOfJoins(browser, stream.watchUrl, 6);
    // Half of them begin in the middle of a segment, where it would go wrong; one may meet a machine that is too busy.
    expect(flaws.filter((flaw) => flaw !== STOOD_STILL).length, flaws.join('; ')).toBeLessThan(2);
    expect(flaws.filter((flaw) => flaw === STOOD_STILL).length, flaws.join('; ')).toBeLessThanOrEqual(2);
  });
});
