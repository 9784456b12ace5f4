import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import type { LiveRoom } from '../../durable-objects/live-room.ts';
import { TAPS_PER_FRAME_MAX } from '../../src/protocol/chat/reaction-words.ts';
import type { Poll } from '../../src/protocol/chat.ts';
import { giveUpvote, withdrawUpvote } from '../../src/storage/upvotes.ts';
import { entry, logWith } from '../jobs/audit-support.ts';
import { comeIn, type Opened, openRoom, person, type RoomClient } from './room-guest.ts';

const TICK_MS = 250;
const talliesOf = (client: RoomClient) => client.heard.flatMap((frame) => (frame.kind === 'tally' ? [frame] : []));
const react = (counts: object, mediaTimeMs?: number) => ({
  kind: 'react',
  counts,
  ...(mediaTimeMs && { mediaTimeMs }),
});
const heartsOf = (client: RoomClient) => talliesOf(client).at(-1)?.tally.reactions.heart ?? 0;
/** Longer than everything that waits for a tick. */
const aWhile = (ms = 3 * TICK_MS) => new Promise((resolve) => setTimeout(resolve, ms));

const ask = { question: 'Red or blue?', options: ['Red', 'Blue'], seconds: 60 };
async function openPoll({ room, place, owner }: Opened, over: object = {}): Promise<Poll> {
  const opened = await room.openPoll(place, owner, { ...ask, ...over });
  if (!opened.ok || !opened.poll) throw new Error(JSON.stringify(opened));
  return opened.poll;
}

describe('reactions in a room', () => {
  it('reach everybody as totals, once per tick, however many there are', async () => {
    const opened = await openRoom();
    const tappers: RoomClient[] = [];
    for (let count = 0; count < 40; count += 1) tappers.push(await comeIn(opened, await person()));
    const reader = await comeIn(opened);
    const begunMs = Date.now();
    // 2,400 taps at once: as many as a million a minute bring in 144 ms.
    for (let frame = 0; frame < 3; frame += 1)
      for (const tapper of tappers) tapper.send(react({ heart: TAPS_PER_FRAME_MAX - 5, fire: 5 }, 1000 + frame));
    await reader.until(() => heartsOf(reader) === 40 * 3 * (TAPS_PER_FRAME_MAX - 5), 'all of them');
    const ticks = Math.ceil((Date.now() - begunMs) / TICK_MS) + 1;
    expect(talliesOf(reader).length).toBeLessThanOrEqual(ticks);
    expect(talliesOf(reader).at(-1)).toMatchObject({ tally: { reactions: { fire: 600, clap: 0 } } });
    expect(Math.max(...talliesOf(reader).map(({ mediaTimeMs }) => mediaTimeMs ?? 0))).toBe(1002);
    const told = talliesOf(reader).length;
    await aWhile();
    expect(talliesOf(reader)).toHaveLength(told);
  });

  it('cost the database of the room one row per tick', async () => {
    const opened = await openRoom();
    const tappers = await Promise.all([1, 2, 3, 4].map(async () => comeIn(opened, await person())));
    const reader = await comeIn(opened);
    const written = await runInDurableObject(opened.room, (room: LiveRoom) => {
      const { facts } = (room as unknown as { pulse: { facts: { write(name: string, value: unknown): void } } }).pulse;
      return vi.spyOn(facts, 'write');
    });
    for (const tapper of tappers) for (let frame = 0; frame < 12; frame += 1) tapper.send(react({ clap: 5 }));
    await reader.until(() => talliesOf(reader).at(-1)?.tally.reactions.clap === 240, 'all of them');
    expect(written.mock.calls.length).toBe(talliesOf(reader).length);
    expect(written.mock.calls.length).toBeLessThan(10);
  });

  it('outlive the eviction of the room', async () => {
    const opened = await openRoom();
    const ben = await comeIn(opened, await person());
    ben.send(react({ heart: 7 }));
    await ben.until(() => heartsOf(ben) === 7, 'seven hearts');
    await evictDurableObject(opened.room);
    expect((await (await comeIn(opened)).hears('hello')).tally.reactions.heart).toBe(7);
    ben.send(react({ heart: 1 }));
    await ben.until(() => heartsOf(ben) === 8, 'eight hearts');
  });

  it('may come from nobody in particular, fewer of them, and what is too much is refused', async () => {
    const opened = await openRoom();
    const nobody = await comeIn(opened);
    nobody.send(react({ wow: TAPS_PER_FRAME_MAX }));
    nobody.send(react({ wow: TAPS_PER_FRAME_MAX }));
    expect(await nobody.hears('refused')).toMatchObject({ code: 'rate_limited', clientId: null });
    await nobody.hears('tally', ({ tally }) => tally.reactions.wow === TAPS_PER_FRAME_MAX);
    for (const counts of [{ heart: TAPS_PER_FRAME_MAX + 1 }, {}, { thumb: 1 }, 'many']) {
      nobody.heard.length = 0;
      nobody.send({ kind: 'react', counts });
      expect(await nobody.hears('refused')).toMatchObject({ code: 'invalid_request' });
    }
  });
});

