// The page on which a person is asked whether an app may act for them, and how it is reached.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startChromium } from '../../scripts/local/chromium.ts';
import { freshBrowser, signedInPage } from '../support/people.ts';
import { registerOnPage, startThirdPartyApp, type ThirdPartyApp } from '../support/third-party-app.ts';

const LIMIT_MS = 15_000;
const { base } = inject('product');

let browser: Browser;
let ada: Page;
let app: ThirdPartyApp;

beforeAll(async () => {
  browser = await startChromium();
  ada = await signedInPage(browser, base, 'ada');
  const registered = await registerOnPage(ada, base, { name: `Stream clock ${Date.now()}`, scopes: ['streams:read'] });
  app = await startThirdPartyApp(base, { ...registered, scope: 'streams:read' });
});
afterAll(async () => {
  await app?.close();
  await browser?.close();
});

describe('the consent page', () => {
  it('asks who you are before it asks anything else', async () => {
    const page = await (await freshBrowser(browser)).newPage();
    await page.goto(app.connectUrl);
    await page.getByTestId('sign-in-ben').waitFor();
    expect(await page.getByTestId('consent-allow').count()).toBe(0);
    // Signing in with a provider leads back to this very question.
    const start = await page.locator('a[href*="returnTo="]').first().getAttribute('href');
    const back = new URL(new URL(start!, base).searchParams.get('returnTo')!, base);
    expect(back.href).toBe(page.url());
    const through = await fetch(new URL(start!, base), { redirect: 'manual', signal: AbortSignal.timeout(LIMIT_MS) });
    expect(through.status).toBeLessThan(400);
  });

  it('says in words when an app asks in a way that cannot be trusted', async () => {
    await ada.goto(`${base}/oauth/authorize?client_id=ap_nobody&redirect_uri=https://evil.test/&response_type=code`);
    await ada.getByTestId('consent-unusable').waitFor();
    expect(new URL(ada.url()).origin).toBe(base);
  });

  it('names an app that asks in a wrong way, and sends nobody to it who has not said so', async () => {
    const started = await fetch(app.connectUrl, { redirect: 'manual', signal: AbortSignal.timeout(LIMIT_MS) });
    const wrong = new URL(started.headers.get('Location')!);
    wrong.searchParams.delete('code_challenge');
    await ada.goto(wrong.href);
    await ada.getByTestId('consent-unusable').getByText('Stream clock').waitFor();
    expect(new URL(ada.url()).origin).toBe(base);
    await ada.getByTestId('consent-back').click();
    await ada.waitForURL((url) => url.origin !== base);
    expect(app.outcome()).toEqual({ error: 'invalid_request' });
  });

  it('is shown in no frame', async () => {
    const answer = await fetch(`${base}/consent?request=x`, { signal: AbortSignal.timeout(LIMIT_MS) });
    expect(answer.headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'");
  });
});
