import { env } from 'cloudflare:workers';
import { Webhook } from 'standardwebhooks';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ATTEMPTS_MAX } from '../../src/domain/webhook-schedule.ts';
import { tellWebhooks } from '../../src/jobs/webhooks.ts';
import type { AuditAction, AuditEntry } from '../../src/protocol/audit.ts';
import { AuditId, type DeliveryId, mintId } from '../../src/protocol/ids.ts';
import type {
  CreatedWebhook,
  Delivery,
  DeliveryPage,
  WebhookEvent,
  WebhookMessage,
} from '../../src/protocol/webhooks.ts';
import { as, openStream } from '../routes/support.ts';
import { envWithQueue, type FarEnd, handOn, startFarEnd } from './far-end.ts';

const PATH = '/api/v1/webhooks';
const DAY_MS = 24 * 60 * 60 * 1000;

let farEnd: FarEnd;
let hook: CreatedWebhook;
let stream: Awaited<ReturnType<typeof openStream>>;

beforeEach(async () => {
  farEnd = startFarEnd();
  stream = await openStream('ada');
  await env.DB.batch(
    ['webhook_attempts', 'webhook_deliveries', 'webhooks'].map((table) => env.DB.prepare(`DELETE FROM ${table}`)),
  );
  hook = await make({ events: ['stream.started', 'stream.ended'] });
});

async function make(settings: object): Promise<CreatedWebhook> {
  const body = { url: 'https://hooks.example.com/footlight', events: ['stream.started'], ...settings };
  const response = await as('ada', 'POST', PATH, body);
  if (response.status !== 201) throw new Error(await response.text());
  return response.json();
}

const entry = (action: AuditAction = 'stream.started', overrides: Partial<AuditEntry> = {}): AuditEntry => ({
  id: AuditId.parse(mintId('au', crypto.getRandomValues(new Uint8Array(16)))),
  atMs: Date.now(),
  actor: { kind: 'node', id: 'nd_test1', appId: null },
  action,
  target: { type: 'stream', id: stream.id },
  before: null,
  after: null,
  reason: null,
  requestId: null,
  network: null,
  ...overrides,
});

/** Tells of `entries`; what came into the queue. */
async function tell(entries: AuditEntry[], nowMs = Date.now()): Promise<WebhookMessage[]> {
  const { env: bindings, messages } = envWithQueue();
  await tellWebhooks(bindings, entries, nowMs);
  return messages;
}

const listed = async (id: string = hook.id): Promise<Delivery[]> =>
  ((await (await as('ada', 'GET', `${PATH}/${id}/deliveries`)).json()) as DeliveryPage).deliveries;
const statusOf = async (): Promise<string> =>
  ((await (await as('ada', 'GET', `${PATH}/${hook.id}`)).json()) as CreatedWebhook).status;
/** As if the waiting time had passed. */
const letItBeDue = () =>
  env.DB.prepare("UPDATE webhook_deliveries SET due_at_ms = ? WHERE state = 'pending'").bind(Date.now()).run();

