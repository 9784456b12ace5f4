// A stream that is not for everybody: who finds it, who gets in, and what happens to everybody else at every door.
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { signPass, viewingKey } from '../../src/auth/viewing-pass.ts';
import type { CreatedStream, Stream } from '../../src/protocol/api.ts';
import type { StreamId } from '../../src/protocol/ids.ts';
import { ViewingPass } from '../../src/protocol/viewing.ts';
import { connect } from '../durable-objects/publisher.ts';
import { Broadcast, bytesOf } from '../support/broadcast.ts';
import { as, authorize, call, openStream, problemOf } from './support.ts';

const MEDIA = ['index.m3u8', '720p/index.m3u8', '720p/g1/init.mp4', '720p/g1/0.m4s', '720p/g1/1.0.m4s', 'poster.jpg'];

const originOf = (id: string) => env.LIVE_ORIGIN.get(env.LIVE_ORIGIN.idFromName(id));

/** A stream of ada's with media: one whole segment, one part and a poster. */
async function openLive(settings: object): Promise<CreatedStream> {
  const stream = await openStream('ada', settings);
  const publisher = await connect(originOf(stream.id), 'se_gated');
  const broadcast = new Broadcast();
  publisher.send(...broadcast.opening(), ...broadcast.segment(0));
  await publisher.stored(broadcast.seq);
  publisher.send(...broadcast.infos.map(({ name }) => broadcast.part(name, 1, 0)));
  publisher.send({ frame: { type: 'poster', width: 640, height: 360 }, payload: bytesOf('a picture') });
  await vi.waitFor(async () => expect((await originOf(stream.id).poster()).ok).toBe(true));
  return stream;
}

const passFor = async (who: string | null, id: string, password?: string): Promise<string> => {
  const response = await as(who, 'POST', `/api/v1/streams/${id}/pass`, password === undefined ? {} : { password });
  if (response.status !== 200) throw new Error(await response.text());
  return ViewingPass.parse(await response.json()).pass;
};
const statusOf = async (path: string): Promise<number> => {
  const response = await call(path);
  await response.arrayBuffer();
  return response.status;
};
const allMedia = (id: string, query = '') => Promise.all(MEDIA.map((path) => statusOf(`/live/${id}/${path}${query}`)));
const invite = (stream: Stream, who: string) => as('ada', 'PUT', `/api/v1/streams/${stream.id}/members/${who}`);

beforeAll(async () => {
  for (const who of ['ben', 'cleo', 'mod', 'root']) await as(who, 'GET', '/api/v1/users/me');
});

