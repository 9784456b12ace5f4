import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ChannelId, UserId } from '../../src/protocol/ids.ts';
import { findChannelRole, giveChannelRole, takeChannelRole } from '../../src/storage/roles.ts';
import { as, call, openStream, problemOf, tokenOf } from './support.ts';

const json = async (response: Promise<Response>): Promise<unknown> => (await response).json();

beforeAll(async () => {
  // Everybody who asks once has an account.
  for (const handle of ['ada', 'ben', 'mod', 'root']) await as(handle, 'GET', '/api/v1/users/me');
});

describe('people', () => {
  it('see themselves, and what everybody may see of others', async () => {
    expect(await json(as('mod', 'GET', '/api/v1/users/me'))).toEqual({
      id: 'us_mod0',
      handle: 'mod',
      name: 'Mo',
      role: 'moderator',
    });
    const mo = { id: 'us_mod0', handle: 'mod', name: 'Mo' };
    expect(await json(as(null, 'GET', '/api/v1/users/us_mod0'))).toEqual(mo);
    expect(await json(as(null, 'GET', '/api/v1/users?handle=mod'))).toEqual({ users: [mo] });
    expect(await json(as(null, 'GET', '/api/v1/users?handle=nobody'))).toEqual({ users: [] });
    expect((await problemOf(await as(null, 'GET', '/api/v1/users/us_nobody'))).code).toBe('not_found');
  });

  it('show their role to administrators, who may change it, and to nobody else', async () => {
    expect(await json(as('root', 'GET', '/api/v1/users/us_mod0'))).toMatchObject({ role: 'moderator' });
    for (const handle of ['mod', 'ada', null]) {
      expect(await json(as(handle, 'GET', '/api/v1/users/us_mod0'))).not.toHaveProperty('role');
    }
  });

  it('change their own name and nothing else', async () => {
    expect(await json(as('ben', 'PATCH', '/api/v1/users/me', { name: ' Benny ', role: 'admin' }))).toEqual({
      id: 'us_ben0',
      handle: 'ben',
      name: 'Benny',
      role: 'viewer',
    });
    expect(await json(as(null, 'GET', '/api/v1/users/us_ben0'))).toMatchObject({ name: 'Benny' });
    expect((await problemOf(await as('ben', 'PATCH', '/api/v1/users/me', { name: '  ' }))).code).toBe(
      'invalid_request',
    );
  });

  it('change it once from one state of it', async () => {
    const me = '/api/v1/users/me';
    const headers = {
      Authorization: `Bearer ${await tokenOf('mod')}`,
      'Content-Type': 'application/json',
      'If-Match': (await as('mod', 'GET', me)).headers.get('ETag')!,
    };
    const rename = (name: string) => call(me, { method: 'PATCH', headers, body: JSON.stringify({ name }) });
    const both = await Promise.all(['Momo', 'Mona'].map(rename));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
    await as('mod', 'PATCH', me, { name: 'Mo' });
  });
});

describe('roles on the platform', () => {
  it('are seen by administrators: who has one, and what a person is', async () => {
    const roles = '/api/v1/users/roles';
    const { users } = (await json(as('root', 'GET', roles))) as { users: object[] };
    expect(users).toEqual([
      { id: 'us_mod0', handle: 'mod', name: 'Mo', role: 'moderator' },
      { id: 'us_root0', handle: 'root', name: 'Root', role: 'admin' },
    ]);
    expect(await json(as('root', 'GET', `${roles}?handle=ada`))).toMatchObject({
      users: [{ id: 'us_ada0', role: 'viewer' }],
    });
    expect(await json(as('root', 'GET', `${roles}?handle=nobody`))).toEqual({ users: [] });
    expect((await problemOf(await as('mod', 'GET', roles))).code).toBe('forbidden');
  });
});