describe('an entry that was appended to the audit log', () => {
  it('reaches the webhook of the owner of the channel, signed, under the id of the entry', async () => {
    const started = entry();
    const messages = await tell([started, entry('session.created'), entry('stream.updated')]);
    expect(messages).toHaveLength(1);
    expect(await handOn(messages)).toEqual({ done: [0], again: [] });
    const [sent] = farEnd.received;
    expect(sent).toMatchObject({
      url: hook.url,
      headers: { 'webhook-id': started.id, 'content-type': 'application/json' },
    });
    expect(new Webhook(hook.secret).verify(sent!.body, sent!.headers)).toMatchObject({
      type: 'stream.started',
      timestamp: new Date(started.atMs).toISOString(),
      data: { channelId: stream.channelId, streamId: stream.id },
    });
    expect(await listed()).toMatchObject([
      { eventId: started.id, state: 'delivered', nextAttemptAt: null, attempts: [{ status: 204, error: null }] },
    ]);
  });

  it('is told once, however often the entry comes', async () => {
    const started = entry();
    expect(await tell([started, started])).toHaveLength(1);
    expect(await tell([started])).toHaveLength(0);
    expect(await listed()).toHaveLength(1);
  });

  it('goes to every webhook that asked, and to none on the channel of somebody else', async () => {
    await make({ channelId: stream.channelId });
    const elsewhere = await openStream('ada');
    await make({ channelId: elsewhere.channelId });
    const theirs = await openStream('ben');
    expect(await tell([entry()])).toHaveLength(2);
    expect(await tell([entry('stream.started', { target: { type: 'stream', id: theirs.id } })])).toHaveLength(0);
    expect(await tell([entry('stream.started', { target: { type: 'stream', id: 'st_unknown' } })])).toHaveLength(0);
  });

  it('tells of followers and of moderation as their doors note them', async () => {
    const events = ['user.followed', 'channel_role.given', 'channel_role.taken', 'member.invited', 'member.removed'];
    const all = await make({ events });
    const channel = `/api/v1/channels/${stream.channelId}`;
    const doors: [string, string, string, unknown?][] = [
      ['ben', 'PUT', `${channel}/follow`],
      ['ada', 'PUT', `${channel}/roles/us_ben0`, { role: 'moderator' }],
      ['ada', 'DELETE', `${channel}/roles/us_ben0`],
      ['ada', 'PUT', `/api/v1/streams/${stream.id}/members/ben`],
      ['ada', 'DELETE', `/api/v1/streams/${stream.id}/members/ben`],
    ];
    for (const [who, method, path, body] of doors)
      expect((await as(who, method, path, body)).status, `${method} ${path}`).toBeLessThan(300);
    await vi.waitFor(async () => expect(await listed(all.id)).toHaveLength(events.length), 10_000);
    await vi.waitFor(() => expect(farEnd.received).toHaveLength(events.length), 10_000);
    const told = farEnd.received.map(({ body }) => JSON.parse(body) as WebhookEvent);
    const { id: streamId, channelId } = stream;
    const dataOf = (type: string) => told.find((one) => one.type === type)?.data;
    expect(dataOf('user.followed')).toMatchObject({
      channelId,
      actorId: 'us_ben0',
      target: { type: 'channel', id: channelId },
    });
    const ben = { type: 'user', id: 'us_ben0' };
    expect(dataOf('channel_role.given')).toMatchObject({ channelId, target: ben, after: { role: 'moderator' } });
    expect(dataOf('channel_role.taken')).toMatchObject({ channelId, target: ben, after: { role: null } });
    expect(dataOf('member.invited')).toMatchObject({ channelId, streamId, after: { userId: 'us_ben0' } });
    expect(dataOf('member.removed')).toMatchObject({ channelId, streamId, before: { userId: 'us_ben0' } });
  }, 25_000);

  it('is told when it has come through the queue of the log, end to end', async () => {
    await env.AUDIT.send(entry());
    await vi.waitFor(async () => expect(await listed()).toMatchObject([{ state: 'delivered' }]), {
      timeout: 10_000,
      interval: 200,
    });
    expect(farEnd.received).toHaveLength(1);
  });

  it('is in the log even when the queue of webhooks fails, and is told later', async () => {
    const sendBatch = vi.fn().mockRejectedValue(new Error('the queue is full'));
    const bindings = { ...env, WEBHOOKS: { sendBatch } as unknown as Queue<WebhookMessage> };
    const started = entry();
    expect(await handOn([started], { queue: 'footlight-audit', bindings })).toEqual({ done: [0], again: [] });
    expect(sendBatch).toHaveBeenCalled();
    expect(
      await env.DB.prepare('SELECT count(*) AS n FROM audit_events WHERE id = ?').bind(started.id).first('n'),
    ).toBe(1);
    const messages = await tell([], Date.now() + 11 * 60_000);
    expect(await listed()).toMatchObject([{ id: messages[0]!.deliveryId, eventId: started.id, state: 'pending' }]);
  });

  it('comes again when it cannot be kept what to send, is in the log once, and is told when that works again', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    const [started, ended] = [entry(), entry('stream.ended')];
    const audit = { queue: 'footlight-audit' };
    await env.DB.exec('ALTER TABLE webhook_deliveries RENAME TO lost_deliveries');
    expect((await handOn([started], audit)).again).toHaveLength(1);
    // What the queue gave up on waits where the next run finds it.
    expect((await handOn([ended], { queue: 'footlight-audit-dead' })).again).toEqual([]);
    expect(error.mock.calls.flat().join(' ')).toContain('could not be stored; it comes again');
    await env.DB.exec('ALTER TABLE lost_deliveries RENAME TO webhook_deliveries');
    error.mockRestore();
    expect((await handOn([started], audit)).again).toEqual([]);
    expect((await listed()).map(({ eventId }) => eventId).sort()).toEqual([started.id, ended.id].sort());
    const rows = await env.DB.prepare('SELECT count(*) AS n FROM audit_events WHERE id IN (?, ?)')
      .bind(started.id, ended.id)
      .first('n');
    expect(rows).toBe(2);
  });
});

