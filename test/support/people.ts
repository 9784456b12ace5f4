// People in browsers of their own: signed in with the provider as anybody would, or by the short way of local mode.
import type { Browser, BrowserContext, Page } from 'playwright-core';

const LIMIT_MS = 15_000;
const VIEWPORT = { width: 1280, height: 800 };

/** A browser that knows nobody. */
export async function freshBrowser(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: VIEWPORT });
  context.setDefaultTimeout(LIMIT_MS);
  return context;
}

/** From the studio to the provider's own page and back. */
export async function signInWithProvider(browser: Browser, base: string, person: string): Promise<Page> {
  const page = await (await freshBrowser(browser)).newPage();
  await page.goto(`${base}/studio`);
  await page.getByTestId('provider-local').click();
  await page.getByTestId(`person-${person}`).click();
  await page.getByTestId('signed-in-name').waitFor();
  return page;
}

/** Signed in already when the page opens; for tests that are about something else. */
export async function signedInPage(browser: Browser, base: string, user: string): Promise<Page> {
  const context = await freshBrowser(browser);
  const answer = await context.request.post(`${base}/api/v1/session`, { data: { user } });
  if (!answer.ok()) throw new Error(`Signing in as ${user} answered ${answer.status()}: ${await answer.text()}`);
  return context.newPage();
}

/** Who the browser of this page is to the product, or nobody. */
export async function whoIs(page: Page): Promise<string | null> {
  const answer = await page.request.get(`${new URL(page.url()).origin}/api/v1/session`);
  return ((await answer.json()) as { user: { handle: string } | null }).user?.handle ?? null;
}

/** What it has of the product's API, with a token and nothing else. */
export const askWithToken =
  (base: string, token: string) =>
  (method: string, path: string, body?: object): Promise<Response> =>
    fetch(`${base}${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, ...(body && { 'Content-Type': 'application/json' }) },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(LIMIT_MS),
    });

/** The status of an address as a stranger finds it. */
export async function statusOf(url: string): Promise<number> {
  const response = await fetch(url, { signal: AbortSignal.timeout(LIMIT_MS) });
  await response.arrayBuffer();
  return response.status;
}
