// The studio, from signing in to live pictures from a camera, with the stream's health beside them; then the home page.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startChromium } from '../../scripts/local/chromium.ts';
import { watch } from '../support/watching.ts';

const TITLE = `From the camera ${Date.now()}`;
const LIVE_LIMIT_MS = 20_000;

let browser: Browser;
let studio: Page;
const { base } = inject('product');

beforeAll(async () => {
  browser = await startChromium();
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    permissions: ['camera', 'microphone'],
  });
  studio = await context.newPage();
  studio.setDefaultTimeout(15_000);
});
afterAll(async () => {
  await browser?.close();
});

describe('the studio', () => {
  it('asks who you are, and lets a seeded person in', async () => {
    await studio.goto(`${base}/studio`);
    await studio.getByTestId('sign-in-ada').click();
    await studio.getByTestId('stream-form').waitFor();
  });

  it('opens a stream on a new channel', async () => {
    await studio.getByTestId('title-input').fill(TITLE);
    await studio.getByTestId('stream-submit').click();
    await studio.getByTestId('stream-title').waitFor();
    expect(await studio.getByTestId('stream-title').textContent()).toBe(TITLE);
    expect(new URL(studio.url()).pathname).toMatch(/^\/studio\/ch_/);
  });

  it('goes live from the camera', async () => {
    await studio.getByTestId('use-camera').click();
    await studio.getByTestId('start-broadcast').click();
    await studio.getByTestId('state-badge').filter({ hasText: /live/i }).waitFor({ timeout: LIVE_LIMIT_MS });
  });

  it('shows how the stream does, with advice in words', async () => {
    await studio.getByTestId('health-panel').waitFor();
    await studio.getByTestId('health-source').waitFor();
    expect(await studio.getByTestId('health-panel').textContent()).toMatch(/bit\/s/);
    expect((await studio.getByTestId('health-advice').textContent())?.length).toBeGreaterThan(10);
  });

  it('is seen by whoever has the link', async () => {
    const channelId = new URL(studio.url()).pathname.split('/').at(-1);
    const viewer = await watch(browser, `${base}/watch/${channelId}`);
    await viewer.sees(60, LIVE_LIMIT_MS);
    expect(await viewer.page.getByTestId('watch-title').textContent()).toBe(TITLE);
    await viewer.close();
  });

  it('is on the home page while it is live', async () => {
    const home = await browser.newPage();
    await home.goto(base);
    await home.getByTestId('stream-card').filter({ hasText: TITLE }).waitFor({ timeout: 10_000 });
    await home.close();
  });

  it('ends the stream for good after asking', async () => {
    await studio.getByTestId('end-stream').click();
    await studio.getByTestId('end-dialog-confirm').click();
    await studio.getByTestId('stream-form').waitFor();
  });
});
