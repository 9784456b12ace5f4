// What Ada does is on Root's page a moment later, word for word, and on nobody else's.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { signIn } from '../../scripts/local/api.ts';
import { startChromium } from '../../scripts/local/chromium.ts';
import { signedInPage } from '../support/people.ts';
import { openStream, type TestStream } from '../support/streams.ts';

/** A queue's batch (1 s), the page's own beat (3 s), and a busy machine. */
const SOON_MS = 10_000;

let browser: Browser;
let page: Page;
let stream: TestStream;

beforeAll(async () => {
  const { base } = inject('product');
  browser = await startChromium();
  page = await signedInPage(browser, base, 'root');
  stream = await openStream(inject('product'), { title: 'Before the audit' });
  await page.goto(`${base}/admin`);
});
afterAll(async () => {
  await stream?.end();
  await browser?.close();
});

const row = (action: string) =>
  page.locator(`[data-testid=audit-entry][data-action="${action}"]`).filter({ hasText: stream.id }).first();

describe('the trail', () => {
  it('shows what was done within seconds, and what it was before', async () => {
    await stream.ask('PATCH', `/api/v1/streams/${stream.id}`, { title: 'After the audit' });
    await row('stream.updated').waitFor({ timeout: SOON_MS });
    const text = await row('stream.updated').innerText();
    expect(text).toContain('Ada changed a stream');
    expect(text).toContain('Before the audit');
    expect(text).toContain('After the audit');
    await row('stream.created').waitFor({ timeout: SOON_MS });
  });

  it('is taken along as a file', async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('footlight-audit.csv');
  });

  it('is linked for administrators and closed to everybody else', async () => {
    expect(await page.getByRole('link', { name: 'Audit' }).count()).toBe(1);
    const { base } = inject('product');
    const other = await signedInPage(browser, base, 'ada');
    await other.goto(`${base}/admin`);
    await other.getByText('For administrators').waitFor({ timeout: SOON_MS });
    expect(await other.getByRole('link', { name: 'Audit' }).count()).toBe(0);
    const ask = await signIn(base, 'ada');
    expect((await ask('GET', '/api/v1/audit')).status).toBe(403);
  });
});