describe('a delivery that fails', () => {
  const failing = (status: number) => () => new Response('Out of order, sorry.', { status });

  it('comes again after the time of the schedule, under the same id, and may arrive then', async () => {
    farEnd.answers = [failing(500)];
    const messages = await tell([entry()]);
    const { done, again } = await handOn(messages);
    expect(done).toEqual([]);
    expect(again[0]).toBeGreaterThanOrEqual(5);
    expect(again[0]).toBeLessThanOrEqual(6);
    expect(await listed()).toMatchObject([
      { state: 'pending', attempts: [{ status: 500, error: 'answered 500', answer: 'Out of order, sorry.' }] },
    ]);
    expect(await statusOf()).toBe('active');
    await letItBeDue();
    expect(await handOn(messages)).toEqual({ done: [0], again: [] });
    expect(farEnd.received[1]!.headers['webhook-id']).toBe(farEnd.received[0]!.headers['webhook-id']);
    expect(await listed()).toMatchObject([{ state: 'delivered', attempts: [{ status: 500 }, { status: 204 }] }]);
  });

  it('is parked after the last try, its webhook is failing, and a replay that arrives mends it', async () => {
    farEnd.answers = Array.from({ length: ATTEMPTS_MAX }, () => failing(503));
    const messages = await tell([entry()]);
    for (let attempt = 1; attempt < ATTEMPTS_MAX; attempt++) {
      expect((await handOn(messages)).again, `try ${attempt}`).toHaveLength(1);
      await letItBeDue();
    }
    expect(await handOn(messages)).toEqual({ done: [0], again: [] });
    const [parked] = await listed();
    expect(parked).toMatchObject({ state: 'parked', nextAttemptAt: null });
    expect(parked!.attempts).toHaveLength(ATTEMPTS_MAX);
    expect(await statusOf()).toBe('failing');
    const replay: Delivery = await (
      await as('ada', 'POST', `${PATH}/${hook.id}/deliveries/${parked!.id}/replay`)
    ).json();
    await handOn([{ deliveryId: replay.id }]);
    expect(await listed()).toMatchObject([
      { id: replay.id, eventId: parked!.eventId, state: 'delivered' },
      { state: 'parked' },
    ]);
    expect(await statusOf()).toBe('active');
  });

  it('switches its webhook off when the address is gone, and what waits is not sent any more', async () => {
    farEnd.answers = [failing(410)];
    const messages = await tell([entry(), entry('stream.ended')]);
    expect(await handOn(messages.slice(0, 1))).toEqual({ done: [0], again: [] });
    expect(await statusOf()).toBe('gone');
    expect(await handOn(messages.slice(1))).toEqual({ done: [0], again: [] });
    expect(farEnd.received).toHaveLength(1);
    expect((await listed()).map(({ state }) => state)).toEqual(['parked', 'parked']);
    expect(await tell([entry()])).toHaveLength(0);
  });

  it.each([
    ['in seconds', () => '90'],
    ['as a date', () => new Date(Date.now() + 90_000).toUTCString()],
  ])('comes again no sooner than the far end says %s', async (_how, retryAfter) => {
    farEnd.answers = [() => new Response(null, { status: 429, headers: { 'Retry-After': retryAfter() } })];
    const { again } = await handOn(await tell([entry()]));
    expect(again[0]).toBeGreaterThanOrEqual(89);
    expect(again[0]).toBeLessThanOrEqual(110);
    const [{ nextAttemptAt }] = (await listed()) as [Delivery];
    expect(Date.parse(nextAttemptAt!) - Date.now()).toBeGreaterThan(85_000);
  });

  it.each([
    ['a redirect, which is not followed', () => Response.redirect('https://10.0.0.1/', 307), { status: 307 }],
    [
      'no connection',
      () => Promise.reject(new TypeError('refused')),
      { status: null, error: 'no connection: refused' },
    ],
  ])('counts %s as a failure', async (_what, answer, attempt) => {
    farEnd.answers = [answer];
    expect((await handOn(await tell([entry()]))).again).toHaveLength(1);
    expect(await listed()).toMatchObject([{ state: 'pending', attempts: [attempt] }]);
    expect(farEnd.received).toHaveLength(1);
  });

  it('keeps the first bytes of an answer only, and does not wait for the rest', async () => {
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('x'.repeat(400))),
    });
    farEnd.answers = [() => new Response(endless, { status: 200 })];
    await handOn(await tell([entry()]));
    const [delivery] = await listed();
    expect(delivery).toMatchObject({ state: 'delivered' });
    expect(delivery!.attempts[0]!.answer).toBe('x'.repeat(500));
  });

  it('is given ten seconds for an answer', async () => {
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort(new Error('time is up')));
    farEnd.answers = [() => Promise.reject(new Error('aborted'))];
    const messages = await tell([entry()]);
    await handOn(messages);
    expect(timeout).toHaveBeenCalledWith(10_000);
    timeout.mockRestore();
    expect(await listed()).toMatchObject([{ attempts: [{ status: null, error: 'no answer within 10 s' }] }]);
  });
});

