// One long journey: people, an app of somebody else and a bot come, do what they may and are refused the rest; Root reads all of it.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Ask, readJson, signIn } from '../../scripts/local/api.ts';
import { startChromium } from '../../scripts/local/chromium.ts';
import { ROOT } from '../../scripts/local/settings.ts';
import type { AuditPage, AuditRecord } from '../../src/protocol/audit-log.ts';
import type { RegisteredApp } from '../../src/protocol/oauth.ts';
import type { BrowserSessionList } from '../../src/protocol/sign-in.ts';
import { type Encoder, startEncoder } from '../support/encoder.ts';
import { askWithToken, signedInPage, signInWithProvider, statusOf, whoIs } from '../support/people.ts';
import { openStream, type TestStream, until } from '../support/streams.ts';
import { botToken, registerOnPage, startThirdPartyApp, type ThirdPartyApp } from '../support/third-party-app.ts';
import { plays } from '../support/watching.ts';

const LIMIT_MS = 15_000;
/** What a session that was revoked elsewhere may still do. */
const REVOKED_WITHIN_MS = 5000;
const product = inject('product');
const { base } = product;
const sinceIso = new Date().toISOString();
const APP = `Stream clock ${Date.now()}`;

let browser: Browser;
let ada: Page;
let ben: Page;
let elsewhere: Page;
let cleo: Ask;
let open: TestStream;
let friends: TestStream;
let encoder: Encoder;
let app: ThirdPartyApp;
let appId: string;
let bot: RegisteredApp;

beforeAll(async () => {
  browser = await startChromium();
  ada = await signedInPage(browser, base, 'ada');
  cleo = await signIn(base, 'cleo');
  open = await openStream(product, { title: 'For everybody' });
  friends = await openStream(product, { title: 'Among friends', visibility: 'private' });
  encoder = startEncoder({ url: friends.rtmpTarget });
  await until('the private stream is live', 20_000, async () => (await friends.state()) === 'live');
});
afterAll(async () => {
  await app?.close();
  await encoder?.kill();
  await friends?.end();
  await open?.end();
  await browser?.close();
});

describe('ben, who signs in with a provider', () => {
  it('is back on the page that asked, as who he is there, in each browser', async () => {
    ben = await signInWithProvider(browser, base, 'ben');
    elsewhere = await signInWithProvider(browser, base, 'ben');
    for (const page of [ben, elsewhere]) {
      expect(new URL(page.url()).pathname).toBe('/studio');
      expect(await page.getByTestId('signed-in-name').textContent()).toBe('Ben');
      expect(await whoIs(page)).toBe('ben');
    }
  });
});

describe('a private stream', () => {
  const asked: string[] = [];
  const passOf = (url: string) => new URL(url).searchParams.get('pass');

  it('is opened to ben by his handle in the studio, and plays for him', async () => {
    await ada.goto(friends.studioUrl);
    await ada.getByTestId('member-handle').fill('ben');
    await ada.getByTestId('member-invite').click();
    await ada.getByTestId('members').getByText('@ben').waitFor();
    ben.on('request', (request) => asked.push(request.url()));
    await ben.goto(friends.watchUrl);
    await plays(ben, 30, 30_000);
  });

  it('is not there for cleo and for nobody, at any address, and neither is a copy of what ben asked', async () => {
    const media = asked.findLast((url) => url.includes('.m4s')) ?? '';
    const playlist = asked.findLast((url) => url.includes('/index.m3u8') && !url.includes('_HLS_')) ?? '';
    expect([await statusOf(media), await statusOf(playlist)]).toEqual([200, 200]);
    const bare = (url: string) => url.split('?')[0]!;
    for (const url of [media, playlist, friends.playbackUrl, friends.posterUrl]) {
      expect(await statusOf(bare(url)), url).toBe(404);
      expect(await statusOf(`${bare(url)}?pass=${passOf(media)?.slice(0, -3)}abc`), url).toBe(404);
      expect((await cleo('GET', new URL(bare(url)).pathname)).status, url).toBe(404);
    }
    expect(await statusOf(`${base}/live/${friends.id}/state`)).toBe(404);
    const nobody: Ask = (method, path, body) =>
      fetch(base + path, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(LIMIT_MS),
      });
    for (const ask of [cleo, nobody]) {
      expect((await ask('GET', `/api/v1/streams/${friends.id}`)).status).toBe(404);
      expect((await ask('GET', `/api/v1/streams/${friends.id}/chat`)).status).toBe(404);
      expect((await ask('POST', `/api/v1/streams/${friends.id}/pass`, {})).status).toBe(404);
      const list = await readJson<{ streams: { id: string }[] }>(await ask('GET', '/api/v1/streams'));
      expect(list.streams.map(({ id }) => id)).not.toContain(friends.id);
    }
  });
});

