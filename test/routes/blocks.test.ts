import { evictDurableObject } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { RoomPlace } from '../../src/domain/chat/guest.ts';
import type { HiddenAt } from '../../src/domain/chat/hiding.ts';
import type { CreatedStream } from '../../src/protocol/api.ts';
import type { Block } from '../../src/protocol/blocks.ts';
import type { Message, RoomTicket } from '../../src/protocol/chat.ts';
import { person as guestOf, RoomClient } from '../durable-objects/room-guest.ts';
import { openScene, type Person, person, send } from './contract/table.ts';
import { BASE, problemOf } from './support.ts';

const { default: worker } = exports as unknown as { default: Fetcher };
const BLOCKS = '/api/v1/users/me/blocks';

async function comeIn(who: Person, { id }: CreatedStream): Promise<RoomClient> {
  const ticket = await send({ method: 'post', path: `/api/v1/streams/${id}/room/tickets`, as: who });
  const { socketUrl } = await ticket.json<RoomTicket>();
  const url = BASE + socketUrl.replace(/^ws:\/\/[^/]+/, '');
  const { webSocket } = await worker.fetch(new Request(url, { headers: { Upgrade: 'websocket' } }));
  return new RoomClient(webSocket!);
}
const block = (who: Person, whom: Person) => send({ method: 'put', path: `${BLOCKS}/${whom.id}`, as: who });
const unblock = (who: Person, whom: Person) => send({ method: 'delete', path: `${BLOCKS}/${whom.id}`, as: who });
const say = async (who: Person, { id }: CreatedStream, body: object): Promise<Response> =>
  send({ method: 'post', path: `/api/v1/streams/${id}/chat`, as: who, body });
const said = async (who: Person, stream: CreatedStream, text: string): Promise<Message> =>
  (await say(who, stream, { text })).json();
const historyFor = async (who: Person | null, { id }: CreatedStream): Promise<Message[]> => {
  const page = await send({ method: 'get', path: `/api/v1/streams/${id}/chat`, as: who });
  return (await page.json<{ messages: Message[] }>()).messages;
};
const moderator = async (who: Person, { stream, owner }: { stream: CreatedStream; owner: Person }) => {
  const path = `/api/v1/channels/${stream.channelId}/roles/${who.id}`;
  await send({ method: 'put', path, as: owner, body: { role: 'moderator' } });
};

