import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { LOCAL_CAST } from '../../src/auth/local-cast.ts';
import { SIGHTINGS_OF_ONE } from '../../src/domain/chat/network-ban.ts';
import type { CreatedStream } from '../../src/protocol/api.ts';
import type { HeldLine } from '../../src/protocol/chat/held.ts';
import type { PersonCard } from '../../src/protocol/person-card.ts';
import { keepSightings } from '../../src/storage/sightings.ts';
import { keepUser } from '../../src/storage/users.ts';
import { type Person, person, send } from './contract/table.ts';
import { comeInAs, line } from './room-client.ts';
import { as, call, openStream } from './support.ts';

const HOME = '203.0.113.7';
const OFFICE = '203.0.113.200';
const ELSEWHERE = '198.51.100.9';

const saying = (who: Person, { id }: CreatedStream, network: string) =>
  send({
    method: 'post',
    path: `/api/v1/streams/${id}/chat`,
    as: who,
    body: { text: `Hello from ${who.handle}` },
    headers: { 'CF-Connecting-IP': network },
  });
const ban = ({ channelId }: CreatedStream, { id }: Person, more: object = {}) =>
  as('ada', 'PUT', `/api/v1/channels/${channelId}/bans/${id}`, { seconds: null, network: true, ...more });
const lift = ({ channelId }: CreatedStream, { id }: Person) =>
  as('ada', 'DELETE', `/api/v1/channels/${channelId}/bans/${id}`);
const queueOf = async ({ id }: CreatedStream): Promise<HeldLine[]> =>
  (await (await as('ada', 'GET', `/api/v1/streams/${id}/room/held`)).json<{ lines: HeldLine[] }>()).lines;
const suspicionsOf = async ({ channelId }: CreatedStream, { id }: Person): Promise<string[]> => {
  const card = await as('ada', 'GET', `/api/v1/channels/${channelId}/people/${id}`);
  return (await card.json<PersonCard>()).suspicions.map(({ kind }) => kind);
};
const aged = ({ id }: Person, ms: number) =>
  env.DB.prepare('UPDATE users SET created_at_ms = created_at_ms - ? WHERE id = ?').bind(ms, id).run();

beforeAll(async () => {
  for (const { about: _about, ...user } of LOCAL_CAST) await keepUser(env.DB, user, 1);
});

