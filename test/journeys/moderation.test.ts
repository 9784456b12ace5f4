// The desk of a channel, in the real product: a moderator, the owner beside them, somebody who tests them, and a viewer.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Ask, signIn } from '../../scripts/local/api.ts';
import { startChromium } from '../../scripts/local/chromium.ts';
import { freshBrowser, signedInPage } from '../support/people.ts';
import { openStream, type TestStream, until } from '../support/streams.ts';

const product = inject('product');
const SECOND_MS = 1_000;
/** Held for their link, and none like the other. */
const LINKS = [
  'My pictures of it: http://an-unknown-site.example/album',
  'Tickets at https://cheap-seats.example/tonight',
  'Somebody wrote about this here: https://words-on-stage.example/review',
  'The song was http://songbook.example/number-nine, I think',
  'A photograph of the curtain call is on http://stage-door.example/friday',
];
const link = (number: number): string => LINKS[number - 1] ?? '';

let browser: Browser;
let stream: TestStream;
/** Ben moderates the channel, Ada owns it, Cleo speaks. */
let ben: Page;
let ada: Page;
let cleo: Page;
let viewer: Page;
let askCleo: Ask;

beforeAll(async () => {
  browser = await startChromium();
  stream = await openStream(product, { title: 'The dress rehearsal' });
  askCleo = await signIn(product.base, 'cleo');
  [ben, ada, cleo] = (await Promise.all(
    ['ben', 'ada', 'cleo'].map((who) => signedInPage(browser, product.base, who)),
  )) as [Page, Page, Page];
  // Whoever has signed in once can be given a role.
  const role = await stream.ask('PUT', `/api/v1/channels/${stream.channelId}/roles/us_ben0`, { role: 'moderator' });
  expect(role.status).toBe(200);
  viewer = await (await freshBrowser(browser)).newPage();
  await Promise.all([
    ada.goto(`${product.base}/moderate/${stream.channelId}`),
    cleo.goto(stream.watchUrl),
    viewer.goto(stream.watchUrl),
  ]);
  await opens(ada);
  await cleo.getByTestId('chat-input').waitFor();
  await viewer.getByTestId('chat-lines').waitFor();
});
afterAll(async () => {
  await stream?.end();
  await browser?.close();
});

/** The desk is there, and its room is open. */
const opens = (page: Page) => page.locator('[data-testid=desk][data-link=open]').waitFor();
async function say(text: string): Promise<void> {
  await cleo.getByTestId('chat-input').fill(text);
  await cleo.getByTestId('chat-input').press('Enter');
}
const heldAt = (page: Page, text: string) => page.getByTestId('held-line').filter({ hasText: text });
const told = (page: Page, words: string | RegExp) => page.getByTestId('desk-told').filter({ hasText: words });
const inLog = (page: Page, text: string) => page.getByTestId('log-row').filter({ hasText: text });
const seen = (page: Page, text: string) => page.getByTestId('chat-line').filter({ hasText: text });

