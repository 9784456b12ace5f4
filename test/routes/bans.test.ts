import { env, exports } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { LOCAL_CAST } from '../../src/auth/local-cast.ts';
import type { CreatedStream } from '../../src/protocol/api.ts';
import type { Ban } from '../../src/protocol/bans.ts';
import type { HeldLine, Message, RoomTicket } from '../../src/protocol/chat.ts';
import { keepUser } from '../../src/storage/users.ts';
import { RoomClient } from '../durable-objects/room-guest.ts';
import { logWith } from '../jobs/audit-support.ts';
import { as, BASE, openStream, problemOf } from './support.ts';

const { default: worker } = exports as unknown as { default: Fetcher };

async function comeIn(handle: string, { id }: CreatedStream): Promise<RoomClient> {
  const ticket = await as(handle, 'POST', `/api/v1/streams/${id}/room/tickets`);
  const { socketUrl } = await ticket.json<RoomTicket>();
  const url = BASE + socketUrl.replace(/^ws:\/\/[^/]+/, '');
  const { webSocket } = await worker.fetch(new Request(url, { headers: { Upgrade: 'websocket' } }));
  return new RoomClient(webSocket!);
}
const say = (clientId: string, text: string) => ({ kind: 'send', clientId, text });
const saying = (handle: string, { id }: CreatedStream, text: string, clientId?: string) =>
  as(handle, 'POST', `/api/v1/streams/${id}/chat`, { text, ...(clientId && { clientId }) });
const banOf = ({ channelId }: CreatedStream, handle: string) => `/api/v1/channels/${channelId}/bans/us_${handle}0`;
const historyOf = async ({ id }: CreatedStream): Promise<string[]> => {
  const page = await (await as(null, 'GET', `/api/v1/streams/${id}/chat`)).json<{ messages: Message[] }>();
  return page.messages.map(({ text }) => text);
};

beforeAll(async () => {
  for (const { about: _about, ...user } of LOCAL_CAST) await keepUser(env.DB, user, 1);
});