describe('a private stream', () => {
  let stream: CreatedStream;
  beforeAll(async () => {
    stream = await openLive({ visibility: 'private' });
    expect((await invite(stream, 'ben')).status).toBe(200);
  });

  it.each(['cleo', null])('does not exist for %s, at any door', async (who) => {
    expect((await as(who, 'GET', `/api/v1/streams/${stream.id}`)).status).toBe(404);
    expect((await as(who, 'POST', `/api/v1/streams/${stream.id}/pass`, {})).status).toBe(404);
    expect((await as(who, 'POST', `/api/v1/streams/${stream.channelId}/pass`, {})).status).toBe(404);
    expect((await as(who, 'PATCH', `/api/v1/streams/${stream.id}`, { title: 'x' })).status).toBe(who ? 404 : 401);
    expect((await as(who, 'DELETE', `/api/v1/streams/${stream.id}`)).status).toBe(who ? 404 : 401);
    expect((await as(who, 'GET', `/api/v1/streams/${stream.id}/members`)).status).toBe(who ? 404 : 401);
    expect((await as(who, 'GET', `/api/v1/streams/${stream.id}/chat`)).status).toBe(404);
    const said = await as(who, 'POST', `/api/v1/streams/${stream.id}/chat`, { text: 'Hello' });
    expect(said.status).toBe(who ? 404 : 401);
    expect(await statusOf(`/live/${stream.id}/state`)).toBe(404);
    for (const state of ['live', 'waiting']) {
      const list = await as(who, 'GET', `/api/v1/streams?state=${state}&channelId=${stream.channelId}`);
      expect(((await list.json()) as { streams: Stream[] }).streams).toEqual([]);
    }
    const ofChannel = await call(`/live/${stream.channelId}/state`);
    expect(await ofChannel.json()).toMatchObject({ channelId: stream.channelId, stream: null });
    expect(new Set(await allMedia(stream.id))).toEqual(new Set([404]));
    expect(await statusOf(`/live/${stream.channelId}/index.m3u8`)).toBe(404);
  });

  it.each(['ben', 'ada', 'mod', 'root'])('lets %s in, from the state to the last part', async (who) => {
    expect((await as(who, 'GET', `/api/v1/streams/${stream.id}`)).status).toBe(200);
    expect((await as(who, 'POST', `/api/v1/streams/${stream.id}/chat`, { text: 'Hello' })).status).toBe(202);
    const query = `?pass=${await passFor(who, stream.id)}`;
    expect(new Set(await allMedia(stream.id, query))).toEqual(new Set([200]));
    const state = await call(`/live/${stream.id}/state${query}`);
    expect(await state.json()).toMatchObject({ stream: { id: stream.id, visibility: 'private' } });
    expect(state.headers.get('Cache-Control')).toBe('private, no-store');
    expect(await statusOf(`/live/${stream.channelId}/index.m3u8${query}`)).toBe(200);
    expect(await passFor(who, stream.channelId)).toContain(stream.id);
  });

  it('carries the pass into every address of its playlists, and no cache on the way may keep the answers', async () => {
    const pass = await passFor('ben', stream.id);
    for (const path of ['index.m3u8', '720p/index.m3u8']) {
      const response = await call(`/live/${stream.id}/${path}?pass=${pass}`);
      expect(response.headers.get('Cache-Control')).toMatch(/^private, max-age=/);
      const playlist = new TextDecoder().decode(await response.arrayBuffer());
      const uris = [...playlist.matchAll(/URI="([^"]+)"|^([^#\n].*)$/gm)].map(([, inTag, line]) => inTag ?? line);
      expect(uris.length).toBeGreaterThan(2);
      for (const uri of uris) expect(uri).toContain(`?pass=${pass}`);
    }
    const media = await call(`/live/${stream.id}/720p/g1/0.m4s?pass=${pass}`);
    expect(media.headers.get('Cache-Control')).toMatch(/^private, max-age=/);
    await media.arrayBuffer();
  });

  it('is refused to an outsider though its media is in the caches that members have filled', async () => {
    const pass = await passFor('ben', stream.id);
    for (let round = 0; round < 2; round++) {
      expect(await statusOf(`/live/${stream.id}/720p/g1/0.m4s?pass=${pass}`)).toBe(200);
      expect(await statusOf(`/live/${stream.id}/720p/g1/0.m4s`)).toBe(404);
      expect(await statusOf(`/live/${stream.id}/720p/index.m3u8?_HLS_msn=1&_HLS_part=0`)).toBe(404);
    }
  });

  it('is asked for anew when a pass has expired, and is not there for a pass of another stream or a forged one', async () => {
    const key = await viewingKey('test-viewing-key-test-viewing-key');
    const gateAtMs = Date.now() + 60_000;
    const expired = await signPass(key, { streamId: stream.id, gateAtMs, expiresAtMs: Date.now() - 1 });
    const response = await call(`/live/${stream.id}/720p/g1/0.m4s?pass=${expired}`);
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([403, 'pass_needed']);
    const other = await signPass(key, { streamId: 'st_another', gateAtMs, expiresAtMs: Date.now() + 60_000 });
    const foreign = await signPass(await viewingKey('not our key'), {
      streamId: stream.id,
      gateAtMs,
      expiresAtMs: Date.now() + 60_000,
    });
    for (const pass of [other, foreign, 'nonsense', '']) {
      expect(new Set(await allMedia(stream.id, `?pass=${pass}`))).toEqual(new Set([404]));
    }
  });

  it('asks no database for a segment', async () => {
    const pass = await passFor('ben', stream.id);
    await statusOf(`/live/${stream.id}/index.m3u8?pass=${pass}`);
    const asked = vi.spyOn(env.DB, 'prepare');
    expect(new Set(await allMedia(stream.id, `?pass=${pass}`))).toEqual(new Set([200]));
    expect(asked).not.toHaveBeenCalled();
    asked.mockRestore();
  });

  it('is listed for who is invited, and gives no new pass once the invitation is taken back', async () => {
    const { id } = await openStream('ada', { visibility: 'private' });
    await invite({ id } as Stream, 'us_cleo0');
    const invited = async (): Promise<string[]> => {
      const list = await as('cleo', 'GET', '/api/v1/streams?invited=true&state=waiting');
      return ((await list.json()) as { streams: Stream[] }).streams.map((one) => one.id);
    };
    expect(await invited()).toEqual([id]);
    // Inviting again changes nothing, and says when it was.
    await env.DB.prepare('UPDATE stream_members SET invited_at_ms = 1000 WHERE stream_id = ?').bind(id).run();
    const again = await (await invite({ id } as Stream, 'cleo')).json();
    expect(again).toMatchObject({ user: { handle: 'cleo' }, invitedAt: '1970-01-01T00:00:01.000Z' });
    const members = await as('ada', 'GET', `/api/v1/streams/${id}/members`);
    expect(await members.json()).toEqual({ members: [again] });
    expect((await as('ada', 'DELETE', `/api/v1/streams/${id}/members/cleo`)).status).toBe(204);
    expect(await invited()).toEqual([]);
    expect((await as('cleo', 'POST', `/api/v1/streams/${id}/pass`, {})).status).toBe(404);
    expect((await problemOf(await invite({ id } as Stream, 'nobody-at-all'))).code).toBe('not_found');
  });

  it('that an encoder opens after a private one lets the same people in', async () => {
    const first = await openStream('ada', { visibility: 'private' });
    await invite(first, 'ben');
    await as('ada', 'DELETE', `/api/v1/streams/${first.id}`);
    const granted = await vi.waitFor(
      async () => {
        const response = await authorize(first.streamKey!);
        expect(response.status).toBe(200);
        return (await response.json()) as { streamId: StreamId };
      },
      { timeout: 20_000, interval: 500 },
    );
    expect(granted.streamId).not.toBe(first.id);
    expect((await as('ben', 'GET', `/api/v1/streams/${granted.streamId}`)).status).toBe(200);
    expect((await as('cleo', 'GET', `/api/v1/streams/${granted.streamId}`)).status).toBe(404);
  }, 30_000);
});

