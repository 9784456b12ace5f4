// The room of a stream as its viewers have it: two browsers, a moderator in the pop-out window, and the overlay.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readJson } from '../../scripts/local/api.ts';
import { startChromium } from '../../scripts/local/chromium.ts';
import type { MessagePage } from '../../src/protocol/chat.ts';
import { type Encoder, startEncoder } from '../support/encoder.ts';
import { freshBrowser, signedInPage } from '../support/people.ts';
import { openStream, type TestStream, until } from '../support/streams.ts';
import { plays } from '../support/watching.ts';

const product = inject('product');
const SECOND_MS = 1_000;

let browser: Browser;
let stream: TestStream;
let ben: Page;
let cleo: Page;
let mod: Page;
let overlay: Page;

beforeAll(async () => {
  browser = await startChromium();
  // It waits for its encoder: the room is open before.
  stream = await openStream(product, { title: 'Before the curtain' });
  const pageOf = (who: string) => signedInPage(browser, product.base, who);
  [ben, cleo, mod] = (await Promise.all(['ben', 'cleo', 'mod'].map(pageOf))) as [Page, Page, Page];
  overlay = await (await freshBrowser(browser)).newPage();
  await Promise.all([
    ben.goto(stream.watchUrl),
    cleo.goto(stream.watchUrl),
    mod.goto(`${product.base}/chat/${stream.id}`),
    overlay.goto(`${product.base}/overlay/${stream.id}`),
  ]);
  for (const page of [ben, cleo, mod]) await page.getByTestId('chat-input').waitFor();
});
afterAll(async () => {
  await stream?.end();
  await browser?.close();
});

async function say(page: Page, text: string): Promise<void> {
  await page.getByTestId('chat-input').fill(text);
  await page.getByTestId('chat-input').press('Enter');
}
const line = (page: Page, text: string) => page.getByTestId('chat-line').filter({ hasText: text });
const sees = (page: Page, text: string, limitMs = 10_000) => line(page, text).waitFor({ timeout: limitMs });
const textsOf = (page: Page) => page.locator('.chat-line[data-key] .chat-text').allTextContents();

