// A room that a moderator clears: what was said is gone wherever it could be read.
import { env, exports } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { LOCAL_CAST } from '../../src/auth/local-cast.ts';
import type { CreatedStream } from '../../src/protocol/api.ts';
import type { Message, MessagePage, RoomTicket, RoomView } from '../../src/protocol/chat.ts';
import { keepUser } from '../../src/storage/users.ts';
import { RoomClient } from '../durable-objects/room-guest.ts';
import { logWith } from '../jobs/audit-support.ts';
import { as, BASE, openStream } from './support.ts';

const { default: worker } = exports as unknown as { default: Fetcher };

const at = ({ id }: CreatedStream, rest: string) => `/api/v1/streams/${id}${rest}`;
const say = async (handle: string, stream: CreatedStream, text: string): Promise<Message> =>
  (await as(handle, 'POST', at(stream, '/chat'), { text })).json();
const textsOf = async (handle: string | null, stream: CreatedStream, query = ''): Promise<string[]> => {
  const page = await (await as(handle, 'GET', at(stream, `/chat${query}`))).json<MessagePage>();
  return page.messages.map(({ text }) => text);
};
async function comeIn(handle: string | null, stream: CreatedStream): Promise<RoomClient> {
  const ticket = await as(handle, 'POST', at(stream, '/room/tickets'));
  const url = `${BASE}${at(stream, '/room')}?v=1&ticket=${(await ticket.json<RoomTicket>()).ticket}`;
  const { webSocket } = await worker.fetch(new Request(url, { headers: { Upgrade: 'websocket' } }));
  const client = new RoomClient(webSocket!);
  await client.hears('hello');
  return client;
}
const clear = (handle: string, stream: CreatedStream, body: object = {}) =>
  as(handle, 'POST', at(stream, '/room/clearings'), body);

beforeAll(async () => {
  for (const { about: _about, ...user } of LOCAL_CAST) await keepUser(env.DB, user, 1);
});

describe('a room that is cleared', () => {
  it('has nothing any more of what was said, in the history, the replay and for newcomers; and goes on', async () => {
    const stream = await openStream('ada');
    const { id } = await say('ben', stream, 'One');
    await as('ada', 'PUT', at(stream, '/room/pin'), { messageId: id });
    const [ada, reader] = [await comeIn('ada', stream), await comeIn(null, stream)];
    await say('cleo', stream, 'Two');
    await as('ada', 'POST', at(stream, '/room/announcements'), { text: 'Half time' });
    expect(await textsOf(null, stream)).toEqual(['Half time', 'Two', 'One']);
    expect((await clear('ada', stream, { reason: 'A raid' })).status).toBe(202);
    const cleared = await reader.hears('cleared');
    expect(cleared.upToSeq).toBeLessThan(cleared.seq);
    expect(await reader.hears('pin', ({ message }) => message === null)).toBeTruthy();
    expect(await ada.hears('acted', ({ act }) => act === 'cleared')).toMatchObject({ by: { handle: 'ada' } });
    expect(reader.heard.map(({ kind }) => kind)).not.toContain('acted');
    await say('ben', stream, 'Three');
    // What was announced stays.
    expect(await textsOf(null, stream)).toEqual(['Three', 'Half time']);
    expect(await textsOf(null, stream, '?fromMediaMs=0')).toEqual(['Half time', 'Three']);
    expect((await comeIn(null, stream)).texts).toEqual(['Three']);
    const room = await (await as(null, 'GET', at(stream, '/room'))).json<RoomView>();
    expect(room.pinned).toBeNull();
    const [row] = await logWith(1, ({ entry }) => entry.action === 'room.cleared' && entry.target?.id === stream.id);
    expect(row).toMatchObject({ facts: { reason: 'A raid', after: { upToSeq: cleared.upToSeq } } });
  });

  it('keeps what was announced until a moderator removes it: then it is gone everywhere too', async () => {
    const stream = await openStream('ada');
    await as('ada', 'POST', at(stream, '/room/announcements'), { text: 'Half time' });
    const reader = await comeIn(null, stream);
    const told = reader.events.find(({ kind }) => kind === 'announcement');
    const { id } = told as { id: string };
    await as('ada', 'PUT', at(stream, '/room/pin'), { messageId: id });
    expect((await as('ben', 'DELETE', at(stream, `/chat/${id}`))).status).toBe(403);
    expect((await as('ada', 'DELETE', at(stream, `/chat/${id}`))).status).toBe(204);
    expect(await reader.hears('removed')).toMatchObject({ messageIds: [id] });
    expect(await textsOf(null, stream)).toEqual([]);
    expect(await textsOf(null, stream, '?fromMediaMs=0')).toEqual([]);
    const newcomer = await comeIn(null, stream);
    expect(newcomer.events.filter((event) => JSON.stringify(event).includes('Half time'))).toEqual([]);
    expect((await as('ada', 'DELETE', at(stream, `/chat/${id}`))).status).toBe(404);
  });

  it('has nothing for somebody either who alone was shown their lines', async () => {
    const stream = await openStream('ada');
    await as('ada', 'PUT', `/api/v1/channels/${stream.channelId}/bans/us_cleo0`, { seconds: null, effect: 'hold' });
    await say('cleo', stream, 'Does anybody hear me');
    expect(await textsOf('cleo', stream)).toEqual(['Does anybody hear me']);
    await clear('ada', stream);
    expect(await textsOf('cleo', stream)).toEqual([]);
  });

  it('was cleared by a moderator, and by nobody else', async () => {
    const stream = await openStream('ada');
    await say('ben', stream, 'One');
    expect((await clear('ben', stream)).status).toBe(403);
    expect(await textsOf(null, stream)).toEqual(['One']);
    expect((await clear('mod', stream)).status).toBe(202);
    expect(await textsOf(null, stream)).toEqual([]);
  });
});