describe('roles on a channel', () => {
  it('are listed with who has them, replaced and taken', async () => {
    const { channelId } = await openStream('ada');
    const roles = `/api/v1/channels/${channelId}/roles`;
    await as('ada', 'PUT', `${roles}/us_ben0`, { role: 'vip' });
    await as('ada', 'PUT', `${roles}/us_ben0`, { role: 'moderator' });
    expect(await json(as('ada', 'GET', roles))).toMatchObject({
      roles: [{ user: { id: 'us_ben0', handle: 'ben' }, role: 'moderator' }],
    });
    expect((await as('ada', 'DELETE', `${roles}/us_ben0`)).status).toBe(204);
    expect((await as('ada', 'DELETE', `${roles}/us_ben0`)).status).toBe(204);
    expect(await json(as('ada', 'GET', roles))).toEqual({ roles: [] });
  });

  it('are neither replaced nor taken once they are no longer what was compared', async () => {
    const { channelId } = await openStream('ada');
    const ben = { channelId: channelId as ChannelId, userId: 'us_ben0' as UserId, givenAtMs: 1 };
    expect(await giveChannelRole(env.DB, { ...ben, role: 'moderator', from: null })).toBe('given');
    expect(await giveChannelRole(env.DB, { ...ben, role: 'vip', from: null })).toBe('changed');
    expect(await takeChannelRole(env.DB, { ...ben, role: 'vip' })).toBe(false);
    expect(await findChannelRole(env.DB, ben)).toBe('moderator');
  });

  it('are given to people who exist, on channels that exist', async () => {
    const { channelId } = await openStream('ada');
    for (const path of [`${channelId}/roles/us_nobody`, 'ch_nowhere/roles/us_ben0']) {
      const response = await as('ada', 'PUT', `/api/v1/channels/${path}`, { role: 'vip' });
      expect((await problemOf(response)).code).toBe('not_found');
    }
    const odd = await as('ada', 'PUT', `/api/v1/channels/${channelId}/roles/us_ben0`, { role: 'owner' });
    expect((await problemOf(odd)).code).toBe('invalid_request');
  });
});

describe('following', () => {
  it('is one row however often it is said, newest first, page by page', async () => {
    const channels = [await openStream('ada'), await openStream('ada')].map(({ channelId }) => channelId);
    for (const id of [...channels, ...channels]) {
      expect((await as('ben', 'PUT', `/api/v1/channels/${id}/follow`)).status).toBe(204);
    }
    type Page = { follows: { channelId: string; channelName: string }[]; nextCursor: string | null };
    const first = (await json(as('ben', 'GET', '/api/v1/users/me/follows?limit=1'))) as Page;
    const second = (await json(
      as('ben', 'GET', `/api/v1/users/me/follows?limit=1&cursor=${first.nextCursor}`),
    )) as Page;
    expect(second.nextCursor).toBeNull();
    expect([...first.follows, ...second.follows].map(({ channelId }) => channelId).sort()).toEqual(channels.sort());
    const one = (await json(as('ben', 'GET', `/api/v1/users/me/follows?channelId=${channels[0]}`))) as Page;
    expect(one.follows).toMatchObject([{ channelId: channels[0], channelName: 'A walk by the sea' }]);
  });

  it('ends when it is said, and is refused for a channel that is not there', async () => {
    const { channelId } = await openStream('ada');
    await as('ben', 'PUT', `/api/v1/channels/${channelId}/follow`);
    expect((await as('ben', 'DELETE', `/api/v1/channels/${channelId}/follow`)).status).toBe(204);
    expect((await as('ben', 'DELETE', `/api/v1/channels/${channelId}/follow`)).status).toBe(204);
    expect(await json(as('ben', 'GET', `/api/v1/users/me/follows?channelId=${channelId}`))).toEqual({
      follows: [],
      nextCursor: null,
    });
    expect((await as('ben', 'PUT', '/api/v1/channels/ch_nowhere/follow')).status).toBe(404);
    const wrong = await as('ben', 'GET', '/api/v1/users/me/follows?cursor=nonsense');
    expect((await problemOf(wrong)).code).toBe('invalid_request');
  });
});
