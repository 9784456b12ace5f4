// Two viewers who do not get on: one reports the other to the moderators, blocks him, and hears him again later.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startChromium } from '../../scripts/local/chromium.ts';
import { signedInPage } from '../support/people.ts';
import { openStream, type TestStream, until } from '../support/streams.ts';

const product = inject('product');

let browser: Browser;
let stream: TestStream;
let ben: Page;
let cleo: Page;

beforeAll(async () => {
  browser = await startChromium();
  stream = await openStream(product, { title: 'Before the curtain' });
  const pageOf = (who: string) => signedInPage(browser, product.base, who);
  [ben, cleo] = (await Promise.all(['ben', 'cleo'].map(pageOf))) as [Page, Page];
  for (const page of [ben, cleo]) {
    await page.goto(stream.watchUrl);
    await page.getByTestId('chat-input').waitFor();
  }
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

describe('a viewer', () => {
  it('reports a message with a reason, and is told that the moderators have it', async () => {
    await say(ben, 'Your team is a joke');
    await line(cleo, 'Your team is a joke').waitFor();
    await line(cleo, 'Your team is a joke').hover();
    await line(cleo, 'Your team is a joke').getByTestId('chat-report').click();
    const confirm = cleo.getByTestId('report-dialog-confirm');
    expect(await confirm.isDisabled()).toBe(true);
    await cleo.getByTestId('report-harassment').check();
    await cleo.getByTestId('report-text').fill('He goes on like this');
    await confirm.click();
    await cleo.getByText('The moderators have your report.').waitFor();
    expect(await cleo.getByTestId('report-dialog').count()).toBe(0);
  });

  it('blocks somebody, and neither sees what the other says any more', async () => {
    await line(cleo, 'Your team is a joke').hover();
    await line(cleo, 'Your team is a joke').getByTestId('chat-block').click();
    await cleo.getByTestId('block-dialog-confirm').click();
    await until('his line is gone', 5_000, async () => (await line(cleo, 'Your team is a joke').count()) === 0);
    await say(ben, 'Can you hear me');
    await line(ben, 'Can you hear me').waitFor();
    await say(cleo, 'What a quiet evening');
    await line(cleo, 'What a quiet evening').waitFor();
    expect(await line(cleo, 'Can you hear me').count()).toBe(0);
    expect(await line(ben, 'What a quiet evening').count()).toBe(0);
    await cleo.reload();
    await line(cleo, 'What a quiet evening').waitFor();
    expect(await line(cleo, 'Can you hear me').count()).toBe(0);
  });

  it('finds who is blocked in the settings, and hears them again', async () => {
    await cleo.goto(`${product.base}/settings`);
    const row = cleo.getByTestId('blocked-person');
    await row.filter({ hasText: '@ben' }).waitFor();
    await row.getByTestId('unblock').click();
    await cleo.getByTestId('blocked-people').getByText('Nobody.').waitFor();
    await cleo.goto(stream.watchUrl);
    await line(cleo, 'Can you hear me').waitFor();
    await line(ben, 'What a quiet evening').waitFor();
  });
});