describe('a message of the queue', () => {
  it('that comes twice sends once what has arrived', async () => {
    const messages = await tell([entry()]);
    await handOn(messages);
    expect(await handOn(messages)).toEqual({ done: [0], again: [] });
    expect(farEnd.received).toHaveLength(1);
  });

  it('that comes twice at once is sent by one of them', async () => {
    const messages = await tell([entry()]);
    await handOn([...messages, ...messages]);
    expect(farEnd.received).toHaveLength(1);
  });

  it('that comes before its time is put off until then', async () => {
    farEnd.answers = [() => new Response(null, { status: 500 })];
    const messages = await tell([entry()]);
    await handOn(messages);
    const { again } = await handOn(messages);
    expect(again[0]).toBeGreaterThan(3);
    expect(farEnd.received).toHaveLength(1);
  });

  it('of a deleted webhook is dropped', async () => {
    const messages = await tell([entry()]);
    await as('ada', 'DELETE', `${PATH}/${hook.id}`);
    expect(await handOn(messages)).toEqual({ done: [0], again: [] });
    expect(farEnd.received).toHaveLength(0);
  });

  it('that cannot be handled comes again, without harm to its neighbours, and is parked when it is dead', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    const [good] = await tell([entry()]);
    const broken = await make({});
    await env.DB.prepare("UPDATE webhooks SET secret = 'AAAA.AAAA' WHERE id = ?").bind(broken.id).run();
    const [bad] = await tell([entry()]).then((sent) => sent.slice(-1));
    const ids = (await listed(broken.id)).map(({ id }) => id);
    expect(ids).toContain(bad!.deliveryId);
    expect(await handOn([{ nonsense: true }, bad, good])).toEqual({ done: [2], again: [60, 60] });
    expect(await handOn([{ nonsense: true }, bad], { queue: 'footlight-webhooks-dead' })).toMatchObject({
      done: [0, 1],
    });
    expect(error).toHaveBeenCalledTimes(4);
    error.mockRestore();
    expect(await listed(broken.id)).toMatchObject([{ id: bad!.deliveryId, state: 'parked' }]);
    expect(await (await as('ada', 'GET', `${PATH}/${broken.id}`)).json()).toMatchObject({ status: 'failing' });
  });

  it('that was lost is sent again', async () => {
    await tell([entry()]);
    expect(await tell([], Date.now() + 5 * 60_000)).toHaveLength(0);
    const [found] = await tell([], Date.now() + 11 * 60_000);
    expect(found?.deliveryId).toBe((await listed())[0]!.id);
    expect(await tell([], Date.now() + 12 * 60_000)).toHaveLength(0);
  });
});