describe('a stream with a password', () => {
  let stream: CreatedStream;
  beforeAll(async () => {
    stream = await openLive({ visibility: 'password', password: 'limelight' });
  });

  it('is known by its link and not listed, and shows nothing but its words', async () => {
    expect(await (await call(`/live/${stream.id}/state`)).json()).toMatchObject({ stream: { visibility: 'password' } });
    const read = await as(null, 'GET', `/api/v1/streams/${stream.id}`);
    expect(JSON.stringify(await read.json())).not.toMatch(/limelight|pbkdf2/);
    expect(new Set(await allMedia(stream.id))).toEqual(new Set([403]));
    const list = await as(null, 'GET', `/api/v1/streams?channelId=${stream.channelId}`);
    expect(((await list.json()) as { streams: Stream[] }).streams).toEqual([]);
  });

  it('opens to whoever says it, and to its owner without', async () => {
    for (const [who, password] of [
      [null, 'limelight'],
      ['cleo', 'limelight'],
      ['ada', undefined],
    ] as const) {
      const query = `?pass=${await passFor(who, stream.id, password)}`;
      expect(new Set(await allMedia(stream.id, query))).toEqual(new Set([200]));
      expect((await as(who, 'GET', `/api/v1/streams/${stream.id}/chat${query}`)).status).toBe(200);
    }
    const outside = await as('cleo', 'POST', `/api/v1/streams/${stream.id}/chat`, { text: 'Hello' });
    expect((await problemOf(outside)).code).toBe('pass_needed');
  });

  it('refuses another, and one from among its members', async () => {
    for (const password of [undefined, 'Limelight', '']) {
      const response = await as('ben', 'POST', `/api/v1/streams/${stream.id}/pass`, { password });
      expect((await problemOf(response)).code).toBe('password_needed');
    }
  });

  it('lets one network guess only so often, and another meanwhile', async () => {
    const { id } = await openStream('ada', { visibility: 'password', password: 'spotlight' });
    const guess = (address: string, password: string) =>
      call(`/api/v1/streams/${id}/pass`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'CF-Connecting-IP': address },
        body: JSON.stringify({ password }),
      });
    const statuses: number[] = [];
    // Two limits' worth and one more always meet a full window; the last word is the right one.
    for (let index = 0; index < 41; index++) statuses.push((await guess(`192.0.2.${index}`, 'wrong')).status);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0);
    const refused = await guess('192.0.2.99', 'spotlight');
    if (refused.status === 429) expect(refused.headers.get('Retry-After')).toBe('60');
    expect((await guess('198.51.100.1', 'spotlight')).status).toBe(200);
  });

  it('needs one at its making and at its change, and no other stream takes one', async () => {
    const asked = [
      as('ada', 'POST', '/api/v1/streams', { title: 'x', visibility: 'password' }),
      as('ada', 'POST', '/api/v1/streams', { title: 'x', password: 'limelight' }),
      openStream('ada').then(({ id }) => as('ada', 'PATCH', `/api/v1/streams/${id}`, { visibility: 'password' })),
      openStream('ada').then(({ id }) => as('ada', 'PATCH', `/api/v1/streams/${id}`, { password: 'limelight' })),
    ];
    for (const response of await Promise.all(asked)) {
      expect((await problemOf(response)).issues?.[0]?.path).toBe('password');
    }
  });

  it('gets a new one that voids what the old one opened', async () => {
    const live = await openLive({ visibility: 'password', password: 'limelight' });
    const old = await passFor(null, live.id, 'limelight');
    expect((await as('ada', 'PATCH', `/api/v1/streams/${live.id}`, { password: 'spotlight' })).status).toBe(200);
    expect((await as(null, 'POST', `/api/v1/streams/${live.id}/pass`, { password: 'limelight' })).status).toBe(403);
    const fresh = await passFor(null, live.id, 'spotlight');
    // The old state of the gate may be known here for seconds yet; the new pass is good at once.
    expect(await statusOf(`/live/${live.id}/index.m3u8?pass=${fresh}`)).toBe(200);
    await vi.waitFor(async () => expect(await statusOf(`/live/${live.id}/index.m3u8?pass=${old}`)).toBe(403), {
      timeout: 10_000,
      interval: 500,
    });
  }, 15_000);
});

describe('a change of visibility', () => {
  it('shuts a public stream within ten seconds, and opens it again', async () => {
    const live = await openLive({});
    expect(new Set(await allMedia(live.id))).toEqual(new Set([200]));
    const startedMs = Date.now();
    await as('ada', 'PATCH', `/api/v1/streams/${live.id}`, { visibility: 'private' });
    await vi.waitFor(async () => expect(new Set(await allMedia(live.id))).toEqual(new Set([404])), {
      timeout: 10_000,
      interval: 250,
    });
    expect(Date.now() - startedMs).toBeLessThan(10_000);
    expect(await statusOf(`/live/${live.id}/state`)).toBe(404);
    await as('ada', 'PATCH', `/api/v1/streams/${live.id}`, { visibility: 'unlisted' });
    await vi.waitFor(async () => expect(new Set(await allMedia(live.id))).toEqual(new Set([200])), {
      timeout: 10_000,
      interval: 250,
    });
  }, 25_000);
});
