// People as they see themselves: the account in the header, roles that are given and taken, and leaving with a receipt.
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChromium } from '../../scripts/local/chromium.ts';
import { type Product, startProduct } from '../../scripts/local/product.ts';
import type { AccountExport } from '../../src/protocol/account.ts';
import { openStream, type TestStream, until } from '../support/streams.ts';

const LIMIT_MS = 15_000;

/** Its own: one of its people is gone at the end. */
let product: Product;
let base: string;
let browser: Browser;
let stream: TestStream;

/** A fresh browser in which this person is signed in; null: nobody. */
async function pageOf(handle: string | null): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(LIMIT_MS);
  const page = await context.newPage();
  if (handle) await page.request.post(`${base}/api/v1/session`, { data: { user: handle } });
  return page;
}
const whoIs = async (page: Page): Promise<string | null> => {
  const answer = await page.request.get(`${base}/api/v1/session`);
  return ((await answer.json()) as { user: { handle: string } | null }).user?.handle ?? null;
};
const mayReadRoles = async (page: Page): Promise<boolean> =>
  (await page.request.get(`${base}/api/v1/channels/${stream.channelId}/roles`)).ok();
const focused = (page: Page): Promise<string> =>
  page.evaluate<string>('document.activeElement?.dataset.testid ?? document.activeElement?.id ?? ""');

