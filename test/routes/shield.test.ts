import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { LOCAL_CAST } from '../../src/auth/local-cast.ts';
import type { CreatedStream } from '../../src/protocol/api.ts';
import type { RoomView } from '../../src/protocol/chat/settings.ts';
import { type ChannelShield, NO_TRIPS, STANDARD_SHIELD } from '../../src/protocol/shield.ts';
import type { Shield } from '../../src/protocol/shield-state.ts';
import { changeShield } from '../../src/storage/shields.ts';
import { keepUser } from '../../src/storage/users.ts';
import { logWith } from '../jobs/audit-support.ts';
import { person, seeded } from './contract/table.ts';
import { comeInAs, line } from './room-client.ts';
import { as, openStream } from './support.ts';

const shieldOf = ({ channelId }: CreatedStream) => `/api/v1/channels/${channelId}/shield`;
const set = (stream: CreatedStream, body: object) => as('ada', 'PUT', shieldOf(stream), body);
const viewOf = async ({ id }: CreatedStream): Promise<RoomView> =>
  (await as(null, 'GET', `/api/v1/streams/${id}/room`)).json();
const said = async (stream: CreatedStream, handle = 'ben', text = 'Hello') => {
  const response = await as(handle, 'POST', `/api/v1/streams/${stream.id}/chat`, { text });
  return response.status === 202 ? 'said' : (await response.json<{ code: string }>()).code;
};
const roomOf = ({ id }: CreatedStream) => env.LIVE_ROOM.get(env.LIVE_ROOM.idFromName(id));
/** In the room, and in what the channel has kept. */
const expectRaised = async (stream: CreatedStream, shield: Shield): Promise<void> => {
  expect((await viewOf(stream)).shield).toEqual(shield);
  expect(await (await as('ada', 'GET', shieldOf(stream))).json()).toMatchObject({ shield });
};
const actsOf = (action: string) => logWith(1, ({ entry }) => entry.action === action);

beforeAll(async () => {
  for (const { about: _about, ...user } of LOCAL_CAST) await keepUser(env.DB, user, 1);
});

describe('a shield', () => {
  it('is up in an open room at once, told to everybody, and leaves the room as it was', async () => {
    const stream = await openStream('ada');
    const cleo = await comeInAs(await seeded('ben'), stream);
    const own = (await viewOf(stream)).settings;
    expect(await said(stream)).toBe('said');
    const raisedAtMs = Date.now();
    expect((await set(stream, { on: true })).status).toBe(200);
    expect(await said(stream)).toBe('followers_only');
    const { room, seq } = await cleo.hears('modes', (frame) => frame.room.shield !== null);
    expect(Date.now() - raisedAtMs).toBeLessThan(2000);
    expect(room).toMatchObject({ shield: { by: 'moderator' }, settings: own });
    expect(Date.parse(room.shield!.until) - raisedAtMs).toBeGreaterThan(3_500_000);
    expect(await said(stream, 'ada'), 'staff').toBe('said');
    expect((await as('ada', 'DELETE', shieldOf(stream))).status).toBe(204);
    await cleo.hears('modes', (frame) => frame.room.shield === null && frame.seq > seq);
    expect((await viewOf(stream)).settings).toEqual(own);
    expect(await said(stream)).toBe('said');
    const [raised] = await actsOf('shield.raised');
    expect(raised).toMatchObject({ entry: { target: { type: 'channel', id: stream.channelId } } });
    await actsOf('shield.lowered');
  });

  it('judges more strictly too, and holds who is new', async () => {
    const stream = await openStream('ada');
    const mode = { ...STANDARD_SHIELD, followersOnlyMinutes: null, minAccountAgeMinutes: 0, slowSeconds: 0 };
    await set(stream, { mode, on: true });
    expect(await said(stream, 'ben', 'See http://an-unknown-site.example/page')).toBe('message_denied');
    const socket = await comeInAs(await person(), stream);
    socket.send(line('a', 'Good evening'));
    expect(await socket.hears('refused')).toMatchObject({ code: 'message_held' });
    expect(await said(stream, 'ben', 'Good evening everybody')).toBe('said');
  });

  it('counts in the next room of the channel, and keeps what a change leaves out', async () => {
    const stream = await openStream('ada');
    const trips = { ...NO_TRIPS, joinsPerMinute: 500 };
    await set(stream, { trips });
    await set(stream, { mode: { ...STANDARD_SHIELD, emoteOnly: true }, on: true, seconds: 120 });
    const kept = await (await as('ada', 'GET', shieldOf(stream))).json<ChannelShield>();
    expect(kept).toMatchObject({ trips, mode: { emoteOnly: true }, shield: { by: 'moderator' } });
    await as('ada', 'DELETE', `/api/v1/streams/${stream.id}`);
    const opened = await as('ada', 'POST', '/api/v1/streams', { title: 'Next', channelId: stream.channelId });
    expect((await viewOf(await opened.json())).shield).toEqual(kept.shield);
    expect((await set(stream, { on: true, seconds: 86_401 })).status).toBe(400);
  });

  it('is over by itself, and told so, also when the room has lost its memory meanwhile', async () => {
    const stream = await openStream('ada');
    const ben = await comeInAs(await seeded('ben'), stream);
    await set(stream, { on: true });
    await ben.hears('modes', ({ room }) => room.shield !== null);
    await runInDurableObject(roomOf(stream), (_room, { storage }) => {
      const [row] = storage.sql.exec<{ value: string }>("SELECT value FROM facts WHERE name = 'memory'").toArray();
      const memory = JSON.parse(row!.value);
      memory.shield.untilMs = Date.now() - 1;
      storage.sql.exec("UPDATE facts SET value = ? WHERE name = 'memory'", JSON.stringify(memory));
    });
    await evictDurableObject(roomOf(stream));
    expect(await said(stream), 'what is over refuses nobody').toBe('said');
    await runDurableObjectAlarm(roomOf(stream));
    await vi.waitFor(async () => expect((await viewOf(stream)).shield).toBeNull(), 5000);
  });
});

