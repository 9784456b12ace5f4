// Ben signs in with a real OpenID provider in two browsers, and signs one of them out from the other.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startChromium } from '../../scripts/local/chromium.ts';
import type { BrowserSessionList } from '../../src/protocol/sign-in.ts';
import { until } from '../support/streams.ts';

const LIMIT_MS = 15_000;
/** What a session that was revoked elsewhere may still do. */
const REVOKED_WITHIN_MS = 5000;
const { base } = inject('product');

let browser: Browser;
let first: Page;
let second: Page;

/** From the studio to the provider's own page and back; each time in a browser that knows nobody. */
async function signInAs(person: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(LIMIT_MS);
  const page = await context.newPage();
  await page.goto(`${base}/studio`);
  await page.getByTestId('provider-local').click();
  await page.getByTestId(`person-${person}`).click();
  await page.getByTestId('signed-in-name').waitFor();
  return page;
}
const whoIs = async (page: Page): Promise<string | null> => {
  const answer = await page.request.get(`${base}/api/v1/session`);
  return ((await answer.json()) as { user: { handle: string } | null }).user?.handle ?? null;
};

const sessionOf = async (page: Page): Promise<string> => {
  const answer = await page.request.get(`${base}/api/v1/sessions`);
  const { sessions } = (await answer.json()) as BrowserSessionList;
  return sessions.find(({ isCurrent }) => isCurrent)!.id;
};

beforeAll(async () => {
  browser = await startChromium();
  first = await signInAs('ben');
  second = await signInAs('ben');
});
afterAll(async () => {
  await browser?.close();
});

describe('somebody who signs in with a provider', () => {
  it('is back on the page that asked, as who they are there, in each browser', async () => {
    for (const page of [first, second]) {
      expect(new URL(page.url()).pathname).toBe('/studio');
      expect(await page.getByTestId('signed-in-name').textContent()).toBe('Ben');
      expect(await whoIs(page)).toBe('ben');
    }
  });

  it('sees both browsers in the settings, and which one is this', async () => {
    await first.goto(`${base}/settings`);
    await first.getByTestId('browser-session').nth(1).waitFor();
    expect(await first.locator('[data-testid=browser-session][data-current=true]').count()).toBe(1);
    expect(await first.getByTestId('browser-session').first().textContent()).toMatch(/Chrome/);
  });

  it('signs the other browser out, which is nobody within five seconds', async () => {
    // Ben may be signed in elsewhere too: this is about the second browser.
    const other = first.locator(`[data-session=${await sessionOf(second)}]`);
    await other.getByTestId('revoke-session').click();
    await until('the other browser is nobody', REVOKED_WITHIN_MS, async () => (await whoIs(second)) === null);
    await until('its row is gone', LIMIT_MS, async () => (await other.count()) === 0);
    await second.reload();
    await second.getByTestId('provider-local').waitFor();
    expect(await whoIs(first)).toBe('ben');
  });
});
