// Answers that fail, come late or come twice: each page says so, keeps what it shows, and goes on afterwards.
import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startChromium } from '../../scripts/local/chromium.ts';
import type { AuditPage } from '../../src/protocol/audit-log.ts';
import { signedInPage } from '../support/people.ts';
import { openStream, type TestStream, until } from '../support/streams.ts';

const { base } = inject('product');
/** A change by a cookie says where it comes from, as browsers do. */
const headers = { Origin: base };
/** A page's own beat (3 s), twice. */
const TWO_BEATS_MS = 6500;

let browser: Browser;
let stream: TestStream;

beforeAll(async () => {
  browser = await startChromium();
  stream = await openStream(inject('product'), { title: 'A fickle line' });
});
afterAll(async () => {
  await stream?.end();
  await browser?.close();
});

const refuse = (route: Route, status: number): Promise<void> =>
  route.fulfill({
    status,
    json: { type: 'about:blank', title: 'No', status, code: 'internal', detail: `No: ${status}` },
  });
const rest = (ms: number) => new Promise((done) => setTimeout(done, ms));

describe('the audit log', () => {
  it('takes one press of "Show older" as one, though an answer is late, and goes on when it fails', async () => {
    const root = await signedInPage(browser, base, 'root');
    let polls = 0;
    let older: 'fails' | 'comes' = 'fails';
    let newest: AuditPage | null = null;
    await root.route('**/api/v1/audit*', async (route) => {
      if (!route.request().url().includes('cursor=')) {
        polls += 1;
        const answered = (await (await route.fetch()).json()) as AuditPage;
        newest = { ...answered, events: answered.events.slice(0, 1), nextCursor: answered.events[0] ? 'older' : null };
        return route.fulfill({ json: newest });
      }
      if (older === 'fails') return refuse(route, 500);
      await rest(500);
      const events = newest!.events.map((event) => ({ ...event, id: `${event.id}-older` }));
      return route.fulfill({ json: { ...newest, events, nextCursor: null } });
    });
    await root.goto(`${base}/admin`);
    const more = root.getByRole('button', { name: 'Show older' });
    await more.click();
    await root.getByText('No: 500').waitFor();
    const seen = polls;
    await until('the log is read again', TWO_BEATS_MS, () => polls > seen + 1);
    older = 'comes';
    await more.dispatchEvent('click');
    await more.dispatchEvent('click');
    await more.waitFor({ state: 'detached' });
    await rest(1000);
    expect(await root.getByTestId('audit-entry').count()).toBe(2);
    await root.context().close();
  });

  it('is not asked again once its reader may not read it, and says so', async () => {
    const root = await signedInPage(browser, base, 'root');
    let asked = 0;
    await root.route('**/api/v1/audit*', (route) => {
      asked += 1;
      return refuse(route, 403);
    });
    await root.goto(`${base}/admin`);
    await root.getByTestId('audit-problem').getByText('no longer looks').waitFor();
    await rest(TWO_BEATS_MS);
    expect(asked).toBe(1);
    await root.context().close();
  });
});

describe('following', () => {
  it('says why it did not work, and works when it is pressed again', async () => {
    const ben: Page = await signedInPage(browser, base, 'ben');
    let isAway = true;
    await ben.route(/\/follow(s\?.*)?$/, (route) => (isAway ? refuse(route, 503) : route.continue()));
    await ben.goto(stream.watchUrl);
    await ben.getByTestId('follow-problem').getByText('No: 503').waitFor();
    isAway = false;
    await ben.getByTestId('follow').click();
    await ben.getByText('Following').waitFor();
    expect(await ben.getByTestId('follow-problem').count()).toBe(0);
    await ben.context().close();
  });
});

describe('one’s own name', () => {
  it('is changed in the settings, and not over a change from elsewhere', async () => {
    const cleo = await signedInPage(browser, base, 'cleo');
    await cleo.goto(`${base}/settings`);
    const field = cleo.getByTestId('own-name');
    await field.fill('Cleopatra');
    await cleo.getByTestId('name-save').click();
    await cleo.getByText('Saved.').waitFor();
    await cleo.getByTestId('signed-in-name').getByText('Cleopatra').waitFor();
    await cleo.request.patch(`${base}/api/v1/users/me`, { headers, data: { name: 'Elsewhere' } });
    await field.fill('Cleo');
    await cleo.getByTestId('name-save').click();
    await cleo.getByText('it is Elsewhere now').waitFor();
    await cleo.getByTestId('name-save').click();
    await cleo.getByTestId('signed-in-name').getByText('Cleo', { exact: true }).waitFor();
    await cleo.context().close();
  });
});

describe('what a webhook was sent', () => {
  it('stays in sight when sending again fails, and is tried once more by a button', async () => {
    const mod = await signedInPage(browser, base, 'mod');
    const hook = { url: 'https://hooks.example.com/fickle', events: ['stream.started'] };
    const { id } = await (await mod.request.post(`${base}/api/v1/webhooks`, { headers, data: hook })).json();
    await mod.request.post(`${base}/api/v1/webhooks/${id}/test`, { headers });
    let isAway = true;
    await mod.route('**/replay', (route) => (isAway ? refuse(route, 503) : route.continue()));
    await mod.goto(`${base}/developers`);
    const card = mod.getByTestId('webhook-card').filter({ hasText: hook.url });
    await card.getByTestId('delivery-replay').first().click();
    await card.getByRole('alert').getByText('No: 503').waitFor();
    expect(await card.getByTestId('delivery').count()).toBe(1);
    isAway = false;
    await card.getByTestId('deliveries-retry').click();
    await card.getByText('sent again').waitFor();
    expect(await card.getByRole('alert').count()).toBe(0);
    await mod.request.delete(`${base}/api/v1/webhooks/${id}`, { headers });
    await mod.context().close();
  });
});

describe('what an app was allowed', () => {
  it('is taken back by trying again, when it broke off half-way', async () => {
    const ben = await signedInPage(browser, base, 'ben');
    const app = { id: 'ap_clock', name: 'Clock', ownerName: 'Ada', websiteUrl: null };
    const at = '2026-11-24T10:00:00.000Z';
    const held = new Set(['gr_one', 'gr_two']);
    let isAway = true;
    await ben.route(/\/api\/v1\/grants/, (route) => {
      const id = new URL(route.request().url()).pathname.split('/').at(-1)!;
      if (route.request().method() === 'GET') {
        const grants = [...held].map((one) => ({ id: one, app, scopes: ['profile'], createdAt: at, lastUsedAt: at }));
        return route.fulfill({ json: { grants } });
      }
      if (id === 'gr_two' && isAway) return refuse(route, 503);
      return held.delete(id) ? route.fulfill({ status: 204 }) : refuse(route, 404);
    });
    await ben.goto(`${base}/settings`);
    await ben.getByTestId('revoke-app').click();
    await ben.getByTestId('revoke-dialog-confirm').click();
    await ben.getByTestId('revoke-dialog').getByText('No: 503').waitFor();
    isAway = false;
    await ben.getByTestId('revoke-dialog-confirm').click();
    await ben.getByTestId('revoke-app').waitFor({ state: 'detached' });
    expect(held.size).toBe(0);
    await ben.context().close();
  });
});
