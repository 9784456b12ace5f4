import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { app } from '../../src/app.ts';
import type { CreatedStream, StreamNow } from '../../src/protocol/api.ts';
import type { Poll, TallyView } from '../../src/protocol/chat.ts';
import { WatchState } from '../../src/protocol/live.ts';
import { recordStreamState } from '../../src/storage/streams.ts';
import { logWith } from '../jobs/audit-support.ts';
import { as, BASE, call, openStream } from './support.ts';

const BROWSER = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131 Safari/537.36' };
const at = ({ id }: CreatedStream, rest: string): string => `/api/v1/streams/${id}${rest}`;
const tallyOf = async (handle: string | null, stream: CreatedStream): Promise<TallyView> =>
  (await as(handle, 'GET', at(stream, '/room/tally'))).json();

async function liveStream(): Promise<CreatedStream> {
  const stream = await openStream('ada');
  await recordStreamState(env.DB, { streamId: stream.id, state: 'live', atMs: Date.now() });
  return stream;
}

describe('an upvote', () => {
  it('is one of each account, can be taken back, and is noted when it changes something', async () => {
    const stream = await openStream('ada');
    for (const [handle, method, upvotes] of [
      ['ben', 'PUT', 1],
      ['ben', 'PUT', 1],
      ['cleo', 'PUT', 2],
      ['ben', 'DELETE', 1],
      ['ben', 'DELETE', 1],
    ] as const) {
      const response = await as(handle, method, at(stream, '/upvote'));
      expect(await response.json()).toEqual({ isUpvoted: method === 'PUT', upvotes });
    }
    expect(await tallyOf('cleo', stream)).toMatchObject({ upvotes: 1, isUpvoted: true });
    expect(await tallyOf('ben', stream)).toMatchObject({ upvotes: 1, isUpvoted: false });
    const rows = await logWith(3, ({ entry }) => entry.target?.id === stream.id && entry.action.includes('upvote'));
    expect(rows.map(({ entry }) => entry.action)).toEqual([
      'stream.upvoted',
      'stream.upvoted',
      'stream.upvote_withdrawn',
    ]);
    expect((await as(null, 'PUT', at(stream, '/upvote'))).status).toBe(401);
  });
});

describe('a poll', () => {
  it('is asked, voted in, ended and taken away at its doors', async () => {
    const stream = await openStream('ada');
    const body = { question: 'Encore?', options: ['Yes', 'No'] };
    const poll: Poll = await (await as('ada', 'POST', at(stream, '/room/polls'), body)).json();
    const path = at(stream, `/room/polls/${poll.id}`);
    expect((await as('ben', 'PUT', `${path}/vote`, { option: 0 })).status).toBe(200);
    expect(await tallyOf('ben', stream)).toMatchObject({ vote: { pollId: poll.id, option: 0 }, mayAsk: false });
    expect(await tallyOf('ada', stream)).toMatchObject({ vote: null, mayAsk: true });
    expect((await as('ben', 'PATCH', path, { state: 'ended' })).status).toBe(403);
    const ended = await as('ada', 'PATCH', path, { state: 'ended' });
    expect(await ended.json()).toMatchObject({ state: 'ended', votes: 1, options: [{ votes: 1 }, { votes: 0 }] });
    expect((await as('ben', 'PUT', `${path}/vote`, { option: 1 })).status).toBe(409);
    expect((await as('ada', 'DELETE', path)).status).toBe(204);
    expect((await tallyOf(null, stream)).poll).toBeNull();
  });
});

describe('the heartbeat of a page that plays', () => {
  const beat = (id: string, query: string, headers: Record<string, string> = BROWSER) =>
    call(`/live/${id}/watching?${query}`, { method: 'POST', headers });

  it('makes a viewer, on the watch page, in the room and by the API', async () => {
    const stream = await liveStream();
    for (let count = 0; count < 30; count += 1) {
      const query = `viewer=viewer${String(count).padStart(16, '0')}&played=2`;
      expect((await beat(count % 2 ? stream.id : stream.channelId, query)).status).toBe(204);
    }
    await beat(stream.id, 'viewer=0000000000000000&played=0');
    await beat(stream.id, 'viewer=1111111111111111&played=9', { 'User-Agent': 'Googlebot/2.1' });
    await vi.waitFor(async () => expect((await tallyOf(null, stream)).viewers).toBe(30), {
      timeout: 5000,
      interval: 100,
    });
    const answer = await as(null, 'GET', at(stream, ''));
    expect(((await answer.json()) as StreamNow).viewers).toBe(30);
    const state = WatchState.parse(await (await call(`/live/${stream.id}/state`)).json());
    expect(state.viewers).toBe(30);
    await beat(stream.id, `viewer=viewer${'0'.repeat(16)}&played=0&left=1`);
    await vi.waitFor(async () => expect((await tallyOf(null, stream)).viewers).toBe(29), {
      timeout: 5000,
      interval: 100,
    });
  });

  it('does not make a change of the stream stale', async () => {
    const stream = await liveStream();
    const seen = (await as(null, 'GET', at(stream, ''))).headers.get('ETag')!;
    expect(seen).toMatch(/^W\//);
    await beat(stream.id, 'viewer=viewer0000000000&played=2');
    await vi.waitFor(async () => expect((await tallyOf(null, stream)).viewers).toBe(1), {
      timeout: 5000,
      interval: 100,
    });
    expect((await as(null, 'GET', at(stream, ''))).headers.get('ETag')).toBe(seen);
  });

  it('is counted for an IPv4 address, and of IPv6 for the network, since who has one address has them all', async () => {
    const stream = await liveStream();
    const keys: string[] = [];
    const WATCHING_LIMIT = {
      limit: async ({ key }: { key: string }) => {
        keys.push(key);
        return { success: true };
      },
    };
    for (const address of ['2001:db8:1:2::1', '2001:db8:1:ffff::9', '192.0.2.1', '192.0.2.2']) {
      const context = createExecutionContext();
      const headers = { ...BROWSER, 'CF-Connecting-IP': address };
      const request = new Request(`${BASE}/live/${stream.id}/watching?viewer=viewer0000000000&played=0`, {
        method: 'POST',
        headers,
      });
      expect((await app.fetch(request, { ...env, WATCHING_LIMIT }, context)).status).toBe(204);
      await waitOnExecutionContext(context);
    }
    expect(keys).toEqual(['2001:db8:1::/48', '2001:db8:1::/48', '192.0.2.1', '192.0.2.2']);
  });

  it('is refused for what is not there, not open or makes no sense', async () => {
    const secret = await openStream('ada', { visibility: 'private' });
    const query = 'viewer=viewer0000000000&played=2';
    expect((await beat(secret.id, query)).status).toBe(404);
    expect((await beat('st_nowhere', query)).status).toBe(404);
    expect((await beat(secret.id, 'viewer=me&played=2')).status).toBe(400);
  });
});