describe('a ban on a channel', () => {
  it('counts at once, on an open socket and by REST, takes along what was said, and is undone', async () => {
    const stream = await openStream('ada');
    const [ben, cleo, ada] = [await comeIn('ben', stream), await comeIn('cleo', stream), await comeIn('ada', stream)];
    ben.send(say('a', 'Buy my things'));
    const { id } = await ben.hears('accepted');
    const body = { seconds: 600, reason: 'Advertisements', removeMessages: true };
    const placed = await as('ada', 'PUT', banOf(stream, 'ben'), body);
    expect(await placed.json<Ban>()).toMatchObject({ user: { handle: 'ben' }, effect: 'refuse', reason: body.reason });
    expect(await cleo.hears('removed')).toMatchObject({ messageIds: [id], by: 'moderator' });
    const acted = await ada.hears('acted', ({ act }) => act === 'banned');
    expect(acted).toMatchObject({ by: { handle: 'ada' }, user: { handle: 'ben' }, ban: { reason: body.reason } });
    expect(await ada.hears('acted', ({ act }) => act === 'removed')).toMatchObject({ messageIds: [id] });
    ben.send(say('b', 'And these'));
    const refused = await ben.hears('refused');
    expect(refused).toMatchObject({ clientId: 'b', code: 'banned' });
    expect(refused.retryAfterSeconds).toBeGreaterThan(590);
    expect(await problemOf(await saying('ben', stream, 'Those too'))).toMatchObject({ status: 403, code: 'banned' });
    expect(await historyOf(stream)).toEqual([]);
    const list = await (await as('ada', 'GET', `/api/v1/channels/${stream.channelId}/bans`)).json<{ bans: Ban[] }>();
    expect(list.bans).toMatchObject([{ user: { handle: 'ben' }, until: expect.any(String) }]);
    expect((await as('ada', 'DELETE', banOf(stream, 'ben'))).status).toBe(204);
    expect(await ada.hears('acted', ({ act }) => act === 'lifted')).toMatchObject({
      user: { handle: 'ben' },
      ban: null,
    });
    for (const other of [ben, cleo]) expect(other.heard.map(({ kind }) => kind)).not.toContain('acted');
    ben.send(say('c', 'I am sorry'));
    expect(await cleo.hears('message', ({ text }) => text === 'I am sorry')).toBeTruthy();
    const rows = await logWith(2, ({ entry }) => entry.action === 'ban.placed' || entry.action === 'ban.lifted');
    expect(rows[0]).toMatchObject({ facts: { reason: 'Advertisements', after: { channelId: stream.channelId } } });
  });

  it('counts in every room of the channel, the next one included, and in no other', async () => {
    const first = await openStream('ada');
    const other = await openStream('cleo');
    await as('ada', 'PUT', banOf(first, 'ben'), { seconds: null });
    await as('ada', 'DELETE', `/api/v1/streams/${first.id}`);
    const opened = await as('ada', 'POST', '/api/v1/streams', { title: 'Next', channelId: first.channelId });
    const next: CreatedStream = await opened.json();
    const ben = await comeIn('ben', next);
    ben.send(say('a', 'Hello'));
    expect(await ben.hears('refused')).toMatchObject({ code: 'banned' });
    expect((await saying('ben', other, 'Hello there')).status).toBe(202);
  });

  it('ends by itself', async () => {
    const stream = await openStream('ada');
    await as('ada', 'PUT', banOf(stream, 'ben'), { seconds: 1 });
    expect((await saying('ben', stream, 'Hello')).status).toBe(403);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect((await saying('ben', stream, 'Hello')).status).toBe(202);
  });

  it('reaches nobody of the same or a higher rank', async () => {
    const stream = await openStream('ada');
    await as('ada', 'PUT', `/api/v1/channels/${stream.channelId}/roles/us_ben0`, { role: 'moderator' });
    for (const [who, whom, status] of [
      ['ben', 'ada', 403],
      ['ben', 'ben', 403],
      ['ben', 'mod', 403],
      ['ada', 'root', 403],
      ['ben', 'cleo', 200],
      ['mod', 'ada', 200],
    ] as const) {
      expect((await as(who, 'PUT', banOf(stream, whom), { seconds: 1 })).status, `${who} bans ${whom}`).toBe(status);
    }
  });

  it('that only holds lets its subject believe that they are heard, until a moderator approves', async () => {
    const stream = await openStream('ada');
    const [ben, cleo] = [await comeIn('ben', stream), await comeIn('cleo', stream)];
    await as('ada', 'PUT', banOf(stream, 'ben'), { seconds: null, effect: 'hold' });
    ben.send(say('a', 'Does anybody hear me'));
    const accepted = await ben.hears('accepted');
    const answer = await saying('ben', stream, 'And this');
    expect(answer.status).toBe(202);
    expect(await answer.json<Message>()).toMatchObject({ text: 'And this', author: { handle: 'ben' } });
    const queue = await as('ada', 'GET', `/api/v1/streams/${stream.id}/room/held`);
    const { lines } = await queue.json<{ lines: HeldLine[] }>();
    expect(lines.map(({ text, reason }) => [text, reason])).toEqual([
      ['Does anybody hear me', 'banned_person'],
      ['And this', 'banned_person'],
    ]);
    expect(await historyOf(stream)).toEqual([]);
    expect(cleo.texts).toEqual([]);
    const decide = (id: string, decision: string) =>
      as('ada', 'PUT', `/api/v1/streams/${stream.id}/room/held/${id}/decision`, { decision });
    await decide(lines[1]!.id, 'denied');
    await decide(accepted.id, 'approved');
    expect(await cleo.hears('message')).toMatchObject({ id: accepted.id, text: 'Does anybody hear me' });
    expect(ben.heard.filter(({ kind }) => kind === 'refused')).toEqual([]);
    const mine = await (await as('ben', 'GET', '/api/v1/users/me/export')).text();
    expect(mine).not.toContain('"hold"');
  });

  it('denies what waits of its subject', async () => {
    const stream = await openStream('ada');
    const ben = await comeIn('ben', stream);
    ben.send(say('a', 'See http://an-unknown-site.example/page'));
    await ben.hears('refused', ({ code }) => code === 'message_held');
    await as('ada', 'PUT', banOf(stream, 'ben'), { seconds: 60 });
    await ben.hears('refused', ({ code }) => code === 'message_denied');
    const queue = await as('ada', 'GET', `/api/v1/streams/${stream.id}/room/held`);
    expect(await queue.json()).toEqual({ lines: [] });
  });
});

describe('a ban everywhere', () => {
  it('counts in rooms of all channels, and is lifted apart from that of a channel', async () => {
    const [one, other] = [await openStream('ada'), await openStream('cleo')];
    const sockets = [await comeIn('ben', one), await comeIn('ben', other)];
    expect((await as('ada', 'PUT', '/api/v1/bans/us_ben0', { seconds: null })).status).toBe(403);
    expect((await as('mod', 'PUT', '/api/v1/bans/us_root0', { seconds: null })).status).toBe(403);
    expect((await as('mod', 'PUT', '/api/v1/bans/us_ben0', { seconds: null })).status).toBe(200);
    for (const socket of sockets) {
      socket.send(say('a', 'Hello'));
      expect(await socket.hears('refused')).toMatchObject({ code: 'banned' });
    }
    await as('ada', 'PUT', banOf(one, 'ben'), { seconds: null });
    expect((await as('mod', 'DELETE', '/api/v1/bans/us_ben0')).status).toBe(204);
    expect((await saying('ben', one, 'Hello')).status).toBe(403);
    expect((await saying('ben', other, 'Hello')).status).toBe(202);
    const { results } = await env.DB.prepare('SELECT * FROM bans WHERE channel_id IS NULL').all();
    expect(results).toEqual([]);
  });
});
