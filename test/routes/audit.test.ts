import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { app } from '../../src/app.ts';
import type { CreatedStream } from '../../src/protocol/api.ts';
import type { AuditLine, AuditPage, AuditRecord } from '../../src/protocol/audit-log.ts';
import { logWith, sqlOn, verifyLog } from '../jobs/audit-support.ts';
import { as, call, openStream, problemOf, tokenOf } from './support.ts';

const read = async (query = ''): Promise<AuditPage> => {
  const response = await as('root', 'GET', `/api/v1/audit${query}`);
  expect(response.status).toBe(200);
  return response.json();
};
const lines = async (query = ''): Promise<AuditLine[]> => {
  const response = await as('root', 'GET', `/api/v1/audit?format=ndjson${query}`);
  return new TextDecoder()
    .decode(await response.arrayBuffer())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
};

const authorization = async (handle: string) => ({ Authorization: `Bearer ${await tokenOf(handle)}` });

let stream: CreatedStream;

describe('the doors of streams and channels', () => {
  it('leave a trace of what was done, to what, and what it was before', async () => {
    stream = await openStream('ada', { title: 'A walk', genre: 'music' });
    await as('ada', 'PATCH', `/api/v1/streams/${stream.id}`, { title: 'A run', genre: 'music' });
    await as('ada', 'PATCH', `/api/v1/streams/${stream.id}`, { title: 'A run' });
    await as('ada', 'POST', `/api/v1/channels/${stream.channelId}/stream-key`, {});
    await as('ada', 'DELETE', `/api/v1/channels/${stream.channelId}/stream-key`);
    await as('ada', 'DELETE', `/api/v1/streams/${stream.id}`);
    await as('ada', 'DELETE', `/api/v1/streams/${stream.id}`);
    await logWith(5);
    const { events } = await read();
    const of = (action: AuditRecord['action']) => events.filter((event) => event.action === action);
    expect(events.map(({ action }) => action).sort()).toEqual([
      'stream.created',
      'stream.ended',
      'stream.updated',
      'stream_key.replaced',
      'stream_key.revoked',
    ]);
    expect(of('stream.created')[0]).toMatchObject({
      actor: { kind: 'user', id: 'us_ada0', name: 'Ada', appId: null },
      target: { type: 'stream', id: stream.id },
      before: null,
      after: { title: 'A walk', channelId: stream.channelId, opensChannel: true },
    });
    // Only what changed, and nothing where nothing did.
    expect(of('stream.updated')).toMatchObject([{ before: { title: 'A walk' }, after: { title: 'A run' } }]);
    expect(Object.keys(of('stream.updated')[0]!.after!)).toEqual(['title']);
    expect(of('stream_key.replaced')[0]).toMatchObject({ before: { hint: stream.streamKey!.slice(-4) } });
    expect(of('stream.ended')[0]).toMatchObject({ before: { state: 'waiting' }, after: { state: 'ended' } });
  });

  it('leave the request with it, and never a secret or a whole address', async () => {
    const response = await call(`/api/v1/streams`, {
      method: 'POST',
      headers: {
        ...(await authorization('ben')),
        'Content-Type': 'application/json',
        'X-Request-Id': 'a-request-of-ben',
        'CF-Connecting-IP': '203.0.113.77',
      },
      body: JSON.stringify({ title: 'From afar' }),
    });
    const { id, streamKey } = (await response.json()) as CreatedStream;
    await logWith(1, (row) => row.entry.target?.id === id);
    const { events } = await read(`?target=${id}`);
    expect(events).toMatchObject([{ requestId: 'a-request-of-ben', network: '203.0.113.0/24' }]);
    const all = JSON.stringify(await lines());
    expect(all).not.toContain(streamKey);
    expect(all).not.toContain('203.0.113.77');
  });
});

