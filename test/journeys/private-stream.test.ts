// A private stream: ada invites ben, who watches; everybody else is refused everywhere, with a copied address too.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Ask, readJson, signIn } from '../../scripts/local/api.ts';
import { startChromium } from '../../scripts/local/chromium.ts';
import type { ViewingPass } from '../../src/protocol/viewing.ts';
import { type Encoder, startEncoder } from '../support/encoder.ts';
import { openStream, type TestStream, until } from '../support/streams.ts';

const product = inject('product');

let browser: Browser;
let stream: TestStream;
let encoder: Encoder;
let people: Record<'ben' | 'cleo', Ask>;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  browser = await startChromium();
  people = { ben: await signIn(product.base, 'ben'), cleo: await signIn(product.base, 'cleo') };
  stream = await openStream(product, { title: 'Among friends', visibility: 'private' });
  encoder = startEncoder({ url: stream.rtmpTarget });
  await until('the stream is live', 20_000, async () => (await stream.state()) === 'live');
});
afterAll(async () => {
  for (const context of contexts) await context.close();
  await encoder?.kill();
  await stream?.end();
  await browser?.close();
});

/** A fresh browser in which this person has signed in; null: nobody. */
async function pageOf(handle: string | null, viewport = { width: 1280, height: 800 }): Promise<Page> {
  const context = await browser.newContext({ viewport });
  contexts.push(context);
  const page = await context.newPage();
  if (handle) {
    await page.goto(product.base);
    const status = await page.evaluate(
      async (user) =>
        (
          await fetch('/api/v1/session', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ user }),
          })
        ).status,
      handle,
    );
    expect(status).toBe(200);
  }
  return page;
}

const statusOf = async (url: string): Promise<number> => {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  await response.arrayBuffer();
  return response.status;
};
/** The frames that the page's player has shown so far. */
const framesOf = (page: Page): Promise<number> =>
  page.evaluate<number>("document.querySelector('video')?.getVideoPlaybackQuality().totalVideoFrames ?? 0");
const plays = (page: Page, frames: number, limitMs: number) =>
  until(`${frames} frames at ${page.url()}`, limitMs, async () => (await framesOf(page)) >= frames);
const nobody: Ask = (method, path, body) =>
  fetch(product.base + path, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });

describe('a private live stream', () => {
  let ben: Page;
  const asked: string[] = [];
  const passOf = (url: string) => new URL(url).searchParams.get('pass');
  const newestMedia = () => asked.findLast((url) => url.includes('.m4s')) ?? '';

  it('is opened to ben by his handle, in the studio', async () => {
    const ada = await pageOf('ada');
    await ada.goto(stream.studioUrl);
    await ada.getByTestId('member-handle').fill('ben');
    await ada.getByTestId('member-invite').click();
    await ada.getByTestId('members').getByText('@ben').waitFor({ timeout: 10_000 });
  });

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

  it('is not there for cleo and for nobody, at any address, and neither is a copy of what ben asked', async () => {
    const media = newestMedia();
    const playlist = asked.findLast((url) => url.includes('/index.m3u8') && !url.includes('_HLS_')) ?? '';
    expect([await statusOf(media), await statusOf(playlist)]).toEqual([200, 200]);
    const bare = (url: string) => url.split('?')[0]!;
    for (const url of [media, playlist, stream.playbackUrl, stream.posterUrl]) {
      expect(await statusOf(bare(url)), url).toBe(404);
      expect(await statusOf(`${bare(url)}?pass=${passOf(media)?.slice(0, -3)}abc`), url).toBe(404);
    }
    for (const path of ['/state', '/index.m3u8']) {
      expect(await statusOf(`${product.base}/live/${stream.id}${path}`)).toBe(404);
    }
    for (const ask of [people.cleo, nobody]) {
      expect((await ask('GET', `/api/v1/streams/${stream.id}`)).status).toBe(404);
      expect((await ask('POST', `/api/v1/streams/${stream.id}/pass`, {})).status).toBe(404);
      const list = await readJson<{ streams: { id: string }[] }>(await ask('GET', '/api/v1/streams'));
      expect(list.streams.map(({ id }) => id)).not.toContain(stream.id);
    }
    expect((await people.ben('GET', `/api/v1/streams/${stream.id}`)).status).toBe(200);
  });

  it('says in words to cleo and to nobody what they can do', async () => {
    const cleo = await pageOf('cleo');
    await cleo.goto(stream.watchUrl);
    await cleo.getByText(/not invited yet/).waitFor({ timeout: 15_000 });
    const stranger = await pageOf(null);
    await stranger.goto(stream.watchUrl);
    await stranger.getByText(/sign in first/).waitFor({ timeout: 15_000 });
    expect([await framesOf(cleo), await framesOf(stranger)]).toEqual([0, 0]);
  });

  it('lets cleo in once she is invited, on the page that she has open', async () => {
    const cleo = contexts.at(-2)!.pages()[0]!;
    expect((await stream.ask('PUT', `/api/v1/streams/${stream.id}/members/cleo`)).status).toBe(200);
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
    const watching = contexts.at(-1)!.pages()[0]!;
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
