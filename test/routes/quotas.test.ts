import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { QUOTAS, type QuotaName, refusalOf } from '../../src/domain/quotas.ts';
import type { CreatedStream } from '../../src/protocol/api.ts';
import { type Ask, openScene, person, type Scene, send } from './contract/table.ts';
import { fill, freeOne } from './full.ts';
import { newApp } from './oauth-support.ts';
import { asNode, problemOf } from './support.ts';

interface Adding {
  id: string;
  adds: Ask;
}

/** Whose quota it is, and the door that adds to it. */
const DOORS: Record<QuotaName, (scene: Scene) => Adding | Promise<Adding>> = {
  open_streams: opensStream,
  streams_a_day: opensStream,
  apps: ({ stranger }) => ({
    id: stranger.id,
    adds: { method: 'post', path: '/api/v1/apps', as: stranger, body: newApp() },
  }),
  webhooks: ({ stranger }) => ({
    id: stranger.id,
    adds: {
      method: 'post',
      path: '/api/v1/webhooks',
      as: stranger,
      body: { url: 'https://hooks.test/', events: ['stream.started'] },
    },
  }),
  follows: ({ stranger, stream }) => ({
    id: stranger.id,
    adds: { method: 'put', path: `/api/v1/channels/${stream.channelId}/follow`, as: stranger },
  }),
  members: ({ owner, stranger, stream }) => ({
    id: stream.id,
    adds: { method: 'put', path: `/api/v1/streams/${stream.id}/members/${stranger.handle}`, as: owner },
  }),
  bans: ({ owner, stranger, stream }) => ({
    id: stream.channelId,
    adds: {
      method: 'put',
      path: `/api/v1/channels/${stream.channelId}/bans/${stranger.id}`,
      as: owner,
      body: { seconds: null },
    },
  }),
  reports_a_day: async ({ owner, stranger, stream }) => {
    const chat = `/api/v1/streams/${stream.id}/chat`;
    const said = await send({ method: 'post', path: chat, as: stranger, body: { text: 'Hello' } });
    const { id } = await said.json<{ id: string }>();
    const path = `${chat}/${id}/reports`;
    return { id: owner.id, adds: { method: 'post', path, as: owner, body: { reason: 'spam' } } };
  },
  notes: ({ owner, stranger, stream }) => ({
    id: `${stream.channelId} ${stranger.id}`,
    adds: {
      method: 'post',
      path: `/api/v1/channels/${stream.channelId}/people/${stranger.id}/notes`,
      as: owner,
      body: { text: 'Mind the links' },
    },
  }),
  blocks: ({ owner, stranger }) => ({
    id: owner.id,
    adds: { method: 'put', path: `/api/v1/users/me/blocks/${stranger.id}`, as: owner },
  }),
  channel_roles: ({ owner, stranger, stream }) => ({
    id: stream.channelId,
    adds: {
      method: 'put',
      path: `/api/v1/channels/${stream.channelId}/roles/${stranger.id}`,
      as: owner,
      body: { role: 'vip' },
    },
  }),
};

function opensStream({ stranger }: Scene): Adding {
  return {
    id: stranger.id,
    adds: { method: 'post', path: '/api/v1/streams', as: stranger, body: { title: 'One more' } },
  };
}