describe('a raid', () => {
  it('raises the shield by itself, tells moderators by which number, and everybody that it is up', async () => {
    const stream = await openStream('ada');
    await set(stream, { trips: { ...NO_TRIPS, joinsPerMinute: 4 } });
    const ada = await comeInAs(await seeded('ada'), stream);
    const ben = await comeInAs(await seeded('ben'), stream);
    for (let index = 0; index < 3; index++) await comeInAs(await person(), stream);
    expect(await ada.hears('tripped')).toMatchObject({ trip: 'joinsPerMinute', count: 5, limit: 4 });
    expect(await ben.hears('modes')).toMatchObject({ room: { shield: { by: 'itself' } } });
    expect(ben.heard.some(({ kind }) => kind === 'tripped')).toBe(false);
    expect(await said(stream, 'cleo')).toBe('followers_only');
    await vi.waitFor(async () => {
      const { shield } = await (await as('ada', 'GET', shieldOf(stream))).json<ChannelShield>();
      expect(shield).toMatchObject({ by: 'itself' });
      const minutes = (Date.parse(shield!.until) - Date.now()) / 60_000;
      expect(minutes).toBeGreaterThan(14);
      expect(minutes).toBeLessThan(15);
    });
    const rows = await logWith(1, ({ entry }) => entry.action === 'shield.raised' && entry.target?.type === 'stream');
    expect(rows.at(-1)).toMatchObject({
      entry: { actor: { kind: 'system' } },
      facts: { after: { by: 'itself', trip: 'joinsPerMinute', count: 5, limit: 4 } },
    });
    await as('ada', 'DELETE', shieldOf(stream));
    await comeInAs(await person(), stream);
    expect((await viewOf(stream)).shield, 'who lowers it by hand has decided').toBeNull();
  });

  it('leaves up as it is what a moderator has raised', async () => {
    const stream = await openStream('ada');
    await set(stream, { trips: { ...NO_TRIPS, joinsPerMinute: 2 } });
    const ada = await comeInAs(await seeded('ada'), stream);
    await set(stream, { on: true });
    const { shield } = await viewOf(stream);
    for (let index = 0; index < 4; index++) await comeInAs(await person(), stream);
    await expectRaised(stream, shield!);
    expect(ada.heard.some(({ kind }) => kind === 'tripped')).toBe(false);
  });

  it('gives way to a moderator who has raised the shield at the same moment, for longer or for less', async () => {
    for (const seconds of [3600, 60]) {
      const stream = await openStream('ada');
      await set(stream, { trips: { ...NO_TRIPS, joinsPerMinute: 2 } });
      const ada = await comeInAs(await seeded('ada'), stream);
      // Decided and kept, and this room has not heard of it.
      const untilMs = Date.now() + seconds * 1000;
      await changeShield(env.DB, stream.channelId, { untilMs, raisedBy: 'moderator' });
      for (let index = 0; index < 2; index++) await comeInAs(await person(), stream);
      await ada.hears('tripped');
      await vi.waitFor(() => expectRaised(stream, { by: 'moderator', until: new Date(untilMs).toISOString() }), 5000);
    }
  });

  it('of lines that are denied raises it too', async () => {
    const stream = await openStream('ada');
    await set(stream, { trips: { ...NO_TRIPS, deniedPerMinute: 2 } });
    const ben = await comeInAs(await seeded('ben'), stream);
    for (const [handle, site] of [
      ['ben', 'one'],
      ['cleo', 'two'],
      ['cleo', 'three'],
    ] as const)
      expect(await said(stream, handle, `See http://site-${site}.example/page`)).toBe('message_held');
    await ben.hears('modes', ({ room }) => room.shield?.by === 'itself');
  });
});
