// A stream that is not for everybody: it plays on for whoever is let in, and says in words to the others what they can do.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readJson, signIn } from '../../scripts/local/api.ts';
import { startChromium } from '../../scripts/local/chromium.ts';
import type { ViewingPass } from '../../src/protocol/viewing.ts';
import { type Encoder, startEncoder } from '../support/encoder.ts';
import { freshBrowser, signedInPage } from '../support/people.ts';
import { openStream, type TestStream, until } from '../support/streams.ts';
import { framesOf, plays } from '../support/watching.ts';

const product = inject('product');

let browser: Browser;
let stream: TestStream;
let encoder: Encoder;
let watching: Page;

beforeAll(async () => {
  browser = await startChromium();
  stream = await openStream(product, { title: 'Among friends', visibility: 'private' });
  encoder = startEncoder({ url: stream.rtmpTarget });
  // Whoever has never signed in cannot be invited.
  await signIn(product.base, 'ben');
  expect((await stream.ask('PUT', `/api/v1/streams/${stream.id}/members/ben`)).status).toBe(200);
  await until('the stream is live', 20_000, async () => (await stream.state()) === 'live');
});
afterAll(async () => {
  await encoder?.kill();
  await stream?.end();
  await browser?.close();
});

/** A fresh browser in which this person has signed in; null: nobody. */
const pageOf = async (handle: string | null): Promise<Page> =>
  handle ? signedInPage(browser, product.base, handle) : (await freshBrowser(browser)).newPage();

describe('a private live stream', () => {
  let ben: Page;
  let cleo: Page;
  const asked: string[] = [];
  const passOf = (url: string) => new URL(url).searchParams.get('pass');
  const newestMedia = () => asked.findLast((url) => url.includes('.m4s')) ?? '';

  it('plays for ben, with his pass in every address that he asks', async () => {
    ben = await pageOf('ben');
    ben.on('request', (request) => asked.push(request.url()));
    // The page is told of a life of sixteen seconds, so that it renews its pass while the test looks on.
    await ben.route('**/pass', async (route) => {
      const response = await route.fetch();
      const issued = (await response.json()) as ViewingPass;
      await route.fulfill({ response, json: { ...issued, expiresAt: new Date(Date.now() + 16_000).toISOString() } });
    });
    await ben.goto(stream.watchUrl);
    await plays(ben, 60, 30_000);
    const media = asked.filter((url) => /\.(m4s|mp4)\b/.test(url));
    expect(media.length).toBeGreaterThan(5);
    for (const url of media) expect(passOf(url), url).toContain(stream.id);
  });

  it('says in words to cleo and to nobody what they can do', async () => {
    cleo = await pageOf('cleo');
    await cleo.goto(stream.watchUrl);
    await cleo.getByText(/not invited yet/).waitFor({ timeout: 15_000 });
    const stranger = await pageOf(null);
    await stranger.goto(stream.watchUrl);
    await stranger.getByText(/sign in first/).waitFor({ timeout: 15_000 });
    expect([await framesOf(cleo), await framesOf(stranger)]).toEqual([0, 0]);
  });

  it('may be seen by cleo as soon as she is invited', async () => {
    expect((await stream.ask('PUT', `/api/v1/streams/${stream.id}/members/cleo`)).status).toBe(200);
  });

  it('plays on without a break while the pass is renewed', async () => {
    const first = passOf(newestMedia());
    const stalls = () => ben.evaluate<number>('footlightPlayer.stats().stalls');
    const before = await stalls();
    const inits = () => asked.filter((url) => url.includes('init.mp4')).length;
    const initsBefore = inits();
    await until('media is asked for with another pass', 20_000, () => passOf(newestMedia()) !== first);
    await plays(ben, (await framesOf(ben)) + 90, 15_000);
    expect(asked.filter((url) => url.endsWith('/pass')).length).toBeGreaterThan(1);
    expect(await stalls()).toBe(before);
    expect(inits()).toBe(initsBefore);
    expect(await ben.evaluate("document.querySelector('video').error")).toBeNull();
  });

  it('lets cleo in, on the page that she has open', async () => {
    await plays(cleo, 30, 45_000);
  });
});

describe('a live stream behind a password', () => {
  it('asks for it, says when it is wrong, and plays when it is right', async () => {
    const changed = await stream.ask('PATCH', `/api/v1/streams/${stream.id}`, {
      visibility: 'password',
      password: 'limelight',
    });
    expect(changed.status).toBe(200);
    const page = await pageOf(null);
    watching = page;
    await page.goto(stream.watchUrl);
    await page.getByTestId('password-input').fill('footlight');
    await page.getByTestId('password-submit').click();
    await page.getByTestId('password-problem').waitFor({ timeout: 10_000 });
    expect(await framesOf(page)).toBe(0);
    await page.getByTestId('password-input').fill('limelight');
    await page.getByTestId('password-submit').click();
    await plays(page, 60, 20_000);
  });
});

describe('an administrator', () => {
  it('ends a stream of somebody else everywhere within five seconds', async () => {
    const root = await signIn(product.base, 'root');
    const pass = await readJson<ViewingPass>(await root('POST', `/api/v1/streams/${stream.id}/pass`, {}));
    const started = Date.now();
    expect((await root('DELETE', `/api/v1/streams/${stream.id}`)).status).toBe(204);
    const rendition = `${product.base}/live/${stream.id}/360p/index.m3u8?pass=${pass.pass}`;
    await until('the playlist ends', 5000, async () => (await (await fetch(rendition)).text()).includes('ENDLIST'));
    await Promise.race([encoder.exited, until('the encoder is let go', 5000, () => !encoder.isRunning())]);
    expect(Date.now() - started).toBeLessThan(5000);
    await watching.getByText(/has ended/).waitFor({ timeout: 10_000 });
  });
});
