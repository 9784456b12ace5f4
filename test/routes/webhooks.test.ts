import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { QUOTAS } from '../../src/domain/quotas.ts';
import type { CreatedWebhook, Delivery, DeliveryPage, Webhook } from '../../src/protocol/webhooks.ts';
import { keepDeliveries } from '../../src/storage/webhook-deliveries.ts';
import { connected, withToken } from './oauth-support.ts';
import { as, call, openStream, problemOf, tokenOf } from './support.ts';

const URL_ = 'https://hooks.example.com/footlight';
const PATH = '/api/v1/webhooks';

const make = async (handle = 'ada', settings: object = {}): Promise<CreatedWebhook> => {
  const response = await as(handle, 'POST', PATH, { url: URL_, events: ['stream.started'], ...settings });
  if (response.status !== 201) throw new Error(await response.text());
  return response.json();
};
const remove = (handle: string, id: string): Promise<Response> => as(handle, 'DELETE', `${PATH}/${id}`);

beforeAll(async () => {
  // What is sent goes nowhere here; the consumer has its own tests.
  vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response(null, { status: 204 }));
  await openStream('ben');
});

describe('making a webhook', () => {
  it('shows the secret once, and keeps it wrapped', async () => {
    const made = await make();
    expect(made).toMatchObject({ url: URL_, events: ['stream.started'], channelId: null, status: 'active' });
    expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const read = await as('ada', 'GET', `${PATH}/${made.id}`);
    expect(await read.text()).not.toContain('secret"');
    const row = await env.DB.prepare('SELECT * FROM webhooks WHERE id = ?').bind(made.id).first();
    expect(JSON.stringify(row)).not.toContain(made.secret.slice(6, 20));
    await remove('ada', made.id);
  });

  it.each([
    ['no events', { events: [] }],
    ['an unknown event', { events: ['stream.exploded'] }],
    ['the test event', { events: ['webhook.test'] }],
    ['no address', { url: undefined }],
    ['plain http', { url: 'http://hooks.example.com/' }],
    ['a private address', { url: 'https://10.0.0.1/' }],
    ['credentials', { url: 'https://me:secret@hooks.example.com/' }],
    ['an endless address', { url: `https://hooks.example.com/${'x'.repeat(500)}` }],
  ])('is refused with %s, by its field', async (_what, change) => {
    const response = await as('ada', 'POST', PATH, { url: URL_, events: ['stream.started'], ...change });
    const problem = await problemOf(response);
    expect(problem.code).toBe('invalid_request');
    expect(problem.issues?.[0]?.path).toMatch(/^(url|events)/);
  });

  it('takes a channel of mine and no other', async () => {
    const mine = await openStream('ada');
    const made = await make('ada', { channelId: mine.channelId });
    expect(made.channelId).toBe(mine.channelId);
    const theirs = await as('ben', 'POST', PATH, { url: URL_, events: ['stream.ended'], channelId: mine.channelId });
    expect((await problemOf(theirs)).code).toBe('forbidden');
    const nobodys = await as('ben', 'POST', PATH, { url: URL_, events: ['stream.ended'], channelId: 'ch_nowhere' });
    expect((await problemOf(nobodys)).code).toBe('not_found');
    await remove('ada', made.id);
  });

  it(`ends at ${QUOTAS.webhooks.max} a person, also when all are asked for at once`, async () => {
    const body = { url: URL_, events: ['stream.started'] };
    const all = await Promise.all(
      Array.from({ length: QUOTAS.webhooks.max + 5 }, () => as('cleo', 'POST', PATH, body)),
    );
    expect(all.filter(({ status }) => status === 201)).toHaveLength(QUOTAS.webhooks.max);
    const refused = all.find(({ status }) => status !== 201)!;
    expect((await problemOf(refused)).code).toBe('quota_exceeded');
    await make('ben');
  });
});

