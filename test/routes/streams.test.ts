import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { CreatedStream, Stream, StreamPage } from '../../src/protocol/api.ts';
import { HealthReport } from '../../src/protocol/live.ts';
import { recordStreamState } from '../../src/storage/streams.ts';
import { as, BASE, call, openStream, problemOf, tokenOf } from './support.ts';

const goLive = (streamId: Stream['id'], atMs = Date.now()) =>
  recordStreamState(env.DB, { streamId, state: 'live', atMs });

describe('opening a stream', () => {
  it('answers 201 with everything a broadcaster needs, the key shown once', async () => {
    const response = await as('ada', 'POST', '/api/v1/streams', {
      title: 'First',
      genre: 'music',
      latency: 'ultra-low',
    });
    expect(response.status).toBe(201);
    const stream = CreatedStream.parse(await response.json());
    expect(response.headers.get('Location')).toBe(`${BASE}/api/v1/streams/${stream.id}`);
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    expect(stream).toMatchObject({
      title: 'First',
      genre: 'music',
      latency: 'ultra-low',
      visibility: 'public',
      reconnectWindowSeconds: 60,
      state: 'waiting',
      ownerId: 'us_ada0',
      ownerName: 'Ada',
      startedAt: null,
      watchUrl: `${BASE}/watch/${stream.id}`,
      studioUrl: `${BASE}/studio/${stream.channelId}`,
      ingest: { whip: `${BASE}/whip` },
    });
    expect(stream.streamKey).toMatch(/^sk_[a-z2-9]{32}$/);
    const again = await (await as('ada', 'GET', `/api/v1/streams/${stream.id}`)).text();
    expect(again).not.toContain(stream.streamKey!);
  });

  it('keeps the key of an existing channel', async () => {
    const first = await openStream();
    await as('ada', 'DELETE', `/api/v1/streams/${first.id}`);
    const second = await openStream('ada', { channelId: first.channelId });
    expect(second.channelId).toBe(first.channelId);
    expect(second.streamKey).toBeNull();
  });

  it('is a conflict while the channel has a stream that has not ended', async () => {
    const { channelId } = await openStream();
    const response = await as('ada', 'POST', '/api/v1/streams', { title: 'Second', channelId });
    expect((await problemOf(response)).code).toBe('conflict');
  });

  it('leaves no channel behind when the database fails half-way', async () => {
    const channels = async () =>
      (await (await as('ada', 'GET', '/api/v1/channels')).json<{ channels: object[] }>()).channels.length;
    const before = await channels();
    await env.DB.prepare(
      "CREATE TRIGGER broken BEFORE INSERT ON streams WHEN NEW.title = 'Broken' BEGIN SELECT RAISE(ABORT, 'broken'); END",
    ).run();
    const complaint = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    expect((await as('ada', 'POST', '/api/v1/streams', { title: 'Broken' })).status).toBe(500);
    complaint.mockRestore();
    await env.DB.prepare('DROP TRIGGER broken').run();
    expect(await channels()).toBe(before);
    expect((await env.DB.prepare('SELECT count(*) AS n FROM stream_keys').first('n')) as number).toBe(
      (await env.DB.prepare('SELECT count(*) AS n FROM channels').first('n')) as number,
    );
  });

  it('works at once after the last stream was ended, and when the database has missed that end', async () => {
    const first = await openStream();
    await as('ada', 'DELETE', `/streams/${first.id}`);
    const second = await openStream('ada', { channelId: first.channelId });
    await as('ada', 'DELETE', `/streams/${second.id}`);
    await env.DB.prepare("UPDATE streams SET state = 'live', ended_at_ms = NULL WHERE id = ?").bind(second.id).run();
    const third = await openStream('ada', { channelId: first.channelId });
    expect(third.channelId).toBe(first.channelId);
    expect(await (await as(null, 'GET', `/streams/${second.id}`)).json()).toMatchObject({ state: 'ended' });
  });

  it('needs a signed-in user', async () => {
    const response = await as(null, 'POST', '/api/v1/streams', { title: 'x' });
    expect((await problemOf(response)).code).toBe('unauthenticated');
    expect(response.headers.get('WWW-Authenticate')).toBe('Bearer realm="footlight"');
  });

  it("is refused on somebody else's channel, and on one that is not there", async () => {
    const { channelId } = await openStream('ada');
    expect((await as('ben', 'POST', '/api/v1/streams', { title: 'x', channelId })).status).toBe(403);
    expect((await as('root', 'POST', '/api/v1/streams', { title: 'x', channelId })).status).toBe(403);
    expect((await as('ben', 'POST', '/api/v1/streams', { title: 'x', channelId: 'ch_nowhere' })).status).toBe(404);
  });

  it('names every field that does not fit', async () => {
    const response = await as('ada', 'POST', '/api/v1/streams', {
      title: '  ',
      genre: 'opera',
      reconnectWindowSeconds: 9999,
    });
    const problem = await problemOf(response);
    expect(problem.code).toBe('invalid_request');
    expect(problem.issues?.map(({ path }) => path)).toEqual(['title', 'genre', 'reconnectWindowSeconds']);
  });

  it.each([
    ['broken JSON', 'application/json', '{"title":', 400, 'invalid_request'],
    ['a form', 'application/x-www-form-urlencoded', 'title=x', 415, 'unsupported_media_type'],
    ['a body without a type', '', 'x', 415, 'unsupported_media_type'],
    ['70 kB', 'application/json', JSON.stringify({ title: 'x'.repeat(70_000) }), 413, 'payload_too_large'],
  ])('refuses %s', async (_what, type, body, status, code) => {
    const headers = { Authorization: `Bearer ${await tokenOf('ada')}`, 'Content-Type': type };
    const response = await call('/api/v1/streams', { method: 'POST', headers, body: new TextEncoder().encode(body) });
    expect(response.status).toBe(status);
    expect((await problemOf(response)).code).toBe(code);
  });
});

