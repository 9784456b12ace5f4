import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { LOCAL_CAST } from '../../src/auth/local-cast.ts';
import type { ModeratedChannel } from '../../src/protocol/moderation.ts';
import { keepUser } from '../../src/storage/users.ts';
import { as, openStream, problemOf } from './support.ts';

const listOf = async (handle: string): Promise<ModeratedChannel[]> =>
  (await (await as(handle, 'GET', '/api/v1/users/me/channels')).json<{ channels: ModeratedChannel[] }>()).channels;
const deskOf = (handle: string, channelId: string) => as(handle, 'GET', `/api/v1/channels/${channelId}/moderation`);

beforeAll(async () => {
  for (const { about: _about, ...user } of LOCAL_CAST) await keepUser(env.DB, user, 1);
});

describe('the channels that somebody looks after', () => {
  it('are their own and those where they are a moderator, and no longer when the role is taken', async () => {
    const stream = await openStream('ada', { title: 'The late show', visibility: 'private' });
    const role = `/api/v1/channels/${stream.channelId}/roles/us_ben0`;
    expect((await listOf('ada'))[0]).toMatchObject({ id: stream.channelId, role: 'owner' });
    expect((await listOf('ben')).map(({ id }) => id)).not.toContain(stream.channelId);
    expect((await as('ada', 'PUT', role, { role: 'moderator' })).status).toBe(200);
    expect((await listOf('ben')).find(({ id }) => id === stream.channelId)).toMatchObject({
      role: 'channel_moderator',
      ownerName: 'Ada',
      currentStream: { id: stream.id, title: 'The late show', state: 'waiting' },
    });
    // A vip watches over nothing.
    expect((await as('ada', 'PUT', role, { role: 'vip' })).status).toBe(200);
    expect((await listOf('ben')).map(({ id }) => id)).not.toContain(stream.channelId);
  });

  it('are shown with what one is there, also by a role on the platform, and to nobody else', async () => {
    const stream = await openStream('cleo');
    expect(await (await deskOf('cleo', stream.channelId)).json()).toMatchObject({
      role: 'owner',
      currentStream: { id: stream.id },
      moderateUrl: expect.stringContaining(`/moderate/${stream.channelId}`),
    });
    expect(await (await deskOf('mod', stream.channelId)).json()).toMatchObject({ role: 'moderator' });
    expect(await (await deskOf('root', stream.channelId)).json()).toMatchObject({ role: 'admin' });
    expect(await problemOf(await deskOf('ben', stream.channelId))).toMatchObject({ status: 403, code: 'forbidden' });
  });

  it('have the next stream when it is opened', async () => {
    const stream = await openStream('ada');
    await as('ada', 'DELETE', `/api/v1/streams/${stream.id}`);
    expect(await (await deskOf('ada', stream.channelId)).json()).toMatchObject({ currentStream: { state: 'ended' } });
    const next = await as('ada', 'POST', '/api/v1/streams', { title: 'The next', channelId: stream.channelId });
    const { id } = await next.json<{ id: string }>();
    expect(await (await deskOf('ada', stream.channelId)).json()).toMatchObject({
      currentStream: { id, state: 'waiting' },
    });
  });
});
