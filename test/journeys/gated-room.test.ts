// The room of a stream behind a password: whoever has come in by it reacts, votes and chats, and the overlay opens, too.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readJson } from '../../scripts/local/api.ts';
import { startChromium } from '../../scripts/local/chromium.ts';
import type { Poll, TallyView } from '../../src/protocol/chat.ts';
import type { ViewingPass } from '../../src/protocol/viewing.ts';
import { freshBrowser, signedInPage } from '../support/people.ts';
import { openStream, type TestStream, until } from '../support/streams.ts';

const product = inject('product');
const PASSWORD = 'limelight';

let browser: Browser;
let stream: TestStream;
let ben: Page;

beforeAll(async () => {
  browser = await startChromium();
  stream = await openStream(product, { title: 'Members only', visibility: 'password', password: PASSWORD });
});
afterAll(async () => {
  await stream?.end();
  await browser?.close();
});

const at = (rest: string) => `/api/v1/streams/${stream.id}${rest}`;
const tally = async (): Promise<TallyView> => readJson<TallyView>(await stream.ask('GET', at('/room/tally')));
const overlayAt = async (query = ''): Promise<Page> => {
  const page = await (await freshBrowser(browser)).newPage();
  await page.goto(`${product.base}/overlay/${stream.id}${query}`);
  return page;
};

describe('the room of a stream with a password', () => {
  it('takes the upvote, the vote and the words of whoever has typed it', async () => {
    ben = await signedInPage(browser, product.base, 'ben');
    await ben.goto(stream.watchUrl);
    await ben.getByTestId('password-input').fill(PASSWORD);
    await ben.getByTestId('password-submit').click();
    await ben.getByTestId('upvote').click();
    await until('the upvote is counted', 10_000, async () => (await tally()).upvotes === 1);
    const poll = { question: 'Encore?', options: ['Yes', 'No'] };
    await readJson<Poll>(await stream.ask('POST', at('/room/polls'), poll));
    await ben.getByTestId('poll-option-1').click();
    await until('the vote is counted', 10_000, async () => (await tally()).poll?.options[1]?.votes === 1);
    await ben.getByTestId('react-clap').click();
    await until('the tap is counted', 10_000, async () => (await tally()).reactions.clap === 1);
    await ben.getByTestId('chat-input').fill('Good evening');
    await ben.getByTestId('chat-input').press('Enter');
    await ben.getByTestId('chat-line').filter({ hasText: 'Good evening' }).waitFor();
  });

  it('is on the overlay of whoever puts a pass into its address', async () => {
    const issued = await readJson<ViewingPass>(await stream.ask('POST', at('/pass'), { password: PASSWORD }));
    const overlay = await overlayAt(`?pass=${encodeURIComponent(issued.pass)}`);
    await overlay.getByText('Good evening').waitFor({ timeout: 10_000 });
    expect(await overlay.getByTestId('overlay-gate').count()).toBe(0);
  });

  it('says on the overlay what to do where there is no pass, or one that opens nothing, and opens by the password', async () => {
    const overlay = await overlayAt('?pass=nonsense');
    await overlay.getByText('opens nothing any more').waitFor({ timeout: 10_000 });
    const bare = await overlayAt();
    await bare.getByText('This stream is locked').waitFor({ timeout: 10_000 });
    await bare.getByTestId('password-input').fill(PASSWORD);
    await bare.getByTestId('password-submit').click();
    await bare.getByText('Good evening').waitFor({ timeout: 10_000 });
    expect(await bare.getByTestId('overlay-gate').count()).toBe(0);
  });
});
