// The room of what is past: whoever goes back, or comes after the end, reads what was said at the moment of their picture.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readJson } from '../../scripts/local/api.ts';
import { startChromium } from '../../scripts/local/chromium.ts';
import type { Message, MessagePage } from '../../src/protocol/chat.ts';
import { type Encoder, startEncoder } from '../support/encoder.ts';
import { signedInPage } from '../support/people.ts';
import { openStream, type TestStream, until } from '../support/streams.ts';
import { plays } from '../support/watching.ts';

const product = inject('product');
const LIMIT_MS = 15_000;
/** Between two lines; the window of a playlist is a minute. */
const APART_MS = 6_000;

let browser: Browser;
let stream: TestStream;
let encoder: Encoder;
let ben: Page;

beforeAll(async () => {
  browser = await startChromium();
  stream = await openStream(product, { title: 'Once more' });
  encoder = startEncoder({ url: stream.rtmpTarget });
  await until('the stream is live', 20_000, async () => (await stream.state()) === 'live');
});
afterAll(async () => {
  await encoder?.kill();
  await stream?.end();
  await browser?.close();
});

const say = async (page: Page, text: string): Promise<void> => {
  await page.getByTestId('chat-input').fill(text);
  await page.getByTestId('chat-input').press('Enter');
  await line(page, text).waitFor({ timeout: LIMIT_MS });
};
const line = (page: Page, text: string) => page.getByTestId('chat-line').filter({ hasText: text });
const count = (page: Page, text: string) => line(page, text).count();
const seek = (page: Page, change: string) =>
  page.evaluate(
    `(() => { const video = document.querySelector('video'); video.currentTime ${change}; return video.play(); })()`,
  );
const past = (page: Page) => page.getByTestId('chat-past').getAttribute('data-past', { timeout: 1_000 });

describe('the room of what is past', () => {
  it('is replayed in step to who goes back, and the live chat is one click away', async () => {
    ben = await signedInPage(browser, product.base, 'ben');
    await ben.goto(stream.watchUrl);
    await plays(ben, 30, 30_000);
    await ben.getByTestId('chat-input').waitFor();
    for (const text of ['The first act', 'The second act', 'The third act']) {
      await say(ben, text);
      await ben.waitForTimeout(APART_MS);
    }
    // To between the first and the second.
    await seek(ben, `-= ${(APART_MS * 2.6) / 1000}`);
    await until('the panel is of the past', LIMIT_MS, async () => (await past(ben).catch(() => null)) === 'step');
    expect([await count(ben, 'first act'), await count(ben, 'third act')]).toEqual([1, 0]);
    await ben.getByTestId('chat-go-live').click();
    await line(ben, 'The third act').waitFor({ timeout: 2_000 });
    await ben.getByTestId('chat-in-step').click();
    await until('it is as it was', 2_000, async () => (await count(ben, 'third act')) === 0);
    await line(ben, 'The second act').waitFor({ timeout: APART_MS + LIMIT_MS });
    await ben.getByTestId('go-live').click();
    await line(ben, 'The third act').waitFor({ timeout: LIMIT_MS });
    expect(await ben.getByTestId('chat-past').count()).toBe(0);
  });

  it('is replayed beside the picture of a stream that has ended, without what was removed', async () => {
    const { messages } = await readJson<MessagePage>(await stream.ask('GET', `/api/v1/streams/${stream.id}/chat`));
    const first = messages.find(({ text }) => text === 'The first act') as Message;
    expect((await stream.ask('DELETE', `/api/v1/streams/${stream.id}/chat/${first.id}`)).status).toBe(204);
    await stream.end();
    const late = await signedInPage(browser, product.base, 'cleo');
    await late.goto(stream.watchUrl);
    await plays(late, 20, 30_000);
    await until('the panel is of the past', LIMIT_MS, async () => (await past(late).catch(() => null)) === 'step');
    await seek(late, '= 0');
    await until('nothing was said by then', 5_000, async () => (await count(late, 'third act')) === 0);
    const second = messages.find(({ text }) => text === 'The second act') as Message;
    const shownAt = await until('the second act', 60_000, async () => (await count(late, 'second act')) === 1);
    expect(shownAt).toBeGreaterThan(0);
    const seenMs = await late.evaluate<number>('footlightPlayer.hls.playingDate.getTime()');
    expect(seenMs - (second.mediaTimeMs ?? 0)).toBeGreaterThanOrEqual(-200);
    expect(seenMs - (second.mediaTimeMs ?? 0)).toBeLessThan(3_000);
    expect(await count(late, 'third act')).toBe(0);
    expect(await count(late, 'first act')).toBe(0);
    await line(late, 'The third act').waitFor({ timeout: APART_MS + LIMIT_MS });
    expect(await count(late, 'first act')).toBe(0);
  });
});