describe('a change leaves its trace', () => {
  const endingsOf = async (id: string) =>
    logWith(1, ({ entry }) => entry.action === 'stream.ended' && entry.target?.id === id);

  it('once, when two end a stream at the same moment', async () => {
    const { id } = await openStream('ada');
    const path = `/api/v1/streams/${id}`;
    const answers = await Promise.all(['ada', 'root'].map((who) => as(who, 'DELETE', path)));
    expect(answers.map(({ status }) => status)).toEqual([204, 204]);
    await endingsOf(id);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await endingsOf(id)).toHaveLength(1);
  });

  it('also when the database fails behind it, and then no second one', async () => {
    const complaint = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const { id } = await openStream('ada');
    await sqlOn("CREATE TRIGGER states_away BEFORE UPDATE ON streams BEGIN SELECT RAISE(ABORT, 'out of order'); END");
    expect((await as('ada', 'DELETE', `/api/v1/streams/${id}`)).status).toBe(500);
    await sqlOn('DROP TRIGGER states_away');
    complaint.mockRestore();
    expect((await as('ada', 'DELETE', `/api/v1/streams/${id}`)).status).toBe(204);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const endings = await endingsOf(id);
    expect(endings).toHaveLength(1);
    expect(endings[0]!.actor.userId).toBe('us_ada0');
  });

  it('also when its sender hangs up: what was begun is carried to its end', async () => {
    const context = createExecutionContext();
    const request = new Request('http://edge.test/api/v1/streams', {
      method: 'POST',
      headers: { ...(await authorization('ada')), 'Content-Type': 'application/json' },
      body: JSON.stringify({ title: 'Hung up on' }),
    });
    let isAnswered = false;
    // What is not handed to waitUntil ends with the connection, so that this alone is waited for.
    const answer = Promise.resolve(app.fetch(request, env, context)).finally(() => {
      isAnswered = true;
    });
    await waitOnExecutionContext(context);
    expect(isAnswered).toBe(true);
    expect((await answer).status).toBe(201);
  });
});