describe('the moderation page', () => {
  it('is found from the account menu by a moderator of the channel, and by the chat of the stream', async () => {
    await ben.goto(product.base);
    await ben.getByTestId('account').click();
    await ben.getByTestId('menu-moderation').click();
    const row = ben.getByTestId('moderated-channel').first();
    await row.click();
    await opens(ben);
    expect(new URL(ben.url()).pathname).toMatch(/^\/moderate\/ch_/);
    await ben.goto(stream.watchUrl);
    const opened = ben.waitForEvent('popup');
    await ben.getByTestId('chat-moderate').click();
    ben = await opened;
    await opens(ben);
  });

  it('tells who may not open it what to do, and who is not signed in how to', async () => {
    const other = await signedInPage(browser, product.base, 'cleo');
    await other.goto(`${product.base}/moderate/${stream.channelId}`);
    await other.getByTestId('moderate-refused').filter({ hasText: 'Its owner makes you a moderator' }).waitFor();
    await other.context().close();
    const nobody = await (await freshBrowser(browser)).newPage();
    await nobody.goto(`${product.base}/moderate/${stream.channelId}`);
    await nobody.getByText('The stage door').waitFor();
    await nobody.context().close();
  });

  it('shows a held line within a second, with why and what was found; approved with a key, everybody sees it', async () => {
    await say(link(1));
    await heldAt(ben, link(1)).waitFor({ timeout: SECOND_MS });
    expect(await heldAt(ben, link(1)).getByTestId('held-reason').textContent()).toBe('Link to an unknown site');
    expect(await heldAt(ben, link(1)).locator('mark').textContent()).toContain('an-unknown-site.example');
    expect(await seen(viewer, link(1)).count()).toBe(0);
    await ben.keyboard.press('a');
    await seen(viewer, link(1)).waitFor({ timeout: 2 * SECOND_MS });
    await until('the queue is empty', SECOND_MS, async () => (await heldAt(ben, link(1)).count()) === 0);
    await inLog(ben, link(1)).filter({ hasText: 'Approved by Ben' }).waitFor();
  });

  it('tells the author of a line that is denied, and shows it to nobody', async () => {
    await say(link(2));
    await heldAt(ben, link(2)).waitFor();
    await ben.keyboard.press('d');
    await cleo.getByTestId('chat-refusal').filter({ hasText: 'may not be said here' }).waitFor();
    await inLog(ben, link(2)).filter({ hasText: 'Denied by Ben' }).waitFor();
    expect(await inLog(ben, link(2)).locator('s').count()).toBe(1);
    expect(await seen(viewer, link(2)).count()).toBe(0);
  });

  it('loses what another moderator decides at once, and says by whom', async () => {
    await say(link(3));
    await Promise.all([heldAt(ada, link(3)).waitFor(), heldAt(ben, link(3)).waitFor()]);
    await heldAt(ada, link(3)).getByTestId('held-deny').click();
    await told(ben, 'Ada has denied a held line.').waitFor({ timeout: 2 * SECOND_MS });
    await until('it is gone', SECOND_MS, async () => (await heldAt(ben, link(3)).count()) === 0);
  });

  it('says who was faster to a moderator who loses the race', async () => {
    await say(link(4));
    await Promise.all([heldAt(ada, link(4)).waitFor(), heldAt(ben, link(4)).waitFor()]);
    // Ben has just lost a line to Ada: for a moment no stroke of his meets another.
    await ben.waitForTimeout(SECOND_MS);
    await ben.route('**/decision', async (route) => {
      await heldAt(ada, link(4)).getByTestId('held-approve').click();
      await seen(viewer, link(4)).waitFor();
      await route.continue();
    });
    await ben.keyboard.press('d');
    await told(ben, 'Ada has approved it already').waitFor();
    await ben.unroute('**/decision');
    expect(await heldAt(ben, link(4)).count()).toBe(0);
  });

  it('has after a cut what was held meanwhile', async () => {
    await ben.context().setOffline(true);
    await ben.getByTestId('desk-link').filter({ hasText: 'Connection lost' }).waitFor();
    await say(link(5));
    await heldAt(ada, link(5)).waitFor();
    expect(await heldAt(ben, link(5)).count()).toBe(0);
    await ben.context().setOffline(false);
    await heldAt(ben, link(5)).waitFor({ timeout: 20 * SECOND_MS });
    await ben.keyboard.press('d');
    await until('it is gone for Ada as well', 3 * SECOND_MS, async () => (await heldAt(ada, link(5)).count()) === 0);
  });

  it('bans from the card with a reason, the banned one is refused, and undo takes it back', async () => {
    await inLog(ben, link(1)).getByTestId('person-name').click();
    await ben.getByTestId('person-card').filter({ hasText: '@cleo' }).waitFor();
    await ben.getByTestId('person-do-ban').click();
    await ben.getByTestId('ban-dialog').getByText('Something else').click();
    await ben.getByTestId('ban-words').fill('Links all the time');
    await ben.keyboard.press('Enter');
    await ben.getByTestId('person-ban').filter({ hasText: 'Links all the time' }).waitFor();
    await until('what they said is gone', 3 * SECOND_MS, async () => (await seen(viewer, link(1)).count()) === 0);
    expect(await inLog(ben, link(1)).locator('s').count()).toBe(1);
    const refused = await askCleo('POST', `/api/v1/streams/${stream.id}/chat`, { text: 'Am I here?' });
    expect(refused.status).toBe(403);
    await ben.keyboard.press('u');
    await told(ben, 'Cleo may speak again.').waitFor();
    await say('I am here');
    await seen(viewer, 'I am here').waitFor();
  });

  it('silences for ten minutes with one key, and removes a message with another', async () => {
    await inLog(ben, 'I am here').locator('.desk-text').click();
    await ben.keyboard.press('x');
    await until('it is gone', 3 * SECOND_MS, async () => (await seen(viewer, 'I am here').count()) === 0);
    expect(await inLog(ben, 'I am here').locator('s').count()).toBe(1);
    await ben.keyboard.press('t');
    await told(ben, 'Cleo says nothing for 10 min.').waitFor();
    await ben.getByTestId('tab-bans').click();
    await ben.getByTestId('ban-of-cleo').waitFor();
    await ben.getByTestId('lift-cleo').click();
    await told(ben, 'Cleo may speak again.').waitFor();
  });

  it('takes an announcement back with a button, one of its own too', async () => {
    const announced = await stream.ask('POST', `/api/v1/streams/${stream.id}/room/announcements`, {
      text: 'We begin at nine',
    });
    expect(announced.status).toBeLessThan(300);
    const seenBy = viewer.getByTestId('chat-announcement').filter({ hasText: 'We begin at nine' });
    await seenBy.waitFor();
    // Ben stands below the owner, who made it.
    expect(await inLog(ben, 'We begin at nine').getByTestId('log-remove').count()).toBe(0);
    await inLog(ada, 'We begin at nine').getByTestId('log-remove').click();
    await until('it is gone', 3 * SECOND_MS, async () => (await seenBy.count()) === 0);
    await inLog(ada, 'We begin at nine').filter({ hasText: 'Announcement, removed' }).waitFor();
    expect(await inLog(ada, 'We begin at nine').getByTestId('log-remove').count()).toBe(0);
  });

  it('takes letters for letters where one types, and filters the log', async () => {
    await say('Something about kippers');
    await inLog(ben, 'kippers').waitFor();
    const bans = await ben.getByTestId('ban-of-cleo').count();
    await ben.keyboard.press('/');
    await ben.keyboard.type('kippers bad');
    expect(await ben.getByTestId('log-filter').inputValue()).toBe('kippers bad');
    expect(await ben.getByTestId('ban-dialog').count()).toBe(0);
    await ben.getByTestId('log-filter').fill('kippers');
    expect(await ben.getByTestId('log-row').count()).toBe(1);
    await ben.keyboard.press('Escape');
    expect(await ben.getByTestId('log-row').count()).toBeGreaterThan(1);
    expect(await ben.getByTestId('ban-of-cleo').count()).toBe(bans);
    await ben.keyboard.press('?');
    await ben.getByTestId('help-dialog').filter({ hasText: 'Approve the held line' }).waitFor();
    await ben.keyboard.press('Escape');
  });

  it('sets modes and rules that count at once, and undo sets the mode back', async () => {
    await ben.getByTestId('tab-modes').click();
    await ben.getByTestId('mode-slow').selectOption('60');
    await cleo.getByTestId('chat-modes').filter({ hasText: 'Slow mode: 60 s' }).waitFor();
    await ben.getByTestId('tab-modes').focus();
    await ben.keyboard.press('u');
    await until('it is off', 3 * SECOND_MS, async () => (await cleo.getByTestId('chat-modes').count()) === 0);
    await ben.getByTestId('tab-rules').click();
    await ben.getByTestId('rules-word').fill('kippers');
    await ben.getByTestId('rules-word').press('Enter');
    await ben.getByTestId('rules-save').click();
    await until('it is saved', 5 * SECOND_MS, async () => await ben.getByTestId('rules-save').isDisabled());
    await new Promise((resolve) => setTimeout(resolve, 2 * SECOND_MS));
    await say('More kippers');
    await heldAt(ben, 'More kippers').filter({ hasText: 'Word of this channel' }).waitFor();
  });

  it('has on the card what was done and said, and a note that the other moderator reads', async () => {
    await inLog(ben, 'Something about kippers').getByTestId('person-name').click();
    const card = ben.getByTestId('person-card');
    await card.getByTestId('person-history').getByText('Banned').first().waitFor();
    await card.getByTestId('person-history').getByText('Links all the time').first().waitFor();
    await card.getByTestId('person-said').getByText('Something about kippers').waitFor();
    await card.getByTestId('note-text').fill('Likes kippers; be patient');
    await card.getByTestId('note-text').press('Enter');
    await card.getByTestId('person-notes').getByText('Likes kippers').waitFor();
    await ada.getByTestId('tab-person').click();
    await ada.getByTestId('find-person').fill('cleo');
    await ada.getByTestId('find-person').press('Enter');
    await ada.getByTestId('person-notes').getByText('Likes kippers').waitFor();
  });

  it('hears of a report while it is open, and the answer closes it for everybody', async () => {
    const askMo = await signIn(product.base, 'mod');
    const said = await askCleo('POST', `/api/v1/streams/${stream.id}/chat`, { text: 'Buy my herrings' });
    const { id } = (await said.json()) as { id: string };
    const body = { reason: 'spam', text: 'Herrings again' };
    expect((await askMo('POST', `/api/v1/streams/${stream.id}/chat/${id}/reports`, body)).status).toBe(201);
    await ben
      .getByTestId('tab-reports')
      .filter({ hasText: '1' })
      .waitFor({ timeout: 5 * SECOND_MS });
    await ada.getByTestId('tab-reports').filter({ hasText: '1' }).click();
    await ben.getByTestId('tab-reports').click();
    const report = ben.getByTestId('report').filter({ hasText: 'Buy my herrings' });
    await report.filter({ hasText: 'Herrings again' }).waitFor();
    await report.getByTestId('report-acted').click();
    for (const page of [ben, ada])
      await until('nobody complains', 5 * SECOND_MS, async () => (await page.getByTestId('report').count()) === 0);
  });

  it('puts the shield over the room with one switch, and undo takes it off', async () => {
    const saying = () => askCleo('POST', `/api/v1/streams/${stream.id}/chat`, { text: '👋' });
    await ben.getByTestId('shield-switch').click();
    for (const page of [ben, ada]) {
      await page
        .getByTestId('log-fact')
        .filter({ hasText: 'The shield is up.' })
        .waitFor({ timeout: 3 * SECOND_MS });
      expect(await page.getByTestId('shield-switch').getAttribute('aria-checked')).toBe('true');
    }
    // Cleo does not follow the channel.
    expect((await saying()).status).toBe(403);
    await ben.getByTestId('desk-undo').click();
    await ben.getByTestId('log-fact').filter({ hasText: 'The shield is down.' }).waitFor();
    expect(await ben.getByTestId('shield-switch').getAttribute('aria-checked')).toBe('false');
  });

  it('has the appeal of somebody who is banned, and what they are answered', async () => {
    const channel = `/api/v1/channels/${stream.channelId}`;
    await stream.ask('PUT', `${channel}/bans/us_cleo0`, { seconds: null, reason: 'Herrings' });
    await say('May I?');
    await cleo.getByTestId('chat-refusal').filter({ hasText: 'appeal to the moderators' }).waitFor();
    await cleo.getByTestId('appeal-open').click();
    await cleo.getByTestId('appeal-text').fill('They were fresh');
    await cleo.getByTestId('appeal-send').click();
    await cleo.getByTestId('appeal-stand').filter({ hasText: 'A moderator will answer.' }).waitFor();
    await ben.getByTestId('tab-appeals').click();
    const appeal = ben.getByTestId('appeal').filter({ hasText: 'They were fresh' });
    await appeal.getByTestId('appeal-words').fill('So they were');
    await appeal.getByTestId('appeal-lift').click();
    await told(ben, 'Cleo may speak again.').waitFor();
    const mine = await (await askCleo('GET', `${channel}/appeals/mine`)).json();
    expect(JSON.stringify(mine)).toContain('So they were');
  });

  it('goes on with the next stream of the channel without a reload', async () => {
    await stream.end();
    await ben.getByTestId('log-fact').filter({ hasText: 'The stream has ended' }).waitFor();
    const next = await stream.ask('POST', '/api/v1/streams', { title: 'The first night', channelId: stream.channelId });
    const { id } = (await next.json()) as { id: string };
    await ben.getByText('The first night').waitFor({ timeout: 15 * SECOND_MS });
    await until('it is said', 10 * SECOND_MS, async () => {
      const answer = await askCleo('POST', `/api/v1/streams/${id}/chat`, { text: 'A good first night' });
      return answer.status === 202;
    });
    await inLog(ben, 'A good first night').waitFor();
    await stream.ask('DELETE', `/api/v1/streams/${id}`);
  });
});