describe('a ban with its network', () => {
  it('holds for a moderator what a new account says from there, tells its author, and ends when it is lifted', async () => {
    const stream = await openStream('ada');
    const [troll, again, neighbour] = [await person(), await person(), await person()];
    expect((await saying(troll, stream, HOME)).status).toBe(202);
    expect(await (await ban(stream, troll)).json()).toMatchObject({ network: true });
    const held = await saying(again, stream, HOME);
    expect([held.status, (await held.json<{ code: string }>()).code]).toEqual([422, 'message_held']);
    expect(await queueOf(stream)).toMatchObject([{ author: { id: again.id }, reason: 'banned_network' }]);
    expect((await saying(neighbour, stream, ELSEWHERE)).status).toBe(202);
    expect(await suspicionsOf(stream, again)).toEqual(['new_account', 'banned_network']);
    expect(await suspicionsOf(stream, neighbour)).toEqual(['new_account']);
    await lift(stream, troll);
    expect((await saying(again, stream, HOME)).status).toBe(202);
  });

  it('finds a second account that sits in the room already, and lets it go when it is lifted', async () => {
    const stream = await openStream('ada');
    const [troll, second] = [await person(), await person()];
    await comeInAs(troll, stream, HOME);
    const socket = await comeInAs(second, stream, HOME);
    socket.send(line('a', 'Hello'));
    await socket.hears('accepted');
    await ban(stream, troll);
    socket.send(line('b', 'And again'));
    expect(await socket.hears('refused')).toMatchObject({ clientId: 'b', code: 'message_held' });
    await lift(stream, troll);
    socket.send(line('c', 'Free'));
    await socket.hears('accepted', ({ clientId }) => clientId === 'c');
  });

  it('finds it everywhere when the ban is everywhere, where the banned person has never been as well', async () => {
    const [theirs, elsewhere] = [await openStream('ada'), await openStream('ada')];
    const [troll, second] = [await person(), await person()];
    await comeInAs(troll, theirs, OFFICE);
    const socket = await comeInAs(second, elsewhere, OFFICE);
    const everywhere = `/api/v1/bans/${troll.id}`;
    await as('mod', 'PUT', everywhere, { seconds: null, network: true });
    socket.send(line('a', 'And again'));
    expect(await socket.hears('refused')).toMatchObject({ clientId: 'a', code: 'message_held' });
    await as('mod', 'DELETE', everywhere);
    socket.send(line('b', 'Free'));
    await socket.hears('accepted', ({ clientId }) => clientId === 'b');
  });

  it('leaves alone the family of the same address: older accounts, and who has a role', async () => {
    const stream = await openStream('ada');
    const [troll, sister, brother] = [await person(), await person(), await person()];
    await aged(sister, 8 * 86_400_000);
    await as('ada', 'PUT', `/api/v1/channels/${stream.channelId}/roles/${brother.id}`, { role: 'vip' });
    await saying(troll, stream, HOME);
    await ban(stream, troll);
    expect((await saying(sister, stream, HOME)).status).toBe(202);
    expect((await saying(brother, stream, HOME)).status).toBe(202);
  });

  it('reaches nobody else without the switch, and is silent where the ban is', async () => {
    const stream = await openStream('ada');
    const [troll, again] = [await person(), await person()];
    await saying(troll, stream, HOME);
    await ban(stream, troll, { network: false });
    expect((await saying(again, stream, HOME)).status).toBe(202);
    await ban(stream, troll, { effect: 'hold' });
    expect((await saying(again, stream, HOME)).status).toBe(202);
    expect(await queueOf(stream)).toMatchObject([{ author: { id: again.id }, reason: 'banned_network' }]);
  });

  it('recognises a browser that comes by another network, by the word that it was given', async () => {
    const stream = await openStream('ada');
    const jar = new Map<string, string>();
    const browser = async (method: string, path: string, network: string, body?: object) => {
      const response = await call(path, {
        method,
        headers: {
          'Content-Type': 'application/json',
          Origin: 'http://edge.test',
          'CF-Connecting-IP': network,
          Cookie: [...jar].map((pair) => pair.join('=')).join('; '),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      for (const cookie of response.headers.getSetCookie()) {
        const [name = '', value = ''] = cookie.split(';')[0]!.split('=');
        jar.set(name, value);
      }
      return response;
    };
    const signIn = (user: string) => browser('POST', '/api/v1/session', ELSEWHERE, { user });
    await signIn('ben');
    await browser('POST', `/api/v1/streams/${stream.id}/room/tickets`, HOME);
    expect(jar.get('footlight-device')).toMatch(/^[\w-]{24}$/);
    await browser('DELETE', '/api/v1/session', HOME);
    await as('ada', 'PUT', `/api/v1/channels/${stream.channelId}/bans/us_ben0`, { seconds: null, network: true });
    await signIn('cleo');
    await env.DB.prepare("UPDATE users SET created_at_ms = ? WHERE id = 'us_cleo0'").bind(Date.now()).run();
    const said = await browser('POST', `/api/v1/streams/${stream.id}/chat`, ELSEWHERE, { text: 'Me again' });
    expect(said.status).toBe(422);
    expect(await queueOf(stream)).toMatchObject([{ reason: 'banned_network', author: { handle: 'cleo' } }]);
  });
});

describe('what is kept of networks', () => {
  it('is no address, a bounded number for a person, and gone after a month', async () => {
    const stream = await openStream('ada');
    const { id: userId } = await person();
    const nowMs = Date.now();
    await keepSightings(env.DB, { userId, tags: ['old'] }, nowMs - 31 * 86_400_000);
    for (let index = 0; index < SIGHTINGS_OF_ONE + 5; index++)
      await keepSightings(env.DB, { userId, tags: [`tag${index}`] }, nowMs + index);
    const rows = async (where: string) =>
      (await env.DB.prepare(`SELECT tag FROM sightings WHERE ${where}`).all<{ tag: string }>()).results;
    const mine = (await rows(`user_id = '${userId}'`)).map(({ tag }) => tag);
    expect(mine).toHaveLength(SIGHTINGS_OF_ONE);
    expect(mine).not.toContain('old');
    expect(mine).not.toContain('tag0');
    await saying(await person(), stream, HOME);
    expect(await rows(`tag LIKE '%203.0%'`)).toEqual([]);
  });
});
