// On the page for developers: a webhook is added, tested, its server fails, and what was sent is sent again.

import type { Browser, Page } from 'playwright-core';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startChromium } from '../../scripts/local/chromium.ts';
import { type Receiver, startReceiver } from '../support/webhook-receiver.ts';

const LIMIT_MS = 20_000;
const { base } = inject('product');

let browser: Browser;
let page: Page;
let receiver: Receiver;
let secret: string;

beforeAll(async () => {
  receiver = await startReceiver();
  browser = await startChromium();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(LIMIT_MS);
  const answer = await context.request.post(`${base}/api/v1/session`, { data: { user: 'ben' } });
  expect(answer.status()).toBe(200);
  page = await context.newPage();
  await page.goto(`${base}/developers`);
});
afterAll(async () => {
  await browser?.close();
  await receiver?.stop();
});

const card = () => page.getByTestId('webhook-card').filter({ hasText: receiver.url });
const states = () => card().getByTestId('delivery-state');

describe('the workshop', () => {
  it('refuses an address of a private network in words', async () => {
    await page.getByTestId('webhook-url').fill('https://10.0.0.1/');
    await page.getByTestId('webhook-submit').click();
    await page.getByTestId('webhook-form').getByText('not on the public internet').waitFor();
  });

  it('adds a webhook and shows its secret this once', async () => {
    await page.getByTestId('webhook-url').fill(receiver.url);
    await page.getByTestId('webhook-event-user.followed').check();
    await page.getByTestId('webhook-submit').click();
    secret = (await card().getByTestId('webhook-secret').textContent()) ?? '';
    expect(secret).toMatch(/^whsec_/);
    expect(await card().getByText('user.followed').count()).toBe(1);
    await page.reload();
    await card().waitFor();
    expect(await card().getByTestId('webhook-secret').count()).toBe(0);
  });

  it('makes a new secret and shows it on a phone without pushing the page aside', async () => {
    const desktop = page.viewportSize()!;
    await page.setViewportSize({ width: 390, height: 844 });
    await card().getByTestId('webhook-rotate').click();
    await page.getByTestId('webhook-secret-dialog-confirm').click();
    const shown = card().getByTestId('webhook-secret');
    await shown.waitFor();
    expect(await shown.textContent()).not.toBe(secret);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await page.setViewportSize(desktop);
  });

  it('sends a test and says that it arrived', async () => {
    await card().getByTestId('webhook-test').click();
    await states().filter({ hasText: 'Arrived' }).waitFor();
    const [sent] = receiver.received;
    expect(new Webhook(secret).verify(sent!.body, sent!.headers)).toMatchObject({ type: 'webhook.test' });
  });

  it('says what came back when it failed, and that it arrived in the end', async () => {
    receiver.statuses.push(503);
    await card().getByTestId('delivery-replay').first().click();
    await states().filter({ hasText: 'Failed, tried again' }).waitFor();
    expect(
      await card()
        .getByText(/503 in \d+ ms/)
        .count(),
    ).toBe(1);
    await states().filter({ hasText: 'Arrived after 2 tries' }).waitFor();
    expect(receiver.received).toHaveLength(3);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('switches it off, when its server says that it is gone and by hand, and deletes it', async () => {
    receiver.statuses.push(410);
    await card().getByTestId('webhook-test').click();
    await card().getByTestId('webhook-status').filter({ hasText: 'Gone' }).waitFor();
    await card().getByTestId('webhook-toggle').click();
    await card().getByTestId('webhook-status').filter({ hasText: /^On$/ }).waitFor();
    await card().getByTestId('webhook-toggle').click();
    await card().getByTestId('webhook-status').filter({ hasText: 'Off' }).waitFor();
    expect(await card().getByTestId('webhook-test').isDisabled()).toBe(true);
    await card().getByTestId('webhook-delete').click();
    await page.getByTestId('webhook-delete-dialog-confirm').click();
    await card().waitFor({ state: 'detached' });
  });
});