describe('reading a stream', () => {
  it('needs no account, and is answered 304 while it has not changed', async () => {
    const { id } = await openStream();
    const response = await as(null, 'GET', `/api/v1/streams/${id}`);
    expect(response.status).toBe(200);
    Stream.parse(await response.json());
    const etag = response.headers.get('ETag')!;
    const again = await call(`/api/v1/streams/${id}`, { headers: { 'If-None-Match': etag } });
    expect(again.status).toBe(304);
    await as('ada', 'PATCH', `/api/v1/streams/${id}`, { title: 'Changed' });
    expect((await call(`/api/v1/streams/${id}`, { headers: { 'If-None-Match': etag } })).status).toBe(200);
  });

  it('is 404 for a stream that is not there and 400 for an id that cannot be one', async () => {
    expect((await problemOf(await as(null, 'GET', '/api/v1/streams/st_nowhere'))).code).toBe('not_found');
    const problem = await problemOf(await as(null, 'GET', '/api/v1/streams/nonsense'));
    expect(problem.issues?.[0]?.path).toBe('id');
  });

  it('works at the short path too, which is the same door', async () => {
    const { id } = await openStream();
    const [long, short] = await Promise.all([
      as(null, 'GET', `/api/v1/streams/${id}`).then((r) => r.json()),
      as(null, 'GET', `/streams/${id}`).then((r) => r.json()),
    ]);
    expect(short).toEqual(long);
  });
});

describe('changing a stream', () => {
  it('changes what is sent and nothing else', async () => {
    const stream = await openStream('ada', { scheduledAt: '2027-01-01T12:00:00Z' });
    const change = { title: 'New title', visibility: 'unlisted', scheduledAt: null, reconnectWindowSeconds: 20 };
    const response = await as('ada', 'PATCH', `/api/v1/streams/${stream.id}`, change);
    expect(response.status).toBe(200);
    const { ingest: _ingest, streamKey: _key, studioUrl: _studio, gateChangedAt: openedAt, ...rest } = stream;
    const { gateChangedAt, ...changed }: Stream = await response.json();
    expect(changed).toEqual({ ...rest, ...change });
    expect(Date.parse(gateChangedAt)).toBeGreaterThan(Date.parse(openedAt));
  });

  it('is for its owner and administrators only', async () => {
    const { id } = await openStream('ada');
    for (const stranger of ['ben', 'cleo', 'mod']) {
      const response = await as(stranger, 'PATCH', `/api/v1/streams/${id}`, { title: 'Mine now' });
      expect((await problemOf(response)).code).toBe('forbidden');
    }
    expect((await as(null, 'PATCH', `/api/v1/streams/${id}`, { title: 'x' })).status).toBe(401);
    expect((await as('root', 'PATCH', `/api/v1/streams/${id}`, { title: 'Tidied' })).status).toBe(200);
  });
});

