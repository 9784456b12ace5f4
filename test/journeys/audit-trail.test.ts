// What Ada does is in the audit log a moment later, where Root reads it; and nobody can have rewritten it.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { signIn } from '../../scripts/local/api.ts';
import { startChromium } from '../../scripts/local/chromium.ts';
import { ROOT } from '../../scripts/local/settings.ts';
import { openStream, type TestStream } from '../support/streams.ts';

/** A queue's batch (1 s), the page's own beat (3 s), and a busy machine. */
const SOON_MS = 10_000;

let browser: Browser;
let page: Page;
let stream: TestStream;

beforeAll(async () => {
  const { base } = inject('product');
  browser = await startChromium();
  page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  stream = await openStream(inject('product'), { title: 'Before the audit' });
  await signedIn(page, base, 'root');
  await page.goto(`${base}/admin`);
});
afterAll(async () => {
  await stream?.end();
  await browser?.close();
});

/** The page gets the session that a script signed in for. */
async function signedIn(into: Page, base: string, user: string): Promise<void> {
  await into.goto(base);
  await into.evaluate(
    `fetch('/api/v1/session', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"user":"${user}"}' }).then((answer) => answer.text())`,
  );
}

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

  it('is found by what it was done to', async () => {
    await page.getByLabel('To what').fill(stream.id);
    await page.getByRole('button', { name: 'Search' }).click();
    await expect
      .poll(() => page.locator('[data-testid=audit-entry]').filter({ hasNotText: stream.id }).count(), {
        timeout: SOON_MS,
      })
      .toBe(0);
    expect(await page.locator('[data-testid=audit-entry]').count()).toBe(2);
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
    const other = await (await browser.newContext()).newPage();
    await signedIn(other, base, 'ada');
    await other.goto(`${base}/admin`);
    await other.getByText('For administrators').waitFor({ timeout: SOON_MS });
    expect(await other.getByRole('link', { name: 'Audit' }).count()).toBe(0);
    const ask = await signIn(base, 'ada');
    expect((await ask('GET', '/api/v1/audit')).status).toBe(403);
  });

  it('passes npm run audit:verify', () => {
    const { port } = new URL(inject('product').base);
    const env = { ...process.env, FOOTLIGHT_PORT: port, FOOTLIGHT_STATE_DIR: inject('stateDir') };
    const said = execFileSync(process.execPath, [join(ROOT, 'scripts/audit-verify.ts')], { env, encoding: 'utf8' });
    expect(said).toMatch(/is whole: \d+ rows/);
  });
});
