// Our pages under their own security policy: they do all they are for, and what they are not for is refused by the browser.
import { createServer } from 'node:http';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startChromium } from '../../scripts/local/chromium.ts';
import { freePort } from '../../scripts/local/free-port.ts';
import { until } from '../support/streams.ts';

const LIVE_LIMIT_MS = 20_000;
const { base } = inject('product');

let browser: Browser;
let context: BrowserContext;
/** What the browser refused, as it reports it to the page; by the address of the page. */
const refused: string[] = [];

beforeAll(async () => {
  browser = await startChromium();
  context = await browser.newContext({ permissions: ['camera', 'microphone'] });
  context.setDefaultTimeout(15_000);
  await context.exposeFunction('noteRefusal', (what: string) => void refused.push(what));
  await context.addInitScript(
    `addEventListener('securitypolicyviolation', (event) =>
      noteRefusal(location.pathname + ': ' + event.violatedDirective + ' ' + event.blockedURI))`,
  );
});
afterAll(async () => {
  await browser?.close();
});

describe('every page and file', () => {
  it.each(['/', '/studio', '/watch/ch_nobody', '/chat/st_nobody', '/favicon.svg'])(
    '%s carries the security headers',
    async (path) => {
      const { headers, status } = await fetch(base + path);
      expect(status).toBe(200);
      const policy = headers.get('Content-Security-Policy') ?? '';
      expect(policy).toMatch(/script-src 'self' 'sha256-[A-Za-z0-9+/]{43}='; /);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("default-src 'none'");
      expect(headers.get('Strict-Transport-Security')).toBe('max-age=31536000');
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(headers.get('Referrer-Policy')).toBe('same-origin');
      expect(headers.get('Permissions-Policy')).toContain('camera=(self), microphone=(self), display-capture=(self)');
    },
  );

  it('tells nobody what the headers are made of', async () => {
    const answer = await fetch(`${base}/_headers`);
    expect(await answer.text()).not.toContain('Content-Security-Policy');
  });
});

describe('under that policy', () => {
  let studio: Page;

  it('the studio goes live from a camera', async () => {
    studio = await context.newPage();
    await studio.goto(`${base}/studio`);
    await studio.getByTestId('sign-in-ada').click();
    await studio.getByTestId('title-input').fill('Under the policy');
    await studio.getByTestId('stream-submit').click();
    await studio.getByTestId('use-camera').click();
    await studio.getByTestId('start-broadcast').click();
    await studio.getByTestId('state-badge').filter({ hasText: /live/i }).waitFor({ timeout: LIVE_LIMIT_MS });
  });

  it('the watch page plays, read ahead by the script that stands in it', async () => {
    const page = await context.newPage();
    await page.goto(`${base}/watch/${new URL(studio.url()).pathname.split('/').at(-1)}`);
    const frames = () =>
      page.evaluate<number>("document.querySelector('video')?.getVideoPlaybackQuality().totalVideoFrames ?? 0");
    await until('pictures are shown', LIVE_LIMIT_MS, async () => (await frames()) > 30);
    const askedBy = await page.evaluate<string[]>(
      "performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname).slice(0, 8)",
    );
    // The page has brought its playlists along: the first thing it asks the edge for is media.
    expect(askedBy.some((path) => /^\/live\/.+\.(mp4|m4s)$/.test(path))).toBe(true);
    await page.close();
  });

  it('the home page and the page of the API are drawn', async () => {
    const page = await context.newPage();
    await page.goto(base);
    await page.getByTestId('stream-card').first().waitFor();
    await page.goto(`${base}/api/docs`);
    await page.locator('article').first().waitFor();
    const background = await page.evaluate<string>(
      'getComputedStyle(document.querySelector("article")).backgroundColor',
    );
    expect(background).not.toBe('rgba(0, 0, 0, 0)');
    await page.close();
  });

  it('nothing of all that was refused', async () => {
    await studio.getByTestId('end-stream').click();
    await studio.getByTestId('end-dialog-confirm').click();
    await studio.getByTestId('stream-form').waitFor();
    expect(refused).toEqual([]);
  });

  it('a script that somebody writes into the page does not run, and nothing is sent elsewhere', async () => {
    const ran = await studio.evaluate<boolean>(
      `(() => {
        const script = document.createElement('script');
        script.textContent = 'window.ran = true';
        document.body.append(script);
        const image = document.createElement('img');
        image.setAttribute('onerror', 'window.ran = true');
        image.src = '/nowhere.png';
        document.body.append(image);
        fetch('https://elsewhere.test/').catch(() => {});
        return window.ran === true;
      })()`,
    );
    expect(ran).toBe(false);
    const told = (what: string) => () => Promise.resolve(refused.some((one) => one.includes(what)));
    await until('the script is refused', 5000, told('script-src-elem inline'));
    await until('the handler is refused', 5000, told('script-src-attr inline'));
    await until('the request is refused', 5000, told('connect-src https://elsewhere.test'));
    expect(await studio.evaluate<boolean>('window.ran === true')).toBe(false);
  });

  it('no other page may frame ours', async () => {
    const page = await context.newPage();
    const said: string[] = [];
    page.on('console', (message) => void said.push(message.text()));
    const framing = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html').end(`<iframe src="${base}/"></iframe>`);
    });
    const port = await freePort();
    await new Promise<void>((resolve) => framing.listen(port, '127.0.0.1', resolve));
    await page.goto(`http://127.0.0.1:${port}/`);
    await until('the frame is refused', 5000, () => said.some((one) => one.includes("frame-ancestors 'none'")));
    framing.close();
    framing.closeAllConnections();
    await page.close();
  });
});