beforeAll(async () => {
  product = await startProduct();
  base = product.details.base;
  browser = await startChromium();
  stream = await openStream(product.details, { title: 'A rehearsal' });
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

describe('the account in the header', () => {
  let page: Page;
  beforeAll(async () => {
    page = await pageOf(null);
  });

  it('leads from a stream to the sign-in and back to it', async () => {
    await page.goto(stream.watchUrl);
    const back = `/sign-in?${new URLSearchParams({ returnTo: new URL(stream.watchUrl).pathname })}`;
    expect(await page.getByTestId('follow-sign-in').getAttribute('href')).toBe(back);
    await page.getByTestId('header-sign-in').click();
    await page.getByTestId('provider-local').click();
    await page.getByTestId('person-ben').click();
    await page.getByTestId('watch-title').waitFor();
    expect(page.url()).toBe(stream.watchUrl);
    expect(await page.getByTestId('signed-in-name').textContent()).toBe('Ben');
    await page.getByTestId('follow').click();
    await page.getByText('Following').waitFor();
  });

  it('is not asked for while the first picture is on its way', async () => {
    const askedAfterMs = await page.evaluate<number>(
      "performance.getEntriesByType('resource').find(({ name }) => name.endsWith('/api/v1/session')).startTime",
    );
    expect(askedAfterMs).toBeGreaterThan(1400);
  });

  it('is used with the keyboard alone', async () => {
    const panel = page.getByTestId('account-panel');
    await page.getByTestId('account').focus();
    await page.keyboard.press('Enter');
    expect(await focused(page)).toBe('menu-studio');
    expect(await page.getByTestId('menu-admin').count()).toBe(0);
    await page.keyboard.press('ArrowUp');
    expect(await focused(page)).toBe('sign-out');
    await page.keyboard.press('Escape');
    expect(await focused(page)).toBe('account');
    expect(await panel.isVisible()).toBe(false);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    await panel.waitFor({ state: 'hidden' });
    expect(await focused(page)).not.toBe('menu-studio');
    await page.getByTestId('account').focus();
    for (const under of ['menu-studio', 'menu-moderation', 'menu-settings']) {
      await page.keyboard.press('ArrowDown');
      expect(await focused(page)).toBe(under);
    }
    await page.keyboard.press('Enter');
    await page.waitForURL(`${base}/settings`);
    expect(await focused(page)).toBe('main');
  });

  it('signs out', async () => {
    await page.getByTestId('account').click();
    await page.getByTestId('sign-out').click();
    await page.getByTestId('header-sign-in').waitFor();
    expect(await whoIs(page)).toBeNull();
  });
});

describe('a role on a channel', () => {
  it('is given by its owner in the studio, opens a private stream, and is taken again', async () => {
    await stream.ask('PATCH', `/api/v1/streams/${stream.id}`, { visibility: 'private' });
    const [ada, ben] = [await pageOf('ada'), await pageOf('ben')];
    await ben.goto(stream.watchUrl);
    await ben.getByText('There is no such stream').waitFor();

    await ada.goto(stream.studioUrl);
    await ada.getByTestId('role-handle').fill('@ben');
    await ada.getByTestId('role-give').click();
    await ada.getByTestId('role-of-ben').getByText('Moderator').waitFor();
    await ben.reload();
    await ben.getByRole('heading', { name: 'A rehearsal' }).waitFor();
    expect(await mayReadRoles(ben)).toBe(true);

    await ada.getByRole('button', { name: 'Take the role of Ben away' }).click();
    await ada.getByTestId('role-of-ben').waitFor({ state: 'detached' });
    await ben.reload();
    await ben.getByText('There is no such stream').waitFor();
    expect(await mayReadRoles(ben)).toBe(false);
  });

  it('is refused in words', async () => {
    const ada = await pageOf('ada');
    await ada.goto(stream.studioUrl);
    for (const [handle, words] of [
      ['nobody-of-that-name', /nobody called nobody-of-that-name/],
      ['ada', /does not stand above Ada/],
    ] as const) {
      await ada.getByTestId('role-handle').fill(handle);
      await ada.getByTestId('role-give').click();
      await ada.getByTestId('role-problem').filter({ hasText: words }).waitFor();
    }
  });
});

describe('a role on the platform', () => {
  it('is given and taken by an administrator, who sees what everybody is', async () => {
    const [root, cleo] = [await pageOf('root'), await pageOf('cleo')];
    await cleo.goto(`${base}/admin/people`);
    await cleo.getByText('For administrators').waitFor();
    expect(await mayReadRoles(cleo)).toBe(false);

    await root.goto(base);
    await root.getByTestId('account').click();
    await root.getByTestId('menu-admin').click();
    await root.getByTestId('admin-people').click();
    expect(new URL(root.url()).pathname).toBe('/admin/people');
    await root.getByTestId('person-root').getByText('nobody changes their own role').waitFor();
    await root.getByTestId('person-handle').fill('cleo');
    await root.getByTestId('person-find').click();
    const found = root.getByTestId('person-found');
    await found.getByText('Viewer', { exact: true }).waitFor();
    await found.getByTestId('make-moderator').click();
    await root.getByTestId('role-holders').getByTestId('person-cleo').waitFor();
    expect(await mayReadRoles(cleo)).toBe(true);

    await found.getByTestId('make-viewer').click();
    await root.getByTestId('role-holders').getByTestId('person-cleo').waitFor({ state: 'detached' });
    expect(await mayReadRoles(cleo)).toBe(false);
  });
});

describe('somebody who leaves', () => {
  let ben: Page;
  beforeAll(async () => {
    ben = await pageOf('ben');
    await ben.goto(`${base}/settings`);
  });

  it('takes along what is held of them', async () => {
    const [download] = await Promise.all([ben.waitForEvent('download'), ben.getByTestId('export').click()]);
    expect(download.suggestedFilename()).toBe('footlight-account.json');
    const file = JSON.parse(readFileSync(await download.path(), 'utf8')) as AccountExport;
    expect(file.users).toMatchObject([{ id: 'us_ben0', handle: 'ben', name: 'Ben' }]);
    expect(file.sessions?.length).toBeGreaterThan(0);
  });

  it('is forgotten once they have typed their handle, everywhere, and has a receipt', async () => {
    const elsewhere = await pageOf('ben');
    await ben.getByTestId('erase').click();
    const confirm = ben.getByTestId('erase-dialog-confirm');
    await ben.getByTestId('erase-handle').fill('be');
    expect(await confirm.isDisabled()).toBe(true);
    await ben.getByTestId('erase-handle').fill('ben');
    await confirm.click();
    const id = await ben.getByTestId('receipt-id').textContent();
    expect(new URL(ben.url()).pathname).toBe(`/erased/${id}`);
    await ben.getByTestId('header-sign-in').waitFor();
    expect([await whoIs(ben), await whoIs(elsewhere)]).toEqual([null, null]);
    await until('nobody is called ben', LIMIT_MS, async () => {
      const answer = await fetch(`${base}/api/v1/users?handle=ben`);
      return ((await answer.json()) as { users: unknown[] }).users.length === 0;
    });
    const stranger = await pageOf(null);
    await stranger.goto(ben.url());
    expect(await stranger.getByTestId('receipt-id').textContent()).toBe(id);
  });
});
