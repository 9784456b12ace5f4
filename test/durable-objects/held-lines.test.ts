// Lines that wait for a moderator, in a real room.
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { DeskLine } from '../../durable-objects/live-room/desk-line.ts';
import { DeniedLine } from '../../src/protocol/chat/desk.ts';
import { HOLD_SECONDS } from '../../src/protocol/chat/held.ts';
import type { MessageId } from '../../src/protocol/ids.ts';
import { logWith } from '../jobs/audit-support.ts';
import { comeIn, openRoom, person } from './room-guest.ts';

const FOUL = 'Free skins at https://steamcommunlty.com';
const DOUBTFUL = 'See http://an-unknown-site.example/page';

async function heldRoom() {
  const opened = await openRoom();
  const [who, moderator, other] = [
    await person(),
    await person('channel_moderator'),
    await person('channel_moderator'),
  ];
  const [author, watcher, reader] = [await comeIn(opened, who), await comeIn(opened, moderator), await comeIn(opened)];
  author.send({ kind: 'send', clientId: 'a', text: DOUBTFUL });
  const { line } = await watcher.hears('held');
  await author.hears('refused', ({ code }) => code === 'message_held');
  return { ...opened, opened, who, moderator, other, author, watcher, reader, line };
}

const heard = (client: { raw: string[] }) => client.raw.join('\n');

describe('the moderators of a room', () => {
  it('read what a judge denied, and nobody else does', async () => {
    const { room, author, watcher, reader } = await heldRoom();
    author.send({ kind: 'send', clientId: 'foul', text: FOUL });
    await author.hears('refused', ({ code }) => code === 'message_denied');
    const { line } = await watcher.hears('denied');
    expect(line).toMatchObject({ text: FOUL, author: { handle: expect.stringMatching(/^guest/) } });
    for (const client of [author, reader]) expect(heard(client)).not.toContain('steamcommunlty');
    await runInDurableObject(room, (_instance, state) => {
      for (const table of ['held', 'events', 'own_events'])
        expect(JSON.stringify(state.storage.sql.exec(`SELECT * FROM ${table}`).toArray())).not.toContain(
          'steamcommunlty',
        );
    });
  });

  it('are told no more of what a judge denies than they could read', async () => {
    const told: object[] = [];
    const desk = new DeskLine({ toSome: (_to, frame) => told.push(frame) });
    const line = { id: 'ms_denied', author: null, text: 'Foul', reason: 'slur', score: 1 };
    for (let count = 0; count < 500; count += 1) desk.denied(DeniedLine.omit({ at: true }).parse(line), count);
    expect(told.length).toBeLessThan(60);
  });

  it('hear which of them removed what, and whom one of them has banned, unless it is about themselves', async () => {
    const { room, place, moderator, who, other, opened, author, watcher, reader } = await heldRoom();
    author.send({ kind: 'send', clientId: 'b', text: 'Good evening' });
    const { id } = await reader.hears('message');
    const second = await comeIn(opened, other);
    await room.remove(place, moderator, id);
    const removed = await second.hears('acted', ({ act }) => act === 'removed');
    expect(removed).toMatchObject({ by: { id: moderator.id, name: moderator.name }, messageIds: [id] });
    const { id: userId, handle, name } = who;
    const bannedAt = new Date().toISOString();
    const ban = { channelId: null, effect: 'hold' as const, network: false, reason: null, bannedAt, until: null };
    const restraint = { effect: 'hold' as const, atMs: Date.now(), untilMs: null };
    const told = { scope: 'platform' as const, atMs: Date.now(), removeMessages: false, restraint };
    const user = { id: userId, handle, name };
    await room.restrained(moderator, { ...told, userId, shown: { user, ban: { ...ban, user } } });
    expect(await watcher.hears('acted', ({ act }) => act === 'banned')).toMatchObject({ user, scope: 'platform' });
    const mod = { id: other.id, handle: other.handle, name: other.name };
    await room.restrained(moderator, { ...told, userId: other.id, shown: { user: mod, ban: { ...ban, user: mod } } });
    await watcher.hears('acted', ({ user: about }) => about?.id === other.id);
    expect(heard(second)).toContain(userId);
    expect(second.heard.filter((frame) => frame.kind === 'acted' && frame.user?.id === other.id)).toEqual([]);
    for (const client of [author, reader]) expect(client.heard.map(({ kind }) => kind)).not.toContain('acted');
  });
});

