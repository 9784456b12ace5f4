import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import type { StreamState } from '../../src/protocol/api.ts';
import { ChannelId, StreamId, UserId } from '../../src/protocol/ids.ts';
import { openStream } from '../../src/storage/stream-openings.ts';
import { findStream, listStreams, recordStreamState, resolvePlayable } from '../../src/storage/streams.ts';
import { keepUser } from '../../src/storage/users.ts';

const { DB } = env;
const ownerId = UserId.parse('us_owner');
let count = 0;

const newChannel = async (): Promise<ChannelId> => {
  const id = ChannelId.parse(`ch_channel${count++}`);
  await DB.prepare("INSERT INTO channels (id, owner_id, name, created_at_ms) VALUES (?, ?, 'A channel', 1)")
    .bind(id, ownerId)
    .run();
  return id;
};

const newStream = async (channelId: ChannelId, createdAtMs = 1000): Promise<StreamId | null> => {
  const id = StreamId.parse(`st_stream${count++}`);
  const settings = { title: 'x', genre: 'other', visibility: 'public', latency: 'low' } as const;
  const opened = await openStream(DB, {
    id,
    channelId,
    ...settings,
    reconnectWindowSeconds: 60,
    scheduledAtMs: null,
    createdAtMs,
  });
  return opened === 'opened' ? id : null;
};

const report = (streamId: StreamId, state: StreamState, atMs: number) =>
  recordStreamState(DB, { streamId, state, atMs });

beforeEach(() => keepUser(DB, { id: ownerId, handle: 'owner', name: 'Owner', platformRole: 'viewer' }, 1));

describe('the state of a stream', () => {
  it('follows its origin, and remembers when it first went live and when it ended', async () => {
    const id = (await newStream(await newChannel()))!;
    await report(id, 'live', 2000);
    await report(id, 'interrupted', 3000);
    await report(id, 'live', 4000);
    expect(await findStream(DB, id)).toMatchObject({ state: 'live', startedAtMs: 2000, endedAtMs: null });
    await report(id, 'ended', 5000);
    expect(await findStream(DB, id)).toMatchObject({ state: 'ended', startedAtMs: 2000, endedAtMs: 5000 });
  });

  it('is not changed by a report that was overtaken', async () => {
    const id = (await newStream(await newChannel()))!;
    await report(id, 'interrupted', 3000);
    await report(id, 'live', 2000);
    expect(await findStream(DB, id)).toMatchObject({ state: 'interrupted', startedAtMs: null });
  });

  it('stays ended, and the end is taken whenever it is reported', async () => {
    const id = (await newStream(await newChannel()))!;
    await report(id, 'live', 3000);
    await report(id, 'ended', 2999);
    await report(id, 'live', 9000);
    expect(await findStream(DB, id)).toMatchObject({ state: 'ended', endedAtMs: 2999 });
  });
});

describe('a channel', () => {
  it('has one open stream at a time', async () => {
    const channelId = await newChannel();
    const first = (await newStream(channelId))!;
    expect(await newStream(channelId)).toBeNull();
    await report(first, 'ended', 2000);
    expect(await newStream(channelId)).not.toBeNull();
  });

  it('opens one stream only when several are asked for at once', async () => {
    const channelId = await newChannel();
    const opened = await Promise.all(Array.from({ length: 8 }, () => newStream(channelId)));
    expect(opened.filter((id) => id !== null)).toHaveLength(1);
  });

  it('plays its newest stream, even when two were made in the same millisecond', async () => {
    const channelId = await newChannel();
    expect(await resolvePlayable(DB, channelId)).toBeNull();
    const first = (await newStream(channelId, 1000))!;
    await report(first, 'ended', 1000);
    const second = (await newStream(channelId, 1000))!;
    expect((await resolvePlayable(DB, channelId))?.id).toBe(second);
    expect((await resolvePlayable(DB, first))?.id).toBe(first);
    expect(await resolvePlayable(DB, 'nonsense')).toBeNull();
  });
});

describe('a list of streams', () => {
  it('leaves nothing out and repeats nothing, whatever the page size and the ties', async () => {
    const ids: StreamId[] = [];
    for (let index = 0; index < 23; index++) {
      const id = (await newStream(await newChannel()))!;
      await report(id, 'live', 50_000 + (index % 4));
      ids.push(id);
    }
    for (const limit of [1, 2, 5, 22, 23, 24]) {
      const seen: StreamId[] = [];
      let before: Awaited<ReturnType<typeof listStreams>>['next'] = null;
      do {
        const page = await listStreams(DB, { states: ['live'], limit, ownerId, before: before ?? undefined });
        seen.push(...page.streams.map(({ id }) => id));
        before = page.next;
      } while (before);
      const mine = seen.filter((id) => ids.includes(id));
      expect(new Set(mine).size, `pages of ${limit}`).toBe(23);
      expect(seen.length, `pages of ${limit}`).toBe(new Set(seen).size);
    }
  });

  it('is read from its index, not from the whole table', async () => {
    const { results } = await DB.prepare(
      "EXPLAIN QUERY PLAN SELECT id FROM streams WHERE state IN ('live', 'interrupted') ORDER BY coalesce(started_at_ms, created_at_ms) DESC LIMIT 24",
    ).all<{ detail: string }>();
    expect(results.map(({ detail }) => detail).join()).toContain('streams_by_state');
  });
});