describe('a block', () => {
  it('hides both ways, in one list that does not say who wanted it, and is told to the sockets that are open', async () => {
    const { stream, stranger } = await openScene();
    const other = await person();
    const [one, two] = [await comeIn(stranger, stream), await comeIn(other, stream)];
    expect(await one.hears('hello')).not.toHaveProperty('hidden');
    expect((await block(stranger, other)).status).toBe(204);
    expect(await one.hears('hidden')).toMatchObject({ userIds: [other.id] });
    expect(await two.hears('hidden')).toMatchObject({ userIds: [stranger.id] });
    // Whoever comes in now, and after the room has lost its memory, is told so in the first word.
    await evictDurableObject(env.LIVE_ROOM.get(env.LIVE_ROOM.idFromName(stream.id)));
    expect(await (await comeIn(stranger, stream)).hears('hello')).toMatchObject({ hidden: [other.id] });
    expect(await (await comeIn(other, stream)).hears('hello')).toMatchObject({ hidden: [stranger.id] });
    await unblock(stranger, other);
    expect(await two.hears('hidden', ({ userIds }) => userIds.length === 0)).toBeTruthy();
    expect(await (await comeIn(other, stream)).hears('hello')).not.toHaveProperty('hidden');
  });

  it('outlasts a list that was looked up before it and comes to the room after it, whole', async () => {
    const { stream, stranger } = await openScene();
    const [other, third] = [await person(), await person()];
    await block(stranger, third);
    const room = env.LIVE_ROOM.get(env.LIVE_ROOM.idFromName(stream.id));
    const place: RoomPlace = { streamId: stream.id, streamState: 'waiting' };
    const guest = await guestOf('viewer', { id: stranger.id });
    await comeIn(other, stream);
    const lookedUp: HiddenAt = { ids: [third.id], atMs: Date.now() };
    await block(stranger, other);
    const ticketWith = async (hidden: HiddenAt) => {
      const issued = await room.issueTicket(place, guest, { hidden });
      const path = `/api/v1/streams/${stream.id}/room?v=1&ticket=${issued.ok && issued.ticket}`;
      const { webSocket } = await worker.fetch(new Request(BASE + path, { headers: { Upgrade: 'websocket' } }));
      return new RoomClient(webSocket!).hears('hello');
    };
    expect((await ticketWith(lookedUp)).hidden).toEqual([third.id, other.id]);
    // And a list that is newer than any change is taken as it is.
    expect((await ticketWith({ ids: [third.id], atMs: Date.now() + 60_000 })).hidden).toEqual([third.id]);
  });

  it('stays while one of the two wants it', async () => {
    const { stream, stranger } = await openScene();
    const other = await person();
    await block(stranger, other);
    await block(other, stranger);
    await unblock(stranger, other);
    expect(await (await comeIn(stranger, stream)).hears('hello')).toMatchObject({ hidden: [other.id] });
  });

  it('leaves what either has said, and quotes of it, out of the history of the other alone', async () => {
    const { stream, stranger } = await openScene();
    const [other, third] = [await person(), await person()];
    const { id } = await said(other, stream, 'Here I am');
    await said(stranger, stream, 'And me');
    await say(third, stream, { text: 'So you are', replyTo: id });
    await block(stranger, other);
    const mine = await historyFor(stranger, stream);
    expect(mine.map(({ text, replyTo }) => [text, replyTo])).toEqual([
      ['So you are', null],
      ['And me', null],
    ]);
    expect((await historyFor(other, stream)).map(({ text }) => text)).toEqual(['So you are', 'Here I am']);
    for (const who of [third, null]) {
      const all = await historyFor(who, stream);
      expect(all).toHaveLength(3);
      expect(all[0]!.replyTo).toMatchObject({ id });
    }
  });

  it('refuses an answer as to a message that is gone, on the socket and by REST', async () => {
    const { stream, stranger } = await openScene();
    const other = await person();
    const { id } = await said(stranger, stream, 'What I think');
    const two = await comeIn(other, stream);
    await block(stranger, other);
    await two.hears('hidden');
    two.send({ kind: 'send', clientId: 'a', text: 'You are wrong', replyTo: id });
    const refused = await two.hears('refused');
    const gone = await problemOf(await say(other, stream, { text: 'You are wrong', replyTo: 'ms_nothing' }));
    expect(refused).toMatchObject({ code: 'not_found', detail: gone.detail });
    expect(await problemOf(await say(other, stream, { text: 'You are wrong', replyTo: id }))).toMatchObject({
      code: 'not_found',
      detail: gone.detail,
    });
    await unblock(stranger, other);
    expect((await say(other, stream, { text: 'You are right', replyTo: id })).status).toBe(202);
  });

  it('hides nobody from who moderates there, and no word of theirs from anybody', async () => {
    const scene = await openScene();
    const { stream, stranger } = scene;
    const keeper = await person();
    await moderator(keeper, scene);
    await block(stranger, keeper);
    const rule = await said(keeper, stream, 'Be kind');
    const wrong = await said(stranger, stream, 'No');
    expect((await historyFor(stranger, stream)).map(({ text }) => text)).toEqual(['No', 'Be kind']);
    expect((await historyFor(keeper, stream)).map(({ text }) => text)).toEqual(['No', 'Be kind']);
    expect(await (await comeIn(keeper, stream)).hears('hello')).not.toHaveProperty('hidden');
    expect((await say(stranger, stream, { text: 'Why', replyTo: rule.id })).status).toBe(202);
    expect((await say(keeper, stream, { text: 'Because', replyTo: wrong.id })).status).toBe(202);
  });

  it('is listed for who made it, page by page, and for nobody else', async () => {
    const [one, ...others] = [await person(), await person(), await person(), await person()];
    for (const other of others) await block(one!, other);
    await block(others[0]!, one!);
    const seen: Block[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const path: string = `${BLOCKS}?limit=2${cursor && `&cursor=${cursor}`}`;
      const page: { blocks: Block[]; nextCursor: string | null } = await (
        await send({ method: 'get', path, as: one! })
      ).json();
      seen.push(...page.blocks);
      cursor = page.nextCursor;
    }
    expect(seen.map(({ user }) => user.id).sort()).toEqual(others.map(({ id }) => id).sort());
    const mine = await (await send({ method: 'get', path: '/api/v1/users/me/export', as: others[1]! })).text();
    expect(mine).not.toContain(one!.id);
  });
});