describe('upvotes in a room', () => {
  it('are counted by the database, and told to everybody', async () => {
    const opened = await openRoom();
    const { room, place, streamId } = opened;
    const reader = await comeIn(opened);
    const people = await Promise.all([person(), person(), person()]);
    for (const { id } of people) {
      expect(await giveUpvote(env.DB, { userId: id, streamId }, 1)).toBe(true);
      expect(await giveUpvote(env.DB, { userId: id, streamId }, 2)).toBe(false);
    }
    await Promise.all(people.map(() => room.upvotesChanged(place)));
    await reader.hears('tally', ({ tally }) => tally.upvotes === 3);
    expect(await withdrawUpvote(env.DB, { userId: people[0].id, streamId })).toBe(true);
    expect(await withdrawUpvote(env.DB, { userId: people[0].id, streamId })).toBe(false);
    expect((await room.upvotesChanged(place)).upvotes).toBe(2);
  });
});

describe('a poll in a room', () => {
  it('is seen by everybody as it is voted, one vote of each account, across an eviction', async () => {
    const opened = await openRoom();
    const { room, place } = opened;
    const reader = await comeIn(opened);
    const poll = await openPoll(opened, { mediaTimeMs: 5000 });
    const [ben, cleo] = [await person(), await person()];
    await room.vote(place, ben, { pollId: poll.id, option: 0 });
    await evictDurableObject(room);
    await room.vote(place, ben, { pollId: poll.id, option: 1 });
    await room.vote(place, cleo, { pollId: poll.id, option: 1 });
    const { tally } = await reader.hears('tally', (frame) => frame.tally.poll?.votes === 2);
    expect(tally.poll).toMatchObject({ mediaTimeMs: 5000, options: [{ votes: 0 }, { text: 'Blue', votes: 2 }] });
    expect((await room.tally(place, ben.id)).vote).toEqual({ pollId: poll.id, option: 1 });
    expect((await room.tally(place, opened.owner.id)).vote).toBeNull();
  });

  it('comes to what the audit log counts, in which nobody sees who voted what', async () => {
    const opened = await openRoom();
    const { room, place, owner } = opened;
    const { id: pollId } = await openPoll(opened);
    for (let count = 0; count < 9; count += 1) {
      const voter = await person();
      await room.vote(place, voter, { pollId, option: 0 });
      if (count < 4) await room.vote(place, voter, { pollId, option: 1 });
    }
    const ended = await room.endPoll(place, owner, pollId);
    if (!ended.ok) throw new Error(ended.detail);
    const { votes, options } = ended.poll!;
    await room.settle();
    const rows = await logWith(11, ({ entry }) => entry.target?.id === pollId);
    const cast = rows.filter(({ entry }) => entry.action === 'poll.voted');
    expect(cast).toHaveLength(votes);
    expect(new Set(cast.map(({ entry }) => entry.actor.id)).size).toBe(votes);
    expect(rows.find(({ entry }) => entry.action === 'poll.ended')?.facts?.after).toMatchObject({
      votes: 9,
      counts: options.map((option) => String(option.votes)),
    });
    expect(options.map((option) => option.votes)).toEqual([5, 4]);
    for (const { facts } of cast) expect(facts?.after).toEqual({ streamId: opened.streamId });
    // Nor does the room know any longer.
    const ballots = await runInDurableObject(room, (_room, { storage }) =>
      storage.sql.exec('SELECT * FROM ballots').toArray(),
    );
    expect(ballots).toEqual([]);
  });

  it('closes by the alarm, with nobody there', async () => {
    const opened = await openRoom();
    const { room, place } = opened;
    await openPoll(opened, { seconds: 1 });
    await evictDurableObject(room);
    await vi.waitFor(async () => expect((await room.tally(place, null)).poll?.state).toBe('ended'), {
      timeout: 5000,
      interval: 100,
    });
  });

  it('is judged before anybody sees it, and forgets who leaves without losing their vote', async () => {
    const opened = await openRoom();
    const { room, place, owner } = opened;
    const bad = { ...ask, options: ['Red', 'Free skins at https://steamcommunlty.com'] };
    expect(await room.openPoll(place, owner, bad)).toMatchObject({ ok: false, code: 'message_denied' });
    const { id: pollId } = await openPoll(opened);
    const ben = await person();
    await room.vote(place, ben, { pollId, option: 0 });
    await room.forget([ben.id]);
    expect((await room.tally(place, ben.id)).vote).toBeNull();
    expect((await room.tally(place, null)).poll?.votes).toBe(1);
  });

  it('leaves one kind of trace, which is nobody’s when its voter leaves before the log has it', async () => {
    const opened = await openRoom();
    const { room, place } = opened;
    const { id: pollId } = await openPoll(opened);
    const ben = await person();
    const tracesOf = () =>
      runInDurableObject(room, (_room, { storage }) =>
        storage.sql
          .exec<{ entry: string }>('SELECT entry FROM traces')
          .toArray()
          .map(({ entry }) => JSON.parse(entry)),
      );
    const { promise, resolve } = Promise.withResolvers<void>();
    await runInDurableObject(room, (object: LiveRoom) => {
      const { keeper } = object as unknown as { keeper: { archive: { settle(): Promise<void> } } };
      keeper.archive.settle = () => promise;
    });
    await room.vote(place, ben, { pollId, option: 0 });
    expect((await tracesOf()).map(({ action, actor }) => [action, actor.id])).toEqual([
      ['poll.opened', opened.owner.id],
      ['poll.voted', ben.id],
    ]);
    await room.forget([ben.id]);
    expect((await tracesOf()).at(-1)).toMatchObject({ actor: { kind: 'nobody', id: null }, target: { id: pollId } });
    expect(JSON.stringify(await tracesOf())).not.toContain(ben.id);
    resolve();
  });

  it('takes the traces along that an older room kept apart', async () => {
    const opened = await openRoom();
    const { room, place } = opened;
    await room.tally(place, null);
    await runInDurableObject(room, (_room, { storage }) => {
      storage.sql.exec('CREATE TABLE vote_traces (id INTEGER PRIMARY KEY, entry TEXT NOT NULL)');
      storage.sql.exec(
        'INSERT INTO vote_traces (entry) VALUES (?)',
        JSON.stringify(entry(`kept${opened.streamId.slice(3)}`)),
      );
    });
    await evictDurableObject(room);
    await room.settle();
    await logWith(1, (row) => row.entry.id === `au_kept${opened.streamId.slice(3)}`);
  });

  it('ends with its stream', async () => {
    const opened = await openRoom();
    const { room, place } = opened;
    await openPoll(opened);
    await room.streamChanged({ ...place, streamState: 'ended' });
    expect((await room.tally(place, null)).poll?.state).toBe('ended');
  });
});

describe('the viewers of a room', () => {
  const beats = (from: number, to: number, isLeaving = false) =>
    Array.from({ length: to - from }, (_, at) => ({
      viewer: `viewer${String(from + at).padStart(16, '0')}`,
      isLeaving,
    }));

  it('are those that play, not those that chat, and outlive an eviction', async () => {
    const opened = await openRoom();
    const { room, place } = opened;
    const reader = await comeIn(opened, await person());
    expect((await reader.hears('hello')).tally.viewers).toBe(0);
    await room.watching(place, beats(0, 500));
    await room.watching(place, beats(0, 10));
    await reader.hears('tally', ({ tally }) => tally.viewers === 500);
    await room.watching(place, beats(0, 40, true));
    await reader.hears('tally', ({ tally }) => tally.viewers === 460);
    await evictDurableObject(room);
    expect(await room.viewers(place)).toBe(460);
    await room.streamChanged({ ...place, streamState: 'ended' });
    expect(await room.viewers(place)).toBe(0);
  });
});
