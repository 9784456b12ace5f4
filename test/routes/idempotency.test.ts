import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { app } from '../../src/app.ts';
import type { CreatedStream } from '../../src/protocol/api.ts';
import type { Scope } from '../../src/protocol/claims.ts';
import { type ApiDocument, doorsOf } from '../../src/routes/openapi/document.ts';
import { KEPT_FOR_MS, UNDER_WAY_FOR_MS } from '../../src/storage/idempotency.ts';
import { authorize, BASE, call, openStream, problemOf, tokenOf } from './support.ts';

afterEach(() => vi.restoreAllMocks());

let count = 0;
const freshKey = (): string => `key-${++count}-${crypto.randomUUID()}`;

interface Sending {
  key: string;
  body?: object;
  path?: string;
  handle?: string | null;
  scopes?: readonly Scope[];
}

const request = async ({ key, body = { title: 'Once' }, path = '/api/v1/streams', handle = 'ada', scopes }: Sending) =>
  new Request(BASE + path, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'Idempotency-Key': key,
      ...(handle && { Authorization: `Bearer ${await tokenOf(handle, scopes)}` }),
    },
    body: JSON.stringify(body),
  });
const send = async (sending: Sending): Promise<Response> => {
  const { url, method, headers, body } = await request(sending);
  return call(url.slice(BASE.length), { method, headers, body });
};
const rows = async () =>
  (await env.DB.prepare('SELECT * FROM idempotency_keys').all<Record<string, unknown>>()).results;
/** Channels and streams. */
const countAll = async (): Promise<number[]> =>
  Promise.all(
    ['channels', 'streams'].map(
      async (table) => (await env.DB.prepare(`SELECT count(*) AS n FROM ${table}`).first<number>('n')) ?? 0,
    ),
  );
const countStreams = async () => (await env.DB.prepare('SELECT count(*) AS n FROM streams').first<{ n: number }>())?.n;

describe('a POST that is sent again with its Idempotency-Key', () => {
  it('gets the first answer, the key shown once included, and nothing is done twice', async () => {
    const key = freshKey();
    const first = await send({ key });
    const created = await first.json<CreatedStream>();
    const streams = await countStreams();
    const again = await send({ key });
    expect([first.status, again.status]).toEqual([201, 201]);
    expect([first.headers.get('Idempotency-Replayed'), again.headers.get('Idempotency-Replayed')]).toEqual([
      null,
      'true',
    ]);
    expect(again.headers.get('Location')).toBe(first.headers.get('Location'));
    expect(await again.json()).toEqual(created);
    expect(created.streamKey).toMatch(/^sk_/);
    expect(await countStreams()).toBe(streams);
  });

  it('is told that the key was used, when its body or its path is another', async () => {
    const key = freshKey();
    const { channelId } = await (await send({ key })).json<CreatedStream>();
    for (const other of [
      { key, body: { title: 'Twice' } },
      { key, path: '/streams' },
      { key, path: `/api/v1/channels/${channelId}/stream-key` },
    ]) {
      expect((await problemOf(await send(other))).code).toBe('idempotency_key_reused');
    }
    expect((await send({ key })).status).toBe(201);
  });

  it('is done once when it comes five times at the same moment', async () => {
    const key = freshKey();
    const before = (await countStreams()) ?? 0;
    const answers = await Promise.all(Array.from({ length: 5 }, () => send({ key })));
    const created = answers.filter(({ status }) => status === 201);
    const early = answers.filter(({ status }) => status === 409);
    expect(created.length + early.length).toBe(5);
    expect(await countStreams()).toBe(before + 1);
    for (const answer of early) {
      expect(answer.headers.get('Retry-After')).toBe('2');
      expect((await problemOf(answer)).code).toBe('request_under_way');
    }
    expect((await send({ key })).headers.get('Idempotency-Replayed')).toBe('true');
  });

  it('gets a refusal again too', async () => {
    const key = freshKey();
    const ask = () => send({ key, body: { title: 'x', channelId: 'ch_nowhere' } });
    const [first, again] = [await ask(), await ask()];
    expect([first.status, again.status]).toEqual([404, 404]);
    expect(again.headers.get('Idempotency-Replayed')).toBe('true');
    expect(await problemOf(again)).toEqual(await problemOf(first));
  });

  it('runs again after a failure of ours', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const sending = { key: freshKey() };
    const broken = {
      ...env,
      FLEET: {
        idFromName: () => {
          throw new Error('out of order');
        },
      } as unknown as Env['FLEET'],
    };
    const before = await countAll();
    const context = createExecutionContext();
    const failed = await app.fetch(await request(sending), broken, context);
    await waitOnExecutionContext(context);
    expect(failed.status).toBe(500);
    const again = await send(sending);
    expect([again.status, again.headers.get('Idempotency-Replayed')]).toEqual([201, null]);
    // The failure came before anything was stored.
    expect(await countAll()).toEqual(before.map((count) => count + 1));
  });

  it('is answered as it was when its answer cannot be kept, and is not done twice', async () => {
    const complaint = vi.spyOn(console, 'error').mockImplementation(() => {});
    const before = await countAll();
    const sending = { key: freshKey() };
    await env.DB.exec(
      "CREATE TRIGGER answers_away BEFORE UPDATE OF sealed ON idempotency_keys BEGIN SELECT RAISE(ABORT, 'out of order'); END",
    );
    const first = await send(sending);
    await env.DB.exec('DROP TRIGGER answers_away');
    expect(first.status).toBe(201);
    expect(complaint.mock.calls.join()).toContain('could not be kept for a repeat');
    expect((await problemOf(await send(sending))).code).toBe('request_under_way');
    expect(await countAll()).toEqual(before.map((count) => count + 1));
  });

  it('opens a stream also when its origin cannot be told of it, and the stream works', async () => {
    const complaint = vi.spyOn(console, 'error').mockImplementation(() => {});
    const origin = { configure: () => Promise.reject(new Error('out of order')) };
    const broken = {
      ...env,
      LIVE_ORIGIN: { idFromName: () => '', get: () => origin } as unknown as Env['LIVE_ORIGIN'],
    };
    const context = createExecutionContext();
    const opened = await app.fetch(await request({ key: freshKey() }), broken, context);
    await waitOnExecutionContext(context);
    expect(opened.status).toBe(201);
    expect(complaint.mock.calls.join()).toContain('could not be told of its stream');
    const { streamKey, id } = await opened.json<CreatedStream>();
    const leave = await authorize(streamKey!);
    expect([leave.status, (await leave.json<{ streamId: string }>()).streamId]).toEqual([200, id]);
  });

  it('runs again a day later, or when the first has died under way', async () => {
    const key = freshKey();
    await send({ key });
    const { id } = (await rows()).at(-1)!;
    await env.DB.prepare('UPDATE idempotency_keys SET expires_at_ms = expires_at_ms - ? WHERE id = ?')
      .bind(KEPT_FOR_MS + 1, id)
      .run();
    expect((await send({ key })).headers.get('Idempotency-Replayed')).toBeNull();
    await env.DB.prepare('UPDATE idempotency_keys SET sealed = NULL WHERE id = ?').bind(id).run();
    expect((await problemOf(await send({ key }))).code).toBe('request_under_way');
    await env.DB.prepare('UPDATE idempotency_keys SET started_at_ms = started_at_ms - ? WHERE id = ?')
      .bind(UNDER_WAY_FOR_MS + 1, id)
      .run();
    expect((await send({ key })).status).toBe(201);
  });
});