describe('a bot', () => {
  const says = async (stream: TestStream, scope: string) => {
    const ask = askWithToken(base, await botToken(base, { ...bot, scope }));
    return (await ask('POST', `/api/v1/streams/${stream.id}/chat`, { text: 'The doors are open' })).status;
  };

  it('says something only where it is let in, and only with a token for that', async () => {
    const wanted = { name: `Usher ${Date.now()}`, type: 'confidential', scopes: ['streams:read', 'chat:write'] };
    bot = await readJson<RegisteredApp>(await open.ask('POST', '/api/v1/apps', wanted));
    expect(await says(open, 'chat:write')).toBe(202);
    expect(await says(open, 'streams:read')).toBe(403);
    expect(await says(friends, 'chat:write')).toBe(404);
    const { messages } = await readJson<{ messages: { author: { id: string } }[] }>(
      await open.ask('GET', `/api/v1/streams/${open.id}/chat`),
    );
    expect(messages.map(({ author }) => author.id)).toEqual([bot.botId]);
  });
});

describe('an app of somebody else', () => {
  const tokens = () => {
    const outcome = app.outcome();
    if (!outcome || !('tokens' in outcome)) throw new Error('The app is not connected.');
    return outcome.tokens;
  };
  const reads = async (token: string) =>
    (await askWithToken(base, token)('GET', `/api/v1/streams/${friends.id}`)).status;

  it('is registered on the page for developers, and its secret is shown this once', async () => {
    const registered = await registerOnPage(ada, base, { name: APP, scopes: ['streams:read', 'offline_access'] });
    expect(registered.clientSecret).toMatch(/^as_/);
    appId = registered.clientId;
    app = await startThirdPartyApp(base, { ...registered, scope: 'streams:read offline_access' });
    await ada.reload();
    const card = ada.getByTestId('app-card').filter({ hasText: APP });
    await card.waitFor();
    expect(await card.getByTestId('client-secret').count()).toBe(0);
  });

  it('asks ben, and takes a no', async () => {
    await ben.goto(app.connectUrl);
    await ben.getByTestId('consent-refuse').click();
    await ben.getByRole('heading', { name: 'Not connected' }).waitFor();
    expect(app.outcome()).toEqual({ error: 'access_denied' });
  });

  it('asks in plain words, and gets what it asked for when he says yes', async () => {
    await ben.goto(app.connectUrl);
    expect(await ben.getByTestId('consent-app').textContent()).toBe(APP);
    const words = await ben.getByTestId('scope-list').textContent();
    expect(words).toContain('See your channels');
    expect(words).not.toContain('streams:read');
    await ben.getByTestId('consent-allow').click();
    await ben.getByRole('heading', { name: 'Connected', exact: true }).waitFor();
    expect(tokens().scope).toBe('streams:read offline_access');
  });

  it('reads what ben may read, and does nothing that it was not allowed', async () => {
    expect(await reads(tokens().access_token)).toBe(200);
    const ask = askWithToken(base, tokens().access_token);
    expect((await ask('POST', '/api/v1/streams', { title: 'By an app' })).status).toBe(403);
  });

  it('comes back with its refresh token, and is refused as soon as he takes it back', async () => {
    const refreshed = await app.refresh(tokens().refresh_token!);
    expect(await reads(refreshed.access_token)).toBe(200);
    await ben.goto(`${base}/settings`);
    const allowed = ben.getByTestId('allowed-app').filter({ hasText: APP });
    await allowed.getByTestId('revoke-app').click();
    await ben.getByTestId('revoke-dialog-confirm').click();
    await allowed.waitFor({ state: 'detached' });
    for (const token of [tokens().access_token, refreshed.access_token]) expect(await reads(token)).toBe(401);
    await expect(app.refresh(refreshed.refresh_token!)).rejects.toMatchObject({ error: 'invalid_grant' });
  });
});

