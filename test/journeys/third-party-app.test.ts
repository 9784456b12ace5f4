// An app of somebody else: registered, allowed by a person, used, refreshed, and shown the door.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startChromium } from '../../scripts/local/chromium.ts';
import { startThirdPartyApp, type ThirdPartyApp } from '../support/third-party-app.ts';

const LIMIT_MS = 15_000;
const NAME = `Stream clock ${Date.now()}`;
const { base } = inject('product');

let browser: Browser;
let ada: Page;
let app: ThirdPartyApp;

/** A browser of its own, in which this person is signed in. */
async function signedIn(user: string): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(LIMIT_MS);
  const answer = await context.request.post(`${base}/api/v1/session`, { data: { user } });
  expect(answer.status()).toBe(200);
  return context;
}

const asApp = (token: string, method: string, path: string) =>
  fetch(`${base}${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, ...(method === 'POST' && { 'Content-Type': 'application/json' }) },
    body: method === 'POST' ? '{"title":"By an app"}' : undefined,
    signal: AbortSignal.timeout(LIMIT_MS),
  });

beforeAll(async () => {
  browser = await startChromium();
  ada = await (await signedIn('ada')).newPage();
});
afterAll(async () => {
  await app?.close();
  await browser?.close();
});

const tokens = () => {
  const outcome = app.outcome();
  if (!outcome || !('tokens' in outcome)) throw new Error('The app is not connected.');
  return outcome.tokens;
};

describe('an app of somebody else', () => {
  it('is registered on the page for developers, and its secret is shown this once', async () => {
    await ada.goto(`${base}/developers`);
    await ada.getByTestId('app-name').fill(NAME);
    await ada.getByTestId('app-addresses').fill('http://127.0.0.1/callback');
    for (const scope of ['streams:read', 'offline_access']) await ada.getByTestId(`app-scope-${scope}`).check();
    await ada.getByTestId('app-submit').click();
    const card = ada.getByTestId('app-card').filter({ hasText: NAME });
    const clientSecret = await card.getByTestId('client-secret').textContent();
    const clientId = await card.getByTestId('client-id').textContent();
    expect(clientSecret).toMatch(/^as_/);
    app = await startThirdPartyApp(base, {
      clientId: clientId!,
      clientSecret: clientSecret!,
      scope: 'streams:read offline_access',
    });
    await ada.reload();
    await card.waitFor();
    expect(await card.getByTestId('client-secret').count()).toBe(0);
  });

  it('asks, and takes a no', async () => {
    await ada.goto(app.connectUrl);
    await ada.getByTestId('consent-refuse').click();
    await ada.getByRole('heading', { name: 'Not connected' }).waitFor();
    expect(app.outcome()).toEqual({ error: 'access_denied' });
  });

  it('asks in plain words, and gets what it asked for when the person says yes', async () => {
    await ada.goto(app.connectUrl);
    expect(await ada.getByTestId('consent-app').textContent()).toBe(NAME);
    const words = await ada.getByTestId('scope-list').textContent();
    expect(words).toContain('See your channels');
    expect(words).not.toContain('streams:read');
    await ada.getByTestId('consent-allow').click();
    await ada.getByRole('heading', { name: 'Connected', exact: true }).waitFor();
    expect(tokens().scope).toBe('streams:read offline_access');
  });

  it("reads the person's channels, and does nothing that it was not allowed", async () => {
    const read = await asApp(tokens().access_token, 'GET', '/api/v1/channels');
    expect(read.status).toBe(200);
    const { channels } = (await read.json()) as { channels: { ownerName: string }[] };
    expect(channels.length).toBeGreaterThan(0);
    for (const { ownerName } of channels) expect(ownerName).toBe('Ada');
    expect((await asApp(tokens().access_token, 'POST', '/api/v1/streams')).status).toBe(403);
  });

  it('comes back with its refresh token, and is refused as soon as the person takes it back', async () => {
    const refreshed = await app.refresh(tokens().refresh_token!);
    expect((await asApp(refreshed.access_token, 'GET', '/api/v1/channels')).status).toBe(200);

    await ada.goto(`${base}/settings`);
    const allowed = ada.getByTestId('allowed-app').filter({ hasText: NAME });
    await allowed.getByTestId('revoke-app').click();
    await ada.getByTestId('revoke-dialog-confirm').click();
    await allowed.waitFor({ state: 'detached' });
    for (const token of [tokens().access_token, refreshed.access_token]) {
      expect((await asApp(token, 'GET', '/api/v1/channels')).status).toBe(401);
    }
    await expect(app.refresh(refreshed.refresh_token!)).rejects.toMatchObject({ error: 'invalid_grant' });
  });
});

describe('the consent page', () => {
  it('asks who you are before it asks anything else', async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(app.connectUrl);
    await page.getByTestId('sign-in-ben').waitFor({ timeout: LIMIT_MS });
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

  it('is shown in no frame', async () => {
    const answer = await fetch(`${base}/consent?request=x`, { signal: AbortSignal.timeout(LIMIT_MS) });
    expect(answer.headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'");
  });
});