describe('an Idempotency-Key', () => {
  it('belongs to one account, and to one set of scopes', async () => {
    const key = freshKey();
    const mine = await (await send({ key })).json<CreatedStream>();
    const theirs = await send({ key, handle: 'ben' });
    expect((await theirs.json<CreatedStream>()).id).not.toBe(mine.id);
    expect((await problemOf(await send({ key, scopes: ['streams:read'] }))).code).toBe('forbidden');
  });

  it('is not looked at where nobody need be signed in, as the document says: a viewing pass is made anew each time', async () => {
    const document = await (await call('/api/v1/openapi.json')).json<ApiDocument>();
    const open = doorsOf(document).filter(({ method, operation }) => method === 'post' && !operation.security);
    expect(open.map(({ path }) => path.split('/').at(-1)).sort()).toEqual([
      'pass',
      'pass',
      'session',
      'tickets',
      'tickets',
    ]);
    const { id } = await openStream();
    const [first, again] = [1, 2].map(() => ({ key: 'the same', path: `/api/v1/streams/${id}/pass`, body: {} }));
    expect((await send(first!)).status).toBe(200);
    await env.DB.prepare('UPDATE streams SET gate_at_ms = gate_at_ms + 1 WHERE id = ?').bind(id).run();
    const second = await send(again!);
    expect([second.status, second.headers.get('Idempotency-Replayed')]).toEqual([200, null]);
  });

  it('of nobody is not looked at', async () => {
    expect((await problemOf(await send({ key: freshKey(), handle: null }))).code).toBe('unauthenticated');
  });

  it('must be 1 to 255 visible characters', async () => {
    for (const key of ['', 'a b', 'x'.repeat(256)]) {
      expect((await problemOf(await send({ key }))).code).toBe('invalid_request');
    }
    expect((await send({ key: `"${freshKey()}"` })).status).toBe(201);
  });
});

describe('what is kept of an answer', () => {
  it('shows neither the sender, nor its key, nor a secret', async () => {
    const key = freshKey();
    const { streamKey, id } = await (await send({ key })).json<CreatedStream>();
    const stored = JSON.stringify(await rows());
    for (const secret of [streamKey!, streamKey!.slice(3), id, key, 'us_ada0', btoa(streamKey!).slice(0, 20)]) {
      expect(stored).not.toContain(secret);
    }
  });

  it('is cleared away once it has expired', async () => {
    await send({ key: freshKey() });
    await env.DB.prepare('UPDATE idempotency_keys SET expires_at_ms = 1').run();
    await send({ key: freshKey() });
    expect(await rows()).toHaveLength(1);
  });

  it('is not made by a request that sends no key', async () => {
    const before = (await rows()).length;
    await openStream();
    expect(await rows()).toHaveLength(before);
  });
});