describe('the session of ben', () => {
  it('is seen in the settings of another browser of his, and which one is this', async () => {
    await ben.goto(`${base}/settings`);
    await ben.getByTestId('browser-session').nth(1).waitFor();
    expect(await ben.locator('[data-testid=browser-session][data-current=true]').count()).toBe(1);
    expect(await ben.getByTestId('browser-session').first().textContent()).toMatch(/Chrome/);
  });

  it('is revoked from there, and is nobody’s within five seconds', async () => {
    const answer = await elsewhere.request.get(`${base}/api/v1/sessions`);
    const { id } = ((await answer.json()) as BrowserSessionList).sessions.find(({ isCurrent }) => isCurrent)!;
    // Ben may be signed in elsewhere too: this is about the one browser.
    const other = ben.locator(`[data-session=${id}]`);
    await other.getByTestId('revoke-session').click();
    await until('the other browser is nobody', REVOKED_WITHIN_MS, async () => (await whoIs(elsewhere)) === null);
    await other.waitFor({ state: 'detached' });
    await elsewhere.reload();
    await elsewhere.getByTestId('provider-local').waitFor();
    expect(await whoIs(ben)).toBe('ben');
  });
});

describe('root', () => {
  let root: Ask;
  const trail = async (): Promise<AuditRecord[]> => {
    const events: AuditRecord[] = [];
    for (let cursor = ''; ; ) {
      const query = `since=${sinceIso}&limit=100${cursor && `&cursor=${cursor}`}`;
      const page = await readJson<AuditPage>(await root('GET', `/api/v1/audit?${query}`));
      events.push(...page.events);
      if (page.nextCursor === null) return events;
      cursor = page.nextCursor;
    }
  };
  /** Who (by name; an app by its id), what, to what, and what it says besides. */
  const story = (): [string, string, string | null, object?][] => [
    ['Ben', 'session.created', null],
    ['Ada', 'stream.created', friends.id, { visibility: 'private' }],
    ['Ada', 'member.invited', friends.id],
    ['Cleo', 'right.refused', friends.id],
    ['Ada', 'app.registered', bot.id],
    [bot.id, 'token.issued', bot.botId, { grantType: 'client_credentials' }],
    [bot.name, 'message.sent', null, { streamId: open.id }],
    [bot.name, 'right.refused', friends.id],
    [bot.name, 'right.refused', 'POST /api/v1/streams/:id/chat'],
    ['Ada', 'app.registered', appId],
    ['Ben', 'grant.given', appId],
    [appId, 'token.issued', 'us_ben0', { grantType: 'authorization_code' }],
    ['Ben', 'right.refused', 'POST /api/v1/streams'],
    [appId, 'token.issued', 'us_ben0', { grantType: 'refresh_token' }],
    ['Ben', 'grant.revoked', null],
    ['Ben', 'session.revoked', null],
  ];
  const isTold = (events: AuditRecord[], [actor, action, target, after]: ReturnType<typeof story>[number]) =>
    events.some(
      (event) =>
        [event.actor.name, event.actor.id].includes(actor) &&
        event.action === action &&
        (target === null || event.target?.id === target) &&
        Object.entries(after ?? {}).every(([name, value]) => event.after?.[name] === value),
    );

  it('reads the trail of all that', async () => {
    root = await signIn(base, 'root');
    const missing = async () => {
      const events = await trail();
      return story().filter((told) => !isTold(events, told));
    };
    await expect.poll(missing, { timeout: LIMIT_MS, interval: 500 }).toEqual([]);
  });

  it('finds on the page what happened at one stream', async () => {
    const page = await signedInPage(browser, base, 'root');
    await page.goto(`${base}/admin`);
    await page.getByLabel('To what').fill(friends.id);
    // The list is drawn anew meanwhile, and leaves alone what was typed.
    await page.waitForResponse((answer) => answer.url().includes('/api/v1/audit'));
    await page.getByRole('button', { name: 'Search' }).click();
    const entries = page.getByTestId('audit-entry');
    for (const words of ['Ada opened a stream', 'A stream went live', 'Ada invited somebody', 'Cleo was refused']) {
      await entries.filter({ hasText: words }).first().waitFor();
    }
    await expect.poll(() => entries.filter({ hasNotText: friends.id }).count(), { timeout: LIMIT_MS }).toBe(0);
  });

  it('is told by npm run audit:verify that nobody has rewritten it', () => {
    const { port } = new URL(base);
    const env = { ...process.env, FOOTLIGHT_PORT: port, FOOTLIGHT_STATE_DIR: inject('stateDir') };
    const said = execFileSync(process.execPath, [join(ROOT, 'scripts/audit-verify.ts')], { env, encoding: 'utf8' });
    expect(said).toMatch(/is whole: \d+ rows/);
  });
});