describe('the audit log', () => {
  it('is for admins alone, and who tried is in it', async () => {
    expect((await as(null, 'GET', '/api/v1/audit')).status).toBe(401);
    for (const handle of ['ada', 'mod']) {
      const response = await as(handle, 'GET', '/api/v1/audit');
      expect(response.status).toBe(403);
      expect((await problemOf(response)).code).toBe('forbidden');
    }
    await logWith(2, (row) => row.entry.action === 'right.refused');
    expect((await read('?action=right.refused')).events.map(({ actor }) => actor.name)).toEqual(['Mo', 'Ada']);
  });

  it('is found by who, what, to what and when', async () => {
    const all = (await read('?limit=100')).events;
    const ben = (await read('?actor=us_ben0')).events;
    expect(ben.length).toBeGreaterThan(0);
    expect(ben).toEqual(all.filter(({ actor }) => actor.id === 'us_ben0'));
    expect((await read('?action=stream.created')).events.every(({ action }) => action === 'stream.created')).toBe(true);
    expect((await read(`?target=${stream.id}&action=stream.ended`)).events).toHaveLength(1);
    const middle = all[2]!.at;
    const since = (await read(`?since=${middle}&limit=100`)).events;
    const until = (await read(`?until=${middle}&limit=100`)).events;
    expect(since.every(({ at }) => at >= middle) && until.every(({ at }) => at < middle)).toBe(true);
    expect(since.length + until.length).toBe(all.length);
    expect((await read('?actor=us_nobody')).events).toEqual([]);
    expect((await as('root', 'GET', '/api/v1/audit?action=stream.eaten')).status).toBe(400);
  });

  it('is read in pages that neither repeat nor leave out', async () => {
    const all = (await read('?limit=100')).events.map(({ seq }) => seq);
    const paged: number[] = [];
    let cursor: string | null = null;
    do {
      const page: AuditPage = await read(`?limit=3${cursor ? `&cursor=${cursor}` : ''}`);
      expect(page.events.length).toBeLessThanOrEqual(3);
      paged.push(...page.events.map(({ seq }) => seq));
      cursor = page.nextCursor;
    } while (cursor);
    expect(paged).toEqual(all);
    expect(paged).toEqual([...paged].sort((a, b) => b - a));
    expect((await as('root', 'GET', '/api/v1/audit?cursor=st_abcd')).status).toBe(400);
  });

  it('comes as NDJSON, oldest first, with what a verification needs', async () => {
    const all = await lines();
    expect(all.map(({ seq }) => seq)).toEqual(all.map((_, index) => index + 1));
    expect(all[0]!.proof).toMatchObject({ seq: 1, prevHash: '0'.repeat(64), hasDetails: true });
    const accepted = await call('/api/v1/audit', {
      headers: { ...(await authorization('root')), Accept: 'application/x-ndjson' },
    });
    expect(accepted.headers.get('Content-Type')).toBe('application/x-ndjson; charset=utf-8');
    await accepted.arrayBuffer();
  });

  it('comes as CSV in which a hostile title is only text', async () => {
    const { id } = await openStream('ada', { title: '=HYPERLINK("http://evil.test")' });
    await logWith(1, (row) => row.entry.target?.id === id);
    const response = await call('/api/v1/audit', {
      headers: { ...(await authorization('root')), Accept: 'text/csv' },
    });
    expect(response.headers.get('Content-Type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('Content-Disposition')).toContain('attachment');
    const [head, ...rows] = (await response.text()).trimEnd().split('\r\n');
    expect(head).toContain('"action"');
    expect(rows).toHaveLength((await lines()).length);
    for (const row of rows) expect(row).not.toMatch(/(^|,)"?[=+@-]/);
  });

  it('passes its verification, and a change behind its back does not', async () => {
    expect(await verifyLog()).toEqual([]);
    await sqlOn('DROP TRIGGER audit_events_never_change');
    await sqlOn("UPDATE audit_events SET entry = replace(entry, 'stream.created', 'stream.ended') WHERE seq = 1");
    expect(await verifyLog()).toMatchObject([{ seq: 1, kind: 'changed' }]);
    await sqlOn("UPDATE audit_events SET entry = replace(entry, 'stream.ended', 'stream.created') WHERE seq = 1");
    expect(await verifyLog()).toEqual([]);
    // Two rows change places, then one goes.
    for (const [from, to] of [
      [3, 0],
      [4, 3],
      [0, 4],
    ])
      await sqlOn(`UPDATE audit_events SET seq = ${to} WHERE seq = ${from}`);
    expect(await verifyLog()).toMatchObject([
      { seq: 3, kind: 'reordered' },
      { seq: 4, kind: 'reordered' },
    ]);
    for (const [from, to] of [
      [3, 0],
      [4, 3],
      [0, 4],
    ])
      await sqlOn(`UPDATE audit_events SET seq = ${to} WHERE seq = ${from}`);
    await sqlOn('DROP TRIGGER audit_events_never_go');
    await sqlOn('DELETE FROM audit_events WHERE seq = 2');
    expect(await verifyLog()).toMatchObject([{ seq: 2, kind: 'missing' }]);
  });
});

describe('a row that somebody has written over behind the back of the log', () => {
  it.each([
    ['another JSON', `'{}'`],
    ['a moment that no calendar has', `json_set(entry, '$.atMs', 9e15)`],
    ['no JSON', `'{"id":'`],
    ['bytes that are no text', `X'FF00FE'`],
  ])('with %s keeps nobody from reading the rest, and the verification names it', async (_what, content) => {
    const { id } = await openStream('ben');
    await logWith(1, ({ entry }) => entry.target?.id === id);
    for (const name of ['actor', 'action', 'target', 'time'])
      await sqlOn(`DROP INDEX IF EXISTS audit_events_by_${name}`);
    await sqlOn('DROP TRIGGER IF EXISTS audit_events_never_change');
    const seq = (await read()).events[0]!.seq;
    const before = await verifyLog();
    await sqlOn(`UPDATE audit_events SET entry = ${content} WHERE seq = ${seq}`);
    expect((await read()).events[0]).toMatchObject({ seq, action: 'log.unreadable', target: null });
    expect((await lines()).at(-1)).toMatchObject({ seq, action: 'log.unreadable' });
    const csv = await call('/api/v1/audit', { headers: { ...(await authorization('root')), Accept: 'text/csv' } });
    expect(await csv.text()).toContain('"log.unreadable"');
    const found = (await verifyLog()).slice(before.length);
    expect(found[0]).toMatchObject({ seq, kind: 'changed', detail: expect.stringMatching(/content is no entry/) });
  });

  it('where only its details are no facts, is shown without them', async () => {
    await sqlOn('DROP TRIGGER IF EXISTS audit_details_are_only_blanked');
    const { id } = await openStream('ben');
    const [row] = await logWith(1, ({ entry }) => entry.target?.id === id);
    const { entry, proof } = row!;
    await sqlOn(`UPDATE audit_details SET facts = X'FF', erased_by = 'nonsense' WHERE entry_id = '${entry.id}'`);
    expect((await read(`?target=${entry.target!.id}`)).events).toMatchObject([
      { seq: proof.seq, action: 'stream.created', after: null, reason: expect.stringContaining('audit:verify') },
    ]);
    expect(await verifyLog()).toContainEqual(
      expect.objectContaining({ seq: proof.seq, detail: expect.stringContaining('its details are not those') }),
    );
  });
});