describe('a webhook', () => {
  it('is changed, switched off and on, and deleted with all that was sent', async () => {
    const { id } = await make();
    const change = { url: 'https://other.example.com/', events: ['stream.ended', 'user.followed', 'stream.ended'] };
    const changed: Webhook = await (await as('ada', 'PATCH', `${PATH}/${id}`, change)).json();
    expect(changed).toMatchObject({ url: change.url, events: ['stream.ended', 'user.followed'], status: 'active' });
    const off: Webhook = await (await as('ada', 'PATCH', `${PATH}/${id}`, { enabled: false })).json();
    expect(off.status).toBe('disabled');
    for (const door of ['test', 'deliveries/dl_none/replay']) {
      const refused = await as('ada', 'POST', `${PATH}/${id}/${door}`);
      expect(refused.status).toBe(door === 'test' ? 409 : 404);
    }
    const on: Webhook = await (await as('ada', 'PATCH', `${PATH}/${id}`, { enabled: true })).json();
    expect(on.status).toBe('active');
    await as('ada', 'POST', `${PATH}/${id}/test`);
    expect((await remove('ada', id)).status).toBe(204);
    expect((await as('ada', 'GET', `${PATH}/${id}`)).status).toBe(404);
    expect((await remove('ada', id)).status).toBe(404);
  });

  it('is not changed from a state that is no longer its own', async () => {
    const { id } = await make();
    const tag = (await as('ada', 'GET', `${PATH}/${id}`)).headers.get('ETag')!;
    const headers = {
      Authorization: `Bearer ${await tokenOf('ada')}`,
      'Content-Type': 'application/json',
      'If-Match': tag,
    };
    const change = (enabled = false) =>
      call(`${PATH}/${id}`, { method: 'PATCH', headers, body: JSON.stringify({ enabled }) });
    const both = await Promise.all([change(), change()]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
    expect((await problemOf(await change())).code).toBe('stale_etag');
    await remove('ada', id);
  });

  it('refuses an address on change as on making', async () => {
    const { id } = await make();
    const problem = await problemOf(await as('ada', 'PATCH', `${PATH}/${id}`, { url: 'https://192.168.0.1/' }));
    expect(problem.issues?.[0]?.path).toBe('url');
    await remove('ada', id);
  });

  it('has a clean slate when it is switched on again', async () => {
    const { id } = await make();
    await env.DB.prepare('UPDATE webhooks SET enabled = 0, failing_since_ms = 1, gone_at_ms = 1 WHERE id = ?')
      .bind(id)
      .run();
    expect(await (await as('ada', 'GET', `${PATH}/${id}`)).json()).toMatchObject({ status: 'gone' });
    expect(await (await as('ada', 'PATCH', `${PATH}/${id}`, { enabled: true })).json()).toMatchObject({
      status: 'active',
    });
    await remove('ada', id);
  });

  it('gets a new secret, and the old one signs beside it for a day', async () => {
    const made = await make();
    const rotated: CreatedWebhook = await (await as('ada', 'POST', `${PATH}/${made.id}/secret`)).json();
    expect(rotated.secret).not.toBe(made.secret);
    const hours = (Date.parse(rotated.oldSecretUntil!) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(23.9);
    expect(hours).toBeLessThanOrEqual(24);
    const both = await Promise.all([1, 2].map(() => as('ada', 'POST', `${PATH}/${made.id}/secret`)));
    expect(both.map(({ status }) => status).sort(), 'a secret that never signs is not shown').toEqual([201, 409]);
    await remove('ada', made.id);
  });

  it('is nobody else’s, the admin included', async () => {
    const { id } = await make();
    const doors = [
      ['GET', ''],
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/secret'],
      ['POST', '/test'],
      ['GET', '/deliveries'],
      ['POST', '/deliveries/dl_none/replay'],
    ] as const;
    for (const [method, door] of doors) {
      const body = method === 'PATCH' ? { enabled: false } : undefined;
      for (const handle of ['ben', 'root']) {
        expect((await as(handle, method, `${PATH}/${id}${door}`, body)).status, `${handle} ${method} ${door}`).toBe(
          403,
        );
      }
      expect((await as(null, method, `${PATH}/${id}${door}`, body)).status, `nobody ${method} ${door}`).toBe(401);
    }
    const listed: { webhooks: Webhook[] } = await (await as('root', 'GET', PATH)).json();
    expect(listed.webhooks).toEqual([]);
    await remove('ada', id);
  });

  it('is neither made nor read nor changed by an app, which would go on hearing after it was turned away', async () => {
    const { id } = await make();
    const { tokens } = await connected({ handle: 'ada' });
    const byApp = (method: string, path: string, body?: unknown) => withToken(tokens.access_token, path, method, body);
    for (const asked of [
      byApp('POST', PATH, { url: URL_, events: ['stream.started'] }),
      byApp('GET', PATH),
      byApp('GET', `${PATH}/${id}/deliveries`),
      byApp('POST', `${PATH}/${id}/test`),
      byApp('DELETE', `${PATH}/${id}`),
    ]) {
      expect((await problemOf(await asked)).code).toBe('forbidden');
    }
    await remove('ada', id);
  });
});

describe('the deliveries of a webhook', () => {
  it('are listed newest first, page by page, each once', async () => {
    const { id } = await make();
    const ids = await keepDeliveries(
      env.DB,
      Array.from({ length: 5 }, (_, index) => ({
        id: `dl_listed${index}` as Delivery['id'],
        webhookId: id,
        eventId: `au_${index}`,
        type: 'stream.started' as const,
        body: '{}',
        replayOf: null,
        createdAtMs: 1_000_000 + Math.floor(index / 2),
      })),
    );
    const seen: string[] = [];
    let cursor = '';
    do {
      const page: DeliveryPage = await (
        await as('ada', 'GET', `${PATH}/${id}/deliveries?limit=2${cursor && `&cursor=${cursor}`}`)
      ).json();
      seen.push(...page.deliveries.map((one) => one.id));
      cursor = page.nextCursor ?? '';
    } while (cursor);
    expect(seen).toEqual([...ids].reverse());
    const wrong = await as('ada', 'GET', `${PATH}/${id}/deliveries?cursor=nonsense`);
    expect((await problemOf(wrong)).issues?.[0]?.path).toBe('cursor');
    await remove('ada', id);
  });

  it('are sent again under the id of the first, and never for another webhook', async () => {
    const { id } = await make();
    const other = await make();
    const first: Delivery = await (await as('ada', 'POST', `${PATH}/${id}/test`)).json();
    expect(first).toMatchObject({ type: 'webhook.test', state: 'pending', replayOf: null, attempts: [] });
    const response = await as('ada', 'POST', `${PATH}/${id}/deliveries/${first.id}/replay`);
    expect(response.status).toBe(202);
    const again: Delivery = await response.json();
    expect(again).toMatchObject({ eventId: first.eventId, replayOf: first.id, type: 'webhook.test' });
    expect(again.id).not.toBe(first.id);
    const elsewhere = await as('ada', 'POST', `${PATH}/${other.id}/deliveries/${first.id}/replay`);
    expect((await problemOf(elsewhere)).code).toBe('not_found');
    for (const one of [id, other.id]) await remove('ada', one);
  });
});