describe('in production', () => {
  const production = { ...env, MODE: 'production' as const };
  const tried = async () => {
    const { done, again } = await handOn(await tell([entry()]), { bindings: production });
    return { isDone: done.length === 1, again, error: (await listed())[0]!.attempts[0]!.error };
  };

  it('the name of the host is looked up before each try', async () => {
    farEnd.addresses = [
      { type: 5, data: 'edge.example.net.' },
      { type: 1, data: '93.184.216.34' },
      { type: 28, data: '2606:2800:220:1:248:1893:25c8:1946' },
    ];
    expect(await tried()).toEqual({ isDone: true, again: [], error: null });
    expect(farEnd.lookedUp.sort()).toEqual(['A hooks.example.com', 'AAAA hooks.example.com']);
    expect(farEnd.received).toHaveLength(1);
  });

  it.each([
    ['a private address', { type: 1, data: '10.0.0.1' }],
    ['this machine', { type: 1, data: '127.0.0.1' }],
    ['the metadata of a cloud', { type: 1, data: '169.254.169.254' }],
    ['this machine by IPv6', { type: 28, data: '::1' }],
    ['a private network by IPv6', { type: 28, data: 'fd12:3456::1' }],
    ['a link of its own', { type: 28, data: 'fe80::1' }],
    ['a private address inside IPv6', { type: 28, data: '::ffff:10.0.0.1' }],
  ])('a name that leads to %s is not asked, also when another address of it is public', async (_what, address) => {
    farEnd.addresses = [{ type: 1, data: '93.184.216.34' }, address];
    const { again, error } = await tried();
    expect(error).toBe('not sent: its host leads to an address that is not on the public internet');
    expect(again).toHaveLength(1);
    expect(farEnd.received).toHaveLength(0);
  });

  it('a name that has no address, or cannot be looked up, is tried again later', async () => {
    farEnd.addresses = [];
    expect(await tried()).toMatchObject({ error: 'not sent: its host has no address', isDone: false });
    farEnd.addresses = null;
    expect(await tried()).toMatchObject({ error: expect.stringMatching(/could not be looked up: .* 502/) });
    expect(farEnd.received).toHaveLength(0);
  });

  it('an address of this machine that the database still has is not asked', async () => {
    await as('ada', 'PATCH', `${PATH}/${hook.id}`, { url: 'http://localhost:9000/' });
    const { again } = await handOn(await tell([entry()]), { bindings: { ...env, MODE: 'production' } });
    expect(again).toHaveLength(1);
    expect(farEnd.received).toHaveLength(0);
    expect((await listed())[0]!.attempts[0]!.error).toMatch(/not sent/);
  });
});

describe('a secret that was replaced', () => {
  const sentSignatures = async () => {
    await handOn(await tell([entry()]));
    return farEnd.received.at(-1)!;
  };

  it('signs beside the new one until its day is over', async () => {
    const rotated: CreatedWebhook = await (await as('ada', 'POST', `${PATH}/${hook.id}/secret`)).json();
    const both = await sentSignatures();
    for (const secret of [hook.secret, rotated.secret])
      expect(new Webhook(secret).verify(both.body, both.headers)).toBeTruthy();
    await env.DB.prepare('UPDATE webhooks SET old_secret_until_ms = ?')
      .bind(Date.now() - 1)
      .run();
    const one = await sentSignatures();
    expect(new Webhook(rotated.secret).verify(one.body, one.headers)).toBeTruthy();
    expect(() => new Webhook(hook.secret).verify(one.body, one.headers)).toThrow();
  });
});

describe('what was sent', () => {
  it('is forgotten after thirty days, its tries too', async () => {
    await handOn(await tell([entry()]));
    const [old] = await listed();
    const age = (id: DeliveryId, days: number) =>
      env.DB.prepare('UPDATE webhook_deliveries SET created_at_ms = ? WHERE id = ?')
        .bind(Date.now() - days * DAY_MS, id)
        .run();
    await age(old!.id, 29.9);
    await tell([]);
    expect(await listed()).toHaveLength(1);
    await age(old!.id, 30.1);
    await tell([]);
    expect(await listed()).toHaveLength(0);
    expect(await env.DB.prepare('SELECT count(*) AS n FROM webhook_attempts').first('n')).toBe(0);
  });
});
