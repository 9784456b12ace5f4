// The audience of a live stream: counted while it plays, heard by its reactions, and asked in a poll.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startChromium } from '../../scripts/local/chromium.ts';
import { type Encoder, startEncoder } from '../support/encoder.ts';
import { signedInPage } from '../support/people.ts';
import { openStream, type TestStream, until } from '../support/streams.ts';
import { plays } from '../support/watching.ts';

const product = inject('product');
const LIMIT_MS = 15_000;

let browser: Browser;
let stream: TestStream;
let encoder: Encoder;
let ada: Page;
let ben: Page;
const sockets: string[] = [];

beforeAll(async () => {
  browser = await startChromium();
  stream = await openStream(product, { title: 'A full house' });
  encoder = startEncoder({ url: stream.rtmpTarget });
  await until('the stream is live', 20_000, async () => (await stream.state()) === 'live');
});
afterAll(async () => {
  await encoder?.kill();
  await stream?.end();
  await browser?.close();
});

const words = (page: Page, id: string): Promise<string> => page.getByTestId(id).innerText();

describe('the audience', () => {
  it('is counted while the picture plays, each browser once', async () => {
    ada = await signedInPage(browser, product.base, 'ada');
    ben = await signedInPage(browser, product.base, 'ben');
    for (const page of [ada, ben]) {
      page.on('websocket', (socket) => sockets.push(socket.url()));
      await page.goto(stream.watchUrl);
      await plays(page, 30, 30_000);
    }
    await until('two viewers', LIMIT_MS, async () => (await words(ada, 'viewers')) === '2 viewers');
    expect(await ada.getByTestId('viewers').getAttribute('title')).toContain('background tabs');
  });

  it('is heard by its reactions on every page, and gives its upvote', async () => {
    for (let tap = 0; tap < 5; tap += 1) await ben.getByTestId('react-heart').click();
    await until('five hearts', LIMIT_MS, async () => (await words(ada, 'react-heart')).includes('5'));
    await ben.getByTestId('upvote').click();
    await until('an upvote', LIMIT_MS, async () => (await words(ada, 'upvote')).includes('1'));
    expect(await ben.getByTestId('upvote').getAttribute('aria-pressed')).toBe('true');
  });

  it('needs one socket of each page, for the chat and for the counts', async () => {
    for (const page of [ada, ben]) await page.getByTestId('chat-input').waitFor();
    expect(sockets.filter((url) => url.includes('/room'))).toHaveLength(2);
  });

  it('answers what its moderators ask', async () => {
    await ada.getByTestId('ask-poll').click();
    await ada.getByLabel('Question').fill('Encore?');
    await ada.getByLabel('Option 1').fill('Yes');
    await ada.getByLabel('Option 2').fill('No');
    await ada.getByTestId('poll-ask').click();
    await ben.getByTestId('poll-option-0').click({ timeout: LIMIT_MS });
    await until('the vote is seen', LIMIT_MS, async () => (await words(ada, 'poll-option-0')).includes('100%'));
    expect(await ben.getByTestId('ask-poll').count()).toBe(0);
    await ada.getByTestId('poll-end').click();
    await until('the end', LIMIT_MS, async () => (await words(ben, 'poll')).includes('Ended'));
  });

  it('is smaller when somebody leaves', async () => {
    await ben.close();
    await until('one viewer', LIMIT_MS, async () => (await words(ada, 'viewers')) === '1 viewer');
  });
});