describe('a quota', () => {
  it.each(Object.keys(QUOTAS) as QuotaName[])(
    'of %s lets nothing in beyond it, and the next one once there is room',
    async (name) => {
      const { id, adds } = await DOORS[name](await openScene());
      await fill[name](id);
      const problem = await problemOf(await send(adds));
      expect(problem).toMatchObject({ code: 'quota_exceeded', status: 403, detail: refusalOf(name) });
      expect(problem.detail).toContain(String(QUOTAS[name].max));
      await freeOne[name](id);
      expect((await send(adds)).ok).toBe(true);
      if (!['follows', 'members', 'channel_roles', 'bans', 'reports_a_day', 'blocks'].includes(name)) {
        expect((await problemOf(await send(adds))).code).toBe('quota_exceeded');
      } else {
        // Who is in already may be named again.
        expect((await send(adds)).ok).toBe(true);
      }
    },
  );

  it.each(['apps', 'members', 'channel_roles'] as const)('of %s holds when several ask at once', async (name) => {
    const scene = await openScene();
    const { id, adds } = await DOORS[name](scene);
    await fill[name](id);
    await freeOne[name](id);
    const others = [scene.stranger, scene.admin, await person()];
    const { path, as: who, ...rest } = adds;
    const asked = others.map((other) =>
      send({
        ...rest,
        as: who ?? null,
        path: path.replace(scene.stranger.handle, other.handle).replace(scene.stranger.id, other.id),
      }),
    );
    const answers = await Promise.all(asked);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it.each(['open_streams', 'streams_a_day'] as const)(
    'of %s holds when one asks several times at once',
    async (name) => {
      const { id, adds } = await DOORS[name](await openScene());
      await fill[name](id);
      await freeOne[name](id);
      const answers = await Promise.all([1, 2, 3].map(() => send(adds)));
      expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 403, 403]);
      const refused = answers.find(({ ok }) => !ok)!;
      expect(await problemOf(refused)).toMatchObject({ code: 'quota_exceeded' });
    },
  );

  it('of bans holds when several people are banned at once, and lets one ban take the place of another', async () => {
    const { owner, stranger, stream } = await openScene();
    await fill.bans(stream.channelId);
    await freeOne.bans(stream.channelId);
    const ban = (userId: string, seconds: number | null = null) =>
      send({
        method: 'put',
        path: `/api/v1/channels/${stream.channelId}/bans/${userId}`,
        as: owner,
        body: { seconds },
      });
    const others = await Promise.all([1, 2].map(async () => (await openScene()).stranger.id));
    const ids = [stranger.id, ...others];
    const answers = await Promise.all(ids.map((id) => ban(id)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 403, 403]);
    const banned = ids[answers.findIndex(({ ok }) => ok)]!;
    expect((await ban(banned, 600)).status).toBe(200);
    // More than there may be, as a smaller quota leaves them: what is refused changes nothing.
    for (const id of ids.filter((one) => one !== banned))
      await env.DB.prepare("INSERT INTO bans (channel_id, user_id, effect, banned_at_ms) VALUES (?1, ?2, 'refuse', 1)")
        .bind(stream.channelId, id)
        .run();
    expect((await ban(banned)).status).toBe(403);
    const kept = env.DB.prepare('SELECT until_ms FROM bans WHERE channel_id = ?1 AND user_id = ?2');
    expect(await kept.bind(stream.channelId, banned).first('until_ms')).not.toBeNull();
  });

  it('of follows holds when one follows several channels at once', async () => {
    const { stranger, owner } = await openScene();
    await fill.follows(stranger.id);
    await freeOne.follows(stranger.id);
    const opened = [1, 2, 3].map(async (count) => {
      const ask: Ask = { method: 'post', path: '/api/v1/streams', as: owner, body: { title: `No ${count}` } };
      return (await send(ask)).json<CreatedStream>();
    });
    const answers = await Promise.all(
      (await Promise.all(opened)).map(({ channelId }) =>
        send({ method: 'put', path: `/api/v1/channels/${channelId}/follow`, as: stranger }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 403, 403]);
  });

  it('of streams holds for what an encoder opens, too', async () => {
    const { owner, stream } = await openScene();
    const ask = { streamKey: stream.streamKey, protocol: 'rtmp', nodeId: 'nd_test1', remoteAddress: '192.0.2.9' };
    await send({ method: 'delete', path: `/api/v1/streams/${stream.id}`, as: owner });
    await fill.streams_a_day(owner.id);
    const refused = await asNode('POST', '/api/v1/ingest/authorize', ask);
    expect((await problemOf(refused)).code).toBe('quota_exceeded');
    await freeOne.streams_a_day(owner.id);
    await freeOne.streams_a_day(owner.id);
    expect((await asNode('POST', '/api/v1/ingest/authorize', ask)).status).toBe(200);
  });

  it('of streams is each person’s own', async () => {
    const { owner, stranger } = await openScene();
    await fill.streams_a_day(owner.id);
    await fill.open_streams(owner.id);
    expect((await send(opensStream({ stranger } as Scene).adds)).status).toBe(201);
  });
});