describe('a change that names the state it was made from', () => {
  const tagOf = async (id: string) => (await as('ada', 'GET', `/api/v1/streams/${id}`)).headers.get('ETag')!;
  const patch = (id: string, ifMatch: string, title = 'Changed') => change(id, ifMatch, { title });
  const change = async (id: string, ifMatch: string, body: object) =>
    call(`/api/v1/streams/${id}`, {
      method: 'PATCH',
      headers: {
        Authorization: `Bearer ${await tokenOf('ada')}`,
        'Content-Type': 'application/json',
        'If-Match': ifMatch,
      },
      body: JSON.stringify(body),
    });

  it('is taken while that is the present one, and refused afterwards', async () => {
    const { id } = await openStream();
    const tag = await tagOf(id);
    expect((await patch(id, tag)).status).toBe(200);
    const late = await patch(id, tag, 'Undone');
    expect([late.status, (await problemOf(late)).code]).toEqual([412, 'stale_etag']);
    expect(await (await as('ada', 'GET', `/api/v1/streams/${id}`)).json()).toMatchObject({ title: 'Changed' });
    expect((await patch(id, await tagOf(id))).status).toBe(200);
  });

  it('takes any state with *, one of several tags, and a tag that a proxy made weak', async () => {
    const { id } = await openStream();
    expect((await patch(id, '*', 'One')).status).toBe(200);
    expect((await patch(id, `"other", ${await tagOf(id)}`, 'Two')).status).toBe(200);
    expect((await patch(id, `W/${await tagOf(id)}`, 'Three')).status).toBe(200);
    expect((await patch(id, 'nonsense', 'Four')).status).toBe(412);
  });

  it('lets one of two simultaneous changes through', async () => {
    const { id } = await openStream();
    const tag = await tagOf(id);
    const answers = await Promise.all(['One', 'Two', 'Three'].map((title) => patch(id, tag, title)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
    const anyway = await Promise.all(['Four', 'Five', 'Six'].map((title) => patch(id, '*', title)));
    expect(anyway.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it('is refused where only the password has changed meanwhile', async () => {
    const { id } = await openStream('ada', { visibility: 'password', password: 'the first of them' });
    const tag = await tagOf(id);
    expect((await change(id, tag, { password: 'the second of them' })).status).toBe(200);
    expect(await tagOf(id)).not.toBe(tag);
    expect((await patch(id, tag)).status).toBe(412);
  });

  it('lets one of two simultaneous passwords through', async () => {
    const { id } = await openStream('ada', { visibility: 'password', password: 'the first of them' });
    const tag = await tagOf(id);
    const answers = await Promise.all(['that of Ada', 'that of Ben'].map((password) => change(id, tag, { password })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
  });

  it('holds for ending a stream too', async () => {
    const { id } = await openStream();
    const headers = { Authorization: `Bearer ${await tokenOf('ada')}` };
    const end = (ifMatch: string) =>
      call(`/api/v1/streams/${id}`, { method: 'DELETE', headers: { ...headers, 'If-Match': ifMatch } });
    expect((await end('"old"')).status).toBe(412);
    expect((await end(await tagOf(id))).status).toBe(204);
  });
});

describe('ending a stream', () => {
  it('answers 204, again when it has ended already, and the stream stays readable', async () => {
    const { id } = await openStream();
    expect((await as('ada', 'DELETE', `/streams/${id}`)).status).toBe(204);
    expect((await as('ada', 'DELETE', `/streams/${id}`)).status).toBe(204);
    const stream = Stream.parse(await (await as(null, 'GET', `/streams/${id}`)).json());
    expect(stream.state).toBe('ended');
    expect(stream.endedAt).not.toBeNull();
  });

  it('needs no body and no type of one, though HTTP always brings an empty one', async () => {
    const { id } = await openStream();
    const headers = { Authorization: `Bearer ${await tokenOf('ada')}` };
    const body = new ReadableStream({ start: (controller) => controller.close() });
    expect((await call(`/streams/${id}`, { method: 'DELETE', headers, body })).status).toBe(204);
  });

  it("is refused for somebody else's stream, and 404 for none", async () => {
    const { id } = await openStream('ada');
    expect((await as('ben', 'DELETE', `/api/v1/streams/${id}`)).status).toBe(403);
    expect((await as(null, 'DELETE', `/api/v1/streams/${id}`)).status).toBe(401);
    expect((await as('ada', 'DELETE', '/api/v1/streams/st_nowhere')).status).toBe(404);
    expect((await (await as(null, 'GET', `/api/v1/streams/${id}`)).json()) as Stream).toMatchObject({
      state: 'waiting',
    });
  });
});

describe('the health of a stream', () => {
  it('is for its owner', async () => {
    const { id } = await openStream('ada');
    const report = HealthReport.parse(await (await as('ada', 'GET', `/api/v1/streams/${id}/health`)).json());
    expect(report).toMatchObject({ state: 'waiting', health: null });
    expect((await as('ben', 'GET', `/api/v1/streams/${id}/health`)).status).toBe(403);
    expect((await as(null, 'GET', `/api/v1/streams/${id}/health`)).status).toBe(401);
  });
});

describe('listing streams', () => {
  const page = async (query: string, handle: string | null = null) => {
    const response = await as(handle, 'GET', `/api/v1/streams${query}`);
    expect(response.status).toBe(200);
    return StreamPage.parse(await response.json());
  };

  it('pages through what is live by genre, newest first, each stream once', async () => {
    const opened = [];
    for (let index = 0; index < 7; index++) {
      const stream = await openStream('ada', { genre: 'sports', title: `Match ${index}` });
      // Two of them went live within one millisecond.
      await goLive(stream.id, 2_000_000_000_000 + Math.floor(index / 2));
      opened.push(stream);
    }
    const seen: Stream[] = [];
    let cursor: string | null = null;
    do {
      const next: StreamPage = await page(`?genre=sports&limit=3${cursor ? `&cursor=${cursor}` : ''}`);
      seen.push(...next.streams);
      cursor = next.nextCursor;
    } while (cursor);
    expect(seen).toHaveLength(7);
    expect(new Set(seen.map(({ id }) => id))).toEqual(new Set(opened.map(({ id }) => id)));
    const starts = seen.map(({ startedAt }) => startedAt!);
    expect(starts).toEqual([...starts].sort().reverse());
  });

  it('shows neither waiting nor unlisted streams as live', async () => {
    const waiting = await openStream('ada', { genre: 'talk' });
    const unlisted = await openStream('ada', { genre: 'talk', visibility: 'unlisted' });
    await goLive(unlisted.id);
    expect((await page('?genre=talk')).streams).toEqual([]);
    expect((await page('?genre=talk&state=waiting')).streams.map(({ id }) => id)).toEqual([waiting.id]);
  });

  it("shows a broadcaster's unlisted streams to the broadcaster only", async () => {
    const unlisted = await openStream('cleo', { visibility: 'unlisted' });
    await goLive(unlisted.id);
    expect((await page('?mine=true', 'cleo')).streams.map(({ id }) => id)).toEqual([unlisted.id]);
    expect((await page(`?channelId=${unlisted.channelId}`, 'ben')).streams).toEqual([]);
    expect((await as(null, 'GET', '/api/v1/streams?mine=true')).status).toBe(401);
  });

  it('refuses a cursor that is not ours and a limit out of range', async () => {
    for (const query of [
      '?cursor=zzzz',
      `?cursor=${btoa('1.us_ada0')}`,
      '?limit=0',
      '?limit=101',
      '?genre=opera',
      '?state=up',
    ]) {
      expect((await problemOf(await as(null, 'GET', `/api/v1/streams${query}`))).code).toBe('invalid_request');
    }
  });
});
