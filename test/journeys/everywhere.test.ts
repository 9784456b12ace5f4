// Those who moderate Footlight itself, in the real product: the reports of all channels, bans everywhere, and what moderators see of each other.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Ask, readJson, signIn } from '../../scripts/local/api.ts';
import { startChromium } from '../../scripts/local/chromium.ts';
import { signedInPage } from '../support/people.ts';
import { openStream, type TestStream } from '../support/streams.ts';

const product = inject('product');
const SECOND_MS = 1_000;

let browser: Browser;
let stream: TestStream;
/** Ada owns the channel, Mo moderates Footlight, Ben and Cleo are in the room. */
let ada: Page;
let mo: Page;
let ask: Record<'ben' | 'cleo' | 'mod', Ask>;

beforeAll(async () => {
  browser = await startChromium();
  stream = await openStream(product, { title: 'The green room' });
  const [ben, cleo, mod] = await Promise.all(['ben', 'cleo', 'mod'].map((who) => signIn(product.base, who)));
  ask = { ben: ben!, cleo: cleo!, mod: mod! };
  [ada, mo] = (await Promise.all(['ada', 'mod'].map((who) => signedInPage(browser, product.base, who)))) as [
    Page,
    Page,
  ];
});
afterAll(async () => {
  await ask?.mod('DELETE', '/api/v1/bans/us_ben0');
  await stream?.end();
  await browser?.close();
});

const say = (who: Ask, text: string) => who('POST', `/api/v1/streams/${stream.id}/chat`, { text });
const rowWith = (page: Page, testId: string, text: string) => page.getByTestId(testId).filter({ hasText: text });

describe('a moderator of Footlight', () => {
  it('finds what is reported on any channel, with who complains, and bans from there everywhere', async () => {
    const { id } = await readJson<{ id: string }>(await say(ask.ben, 'Your team is a joke'));
    const body = { reason: 'harassment', text: 'He goes on like this' };
    await ask.cleo('POST', `/api/v1/streams/${stream.id}/chat/${id}/reports`, body);
    await mo.goto(`${product.base}/moderate`);
    await mo.getByTestId('moderate-everywhere').click();
    const report = rowWith(mo, 'report', 'Your team is a joke');
    await report.filter({ hasText: 'Cleo: He goes on like this' }).waitFor();
    expect(await report.getByTestId('report-desk').getAttribute('href')).toBe(`/moderate/${stream.channelId}`);
    await report.getByRole('button', { name: 'Ban', exact: true }).click();
    await mo.getByTestId('ban-dialog').filter({ hasText: 'everywhere?' }).getByTestId('ban-confirm').click();
    await mo.getByTestId('bans-everywhere').getByTestId('ban-of-ben').waitFor();
    expect((await say(ask.ben, 'And now?')).status).toBe(403);
    await report.getByTestId('report-acted').click();
    await report.waitFor({ state: 'detached' });
    await mo.getByTestId('lift-ben').click();
    await mo.getByTestId('ban-of-ben').waitFor({ state: 'detached' });
    expect((await say(ask.ben, 'Good evening all')).status).toBe(202);
  });

  it('is somebody, and nobody else reads it', async () => {
    await ada.goto(`${product.base}/moderate`);
    await ada.getByTestId('moderated-channel').first().waitFor();
    expect(await ada.getByTestId('moderate-everywhere').count()).toBe(0);
    await ada.goto(`${product.base}/moderate/everywhere`);
    await ada.getByTestId('everywhere-refused').waitFor();
  });

  it('may choose at the desk of a channel whether a ban counts everywhere', async () => {
    await mo.goto(`${product.base}/moderate/${stream.channelId}`);
    const line = rowWith(mo, 'log-row', 'Good evening all');
    await line.click();
    await mo.keyboard.press('b');
    await mo.getByTestId('ban-where').selectOption('platform');
    await mo.getByTestId('ban-confirm').click();
    await rowWith(mo, 'desk-told', 'Ben is banned everywhere, for good.').waitFor();
    await mo.keyboard.press('u');
    await rowWith(mo, 'desk-told', 'Ben may speak again.').waitFor();
  });
});

describe('the desk of a moderator', () => {
  it('shows as it happens what another one does and what the judges deny', async () => {
    expect((await say(ask.ben, 'What a show')).status).toBe(202);
    await ada.goto(`${product.base}/moderate/${stream.channelId}`);
    const line = rowWith(ada, 'log-row', 'What a show');
    await line.waitFor();
    const ban = { seconds: null, reason: 'Threats' };
    expect((await ask.mod('PUT', `/api/v1/channels/${stream.channelId}/bans/us_ben0`, ban)).status).toBe(200);
    await rowWith(ada, 'log-fact', 'Mo has banned Ben for good: Threats.').waitFor({ timeout: 2 * SECOND_MS });
    await say(ask.cleo, 'Free skins at https://steamcommunlty.com');
    await rowWith(ada, 'log-row', 'Free skins')
      .filter({ hasText: 'Denied by the judges' })
      .waitFor({ timeout: 2 * SECOND_MS });
  });

  it('does not let a timeout by one key shorten a ban that stands', async () => {
    await rowWith(ada, 'log-row', 'What a show').click();
    await ada.keyboard.press('t');
    await rowWith(ada, 'desk-told', 'Ben says nothing for good').waitFor();
    const bans = await ask.mod('GET', `/api/v1/channels/${stream.channelId}/bans`);
    expect(await readJson(bans)).toMatchObject({ bans: [{ user: { handle: 'ben' }, until: null }] });
  });

  it('says that another one has cleared the chat', async () => {
    await ask.mod('POST', `/api/v1/streams/${stream.id}/room/clearings`, { reason: 'A raid' });
    await rowWith(ada, 'log-fact', 'Mo has cleared the chat.').waitFor({ timeout: 2 * SECOND_MS });
    expect(await rowWith(ada, 'log-row', 'What a show').locator('s').count()).toBe(1);
  });
});
