import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { ChannelId } from '../../src/protocol/ids.ts';
import { WatchState } from '../../src/protocol/live.ts';
import { currentState } from '../../src/routes/live-state.ts';
import { findStream, recordStreamState } from '../../src/storage/streams.ts';
import { as, call, openStream, problemOf } from './support.ts';

const stateOf = async (id: string) => {
  const response = await call(`/live/${id}/state`);
  expect(response.status).toBe(200);
  expect(response.headers.get('Cache-Control')).toBe('public, max-age=1');
  expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
  return WatchState.parse(await response.json());
};

describe('the state that a watch page follows', () => {
  it('is the same by stream and by channel, and needs no account', async () => {
    const { id, channelId } = await openStream('ada', { title: 'Sea', visibility: 'unlisted' });
    const byStream = await stateOf(id);
    expect(byStream).toMatchObject({ channelId, channelName: 'Sea', stream: { id, state: 'waiting' } });
    expect((await stateOf(channelId)).stream).toEqual(byStream.stream);
    expect(Math.abs(byStream.serverTimeMs - Date.now())).toBeLessThan(5000);
  });

  it('tells the end within a second of it', async () => {
    const { id } = await openStream('ada');
    expect((await stateOf(id)).stream?.state).toBe('waiting');
    await as('ada', 'DELETE', `/streams/${id}`);
    await vi.waitFor(async () => expect((await stateOf(id)).stream?.state).toBe('ended'), {
      timeout: 1000,
      interval: 50,
    });
  });

  it("takes the origin's word over the database's while the stream is open", async () => {
    const { id } = await openStream('ada');
    await recordStreamState(env.DB, { streamId: id, state: 'interrupted', atMs: Date.now() });
    expect((await stateOf(id)).stream?.state).toBe('waiting');
  });

  it('is asked for with a patience that ends with the answer', async () => {
    const { id } = await openStream('ada');
    const stream = (await findStream(env.DB, id))!;
    const [begun, cleared] = [vi.spyOn(globalThis, 'setTimeout'), vi.spyOn(globalThis, 'clearTimeout')];
    expect(await currentState(env, stream)).toBe('waiting');
    const patience = begun.mock.results.filter((_, index) => begun.mock.calls[index]![1] === 2000);
    expect(patience).toHaveLength(1);
    expect(cleared).toHaveBeenCalledWith(patience[0]!.value);
    vi.restoreAllMocks();
  });

  it('of a channel moves on to its next stream', async () => {
    const first = await openStream('ada');
    expect((await stateOf(first.channelId)).stream?.id).toBe(first.id);
    await as('ada', 'DELETE', `/streams/${first.id}`);
    const second = await openStream('ada', { channelId: first.channelId });
    await vi.waitFor(async () => expect((await stateOf(first.channelId)).stream?.id).toBe(second.id), {
      timeout: 1000,
      interval: 50,
    });
  });

  it('of a channel without a stream has none', async () => {
    const id = ChannelId.parse('ch_empty');
    await openStream('ada');
    await env.DB.prepare("INSERT INTO channels (id, owner_id, name, created_at_ms) VALUES (?, 'us_ada0', 'Soon', 1)")
      .bind(id)
      .run();
    expect(await stateOf(id)).toMatchObject({ channelId: id, channelName: 'Soon', stream: null });
  });

  it('is 404 for anything else', async () => {
    for (const id of ['st_nowhere', 'ch_nowhere', 'nonsense', 'us_ada0']) {
      expect((await problemOf(await call(`/live/${id}/state`))).code).toBe('not_found');
    }
  });
});