describe('the room of a stream', () => {
  it('has what ben says with cleo within a second, and on the overlay', async () => {
    await say(ben, 'Good evening, everybody');
    await sees(cleo, 'Good evening, everybody', SECOND_MS);
    await overlay.getByText('Good evening, everybody').waitFor({ timeout: 5_000 });
    await until('it is pending no longer', 5_000, async () => (await ben.getByTestId('chat-pending').count()) === 0);
    expect(await line(ben, 'Good evening').count()).toBe(1);
  });

  it('gives an answer with what it answers, and shows who is named that they are', async () => {
    await line(cleo, 'Good evening').hover();
    await line(cleo, 'Good evening').getByTestId('chat-reply').click();
    await say(cleo, 'And to you, @ben');
    const answer = line(ben, 'And to you');
    await answer.waitFor();
    expect(await answer.getAttribute('data-for-you')).toBe('true');
    expect(await answer.locator('.chat-quote').textContent()).toContain('Good evening, everybody');
    await say(mod, 'It is all at https://example.org/programme');
    const link = line(ben, 'It is all at').locator('a');
    expect(await link.getAttribute('href')).toBe('https://example.org/programme');
    expect(await link.getAttribute('rel')).toBe('nofollow noopener noreferrer ugc');
  });

  it('lets nobody see a foul line, says so, and gives it back', async () => {
    await say(ben, 'you are a retard');
    await ben.getByTestId('chat-refusal').filter({ hasText: 'Nobody has seen it' }).waitFor();
    const isBack = async () => (await ben.getByTestId('chat-input').inputValue()) === 'you are a retard';
    await until('it is back in the field', 3_000, isBack);
    await say(cleo, 'The next line');
    await sees(ben, 'The next line');
    for (const page of [ben, cleo, mod, overlay]) expect(await page.getByText('retard').count()).toBe(0);
  });

  it('loses what a moderator deletes, everywhere', async () => {
    await line(mod, 'Good evening').last().waitFor();
    const own = mod.locator('.chat-line[data-key]').first();
    await own.hover();
    await own.getByTestId('chat-delete').click();
    for (const page of [ben, cleo, mod, overlay])
      await until('it is gone', 3_000, async () => (await page.getByText('Good evening').count()) === 0);
    expect(await line(ben, 'And to you').count()).toBe(1);
  });

  it('tells in slow mode that it is slow, and how long one has to wait', async () => {
    await say(mod, '/slow 60');
    await ben.getByTestId('chat-modes').filter({ hasText: 'Slow mode: 60 s' }).waitFor();
    await say(ben, 'Too soon');
    await ben
      .getByTestId('chat-refusal')
      .filter({ hasText: /Slow mode: [1-5]?\d s more/ })
      .waitFor();
    expect(await ben.getByTestId('chat-send').isDisabled()).toBe(true);
    await say(mod, '/slow off');
    await until('it is off', 5_000, async () => (await ben.getByTestId('chat-modes').count()) === 0);
  });

  it('lets a moderator time somebody out with one click on a line, and take it back with the next', async () => {
    await say(ben, 'One line too many');
    await line(mod, 'One line too many').hover();
    await line(mod, 'One line too many').getByTestId('chat-timeout').click();
    await mod.getByTestId('chat-told').filter({ hasText: '@ben says nothing for 10 min' }).waitFor();
    await say(ben, 'Let me explain');
    await ben.getByTestId('chat-refusal').waitFor();
    expect(await line(cleo, 'Let me explain').count()).toBe(0);
    await mod.getByTestId('chat-undo').click();
    await mod.getByTestId('chat-told').filter({ hasText: 'Taken back' }).waitFor();
    await say(ben, 'Thank you');
    await sees(cleo, 'Thank you');
    const own = line(mod, 'The next line').first();
    await own.hover();
    expect(await own.getByTestId('chat-ban').count()).toBe(1);
    await line(mod, 'It is all at').hover();
    expect(await line(mod, 'It is all at').getByTestId('chat-ban').count()).toBe(0);
  });

  it('gives a finger the same, and does nothing by the tap that shows what there is', async () => {
    const phone = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await phone.addCookies(await mod.context().cookies());
    const page = await phone.newPage();
    await page.goto(`${product.base}/chat/${stream.id}`);
    await sees(page, 'One line too many');
    await line(page, 'One line too many').tap();
    await line(page, 'One line too many').getByTestId('chat-timeout').waitFor();
    await page.waitForTimeout(800);
    expect(await page.getByTestId('chat-told').count()).toBe(0);
    await line(page, 'One line too many').getByTestId('chat-delete').tap();
    await until('it is gone', 3_000, async () => (await line(ben, 'One line too many').count()) === 0);
    await phone.close();
  });

  it('has all that was missed during a cut, once and in order', async () => {
    await ben.context().setOffline(true);
    await ben.getByTestId('chat-link').waitFor();
    for (const text of ['Missed 1', 'Missed 2', 'Missed 3']) {
      await say(mod, text);
      await sees(cleo, text);
    }
    expect(await line(ben, 'Missed').count()).toBe(0);
    await ben.context().setOffline(false);
    await sees(ben, 'Missed 3', 20_000);
    await say(cleo, 'After it');
    await sees(ben, 'After it');
    expect((await textsOf(ben)).slice(-5)).toEqual(['Thank you', 'Missed 1', 'Missed 2', 'Missed 3', 'After it']);
    expect(await textsOf(ben)).toEqual(await textsOf(cleo));
  });

  it('is to be read by who is not signed in, and closes with the stream', async () => {
    const stranger = await (await freshBrowser(browser)).newPage();
    await stranger.goto(stream.watchUrl);
    await sees(stranger, 'After it');
    expect(await stranger.getByTestId('chat-sign-in').getAttribute('href')).toContain(`returnTo=%2Fwatch%2F`);
    await stream.end();
    await stranger.getByText('its chat is closed').waitFor({ timeout: 10_000 });
  });
});

describe('the room beside a live picture', () => {
  let live: TestStream;
  let encoder: Encoder;
  afterAll(async () => {
    await encoder?.kill();
    await live?.end();
  });

  it('sends along what its sender saw, and keeps back what the viewer has not seen yet', async () => {
    live = await openStream(product, { title: 'The last minute' });
    encoder = startEncoder({ url: live.rtmpTarget });
    const viewer = await signedInPage(browser, product.base, 'ben');
    await viewer.goto(live.watchUrl);
    await plays(viewer, 30, 30_000);
    await viewer.getByTestId('chat-input').waitFor();
    await say(viewer, 'What a match');
    await sees(viewer, 'What a match');
    const page = await readJson<MessagePage>(await live.ask('GET', `/api/v1/streams/${live.id}/chat`));
    const seenMs = page.messages[0]?.mediaTimeMs ?? 0;
    expect(Math.abs(Date.now() - seenMs)).toBeLessThan(15_000);

    await viewer.getByTestId('chat-spoilers').click();
    await viewer.evaluate("document.querySelector('video').pause()");
    const goal = { text: 'GOAL', mediaTimeMs: Date.now() };
    expect((await live.ask('POST', `/api/v1/streams/${live.id}/chat`, goal)).status).toBe(202);
    await viewer.getByTestId('chat-spoilers').filter({ hasText: '(1)' }).waitFor();
    expect(await line(viewer, 'GOAL').count()).toBe(0);
    await viewer.evaluate("document.querySelector('video').play()");
    await sees(viewer, 'GOAL');
  });
});