describe('a line that a judge holds', () => {
  it('is shown to moderators alone, waits in the queue, and outlives the memory of the room', async () => {
    const { room, place, author, reader, line } = await heldRoom();
    expect(line).toMatchObject({ text: DOUBTFUL, reason: 'link' });
    const [span] = line.found ?? [];
    expect(line.text.slice(span?.from, span?.to)).toContain('an-unknown-site.example');
    await evictDurableObject(room);
    expect(await room.waiting(place)).toEqual([line]);
    author.send({ kind: 'send', clientId: 'a', text: DOUBTFUL });
    await author.until(() => author.heard.filter(({ kind }) => kind === 'refused').length === 2, 'the same answer');
    expect(await room.waiting(place)).toHaveLength(1);
    for (const client of [author, reader]) expect(heard(client)).not.toContain('an-unknown-site');
  });

  it('is decided by the first of two moderators, and the other hears by whom', async () => {
    const { room, place, moderator, other, watcher, author, reader, line } = await heldRoom();
    const [first, second] = await Promise.all([
      room.decide(place, moderator, { messageId: line.id, decision: 'approved' }),
      room.decide(place, other, { messageId: line.id, decision: 'denied' }),
    ]);
    expect(first).toMatchObject({ ok: true, decision: { decision: 'approved', by: { id: moderator.id } } });
    expect(second).toMatchObject({ ok: false, code: 'conflict', detail: expect.stringContaining(moderator.name) });
    for (const client of [author, reader, watcher])
      expect(await client.hears('message')).toMatchObject({ id: line.id, text: DOUBTFUL });
    expect(await watcher.hears('decided')).toMatchObject({ id: line.id, decision: 'approved' });
    expect(reader.heard.filter(({ kind }) => kind === 'held' || kind === 'decided')).toEqual([]);
    author.send({ kind: 'send', clientId: 'a', text: DOUBTFUL });
    expect(await author.hears('accepted')).toMatchObject({ id: line.id });
    expect(await room.waiting(place)).toEqual([]);
    await room.settle();
    await logWith(1, ({ entry }) => entry.action === 'message.held' && entry.target?.id === line.id);
    const [row] = await logWith(1, ({ entry }) => entry.action === 'message.approved' && entry.target?.id === line.id);
    expect(JSON.stringify(row)).not.toContain('unknown-site');
  });

  it('is told to its author when it is denied, and its words are kept nowhere', async () => {
    const { room, place, moderator, author, reader, line } = await heldRoom();
    await room.decide(place, moderator, { messageId: line.id, decision: 'denied', reason: 'An advertisement' });
    expect(await author.hears('refused', ({ code }) => code === 'message_denied')).toMatchObject({ clientId: 'a' });
    expect(heard(reader)).not.toContain('an-unknown-site');
    await runInDurableObject(room, (_instance, state) => {
      const rows = state.storage.sql.exec('SELECT * FROM held').toArray();
      expect(JSON.stringify(rows)).not.toContain('unknown-site');
    });
    await room.settle();
    await logWith(1, ({ entry, facts }) => entry.target?.id === line.id && facts?.reason === 'An advertisement');
  });

  it('is dropped when nobody looks in time, and the log says so', async () => {
    const { room, place, author, reader, line } = await heldRoom();
    await runInDurableObject(room, (_instance, state) => {
      state.storage.sql.exec('UPDATE held SET expires_at_ms = expires_at_ms - ?', HOLD_SECONDS * 1000 + 60_000);
    });
    await runDurableObjectAlarm(room);
    expect(await author.hears('refused', ({ code }) => code === 'message_denied')).toMatchObject({
      detail: expect.stringContaining('in time'),
    });
    expect(await room.waiting(place)).toEqual([]);
    expect(heard(reader)).not.toContain('an-unknown-site');
    await logWith(1, ({ entry }) => entry.action === 'message.expired' && entry.target?.id === line.id);
  });

  it('goes with its author, who leaves Footlight', async () => {
    const { room, place, moderator, who, line } = await heldRoom();
    await room.forget([who.id]);
    expect(await room.waiting(place)).toEqual([]);
    expect(
      await room.decide(place, moderator, { messageId: line.id as MessageId, decision: 'approved' }),
    ).toMatchObject({
      code: 'not_found',
    });
  });
});
