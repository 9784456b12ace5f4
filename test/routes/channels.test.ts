import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { Channel, RotatedStreamKey } from '../../src/protocol/api.ts';
import { as, authorize, BASE, openStream, problemOf } from './support.ts';

describe('channels', () => {
  it('are listed for their owner, with the stream that is open on each', async () => {
    const stream = await openStream('cleo');
    const response = await as('cleo', 'GET', '/api/v1/channels');
    const { channels } = (await response.json()) as { channels: unknown[] };
    const channel = channels.map((one) => Channel.parse(one)).find(({ id }) => id === stream.channelId)!;
    expect(channel).toMatchObject({
      ownerId: 'us_cleo0',
      streamKeyHint: stream.streamKey!.slice(-4),
      currentStream: { id: stream.id, state: 'waiting' },
      watchUrl: `${BASE}/watch/${channel.id}`,
    });
    expect(JSON.stringify(channels)).not.toContain(stream.streamKey);
    expect((await as(null, 'GET', '/api/v1/channels')).status).toBe(401);
  });

  it('are listed with the newest of their streams, and without those of other people', async () => {
    const first = await openStream('ben');
    await as('ben', 'DELETE', `/streams/${first.id}`);
    const second = await openStream('ben', { channelId: first.channelId });
    await openStream('ada');
    const { channels } = (await (await as('ben', 'GET', '/api/v1/channels')).json()) as { channels: Channel[] };
    expect(channels.map(({ id, currentStream }) => [id, currentStream?.id])).toEqual([[first.channelId, second.id]]);
  });

  it('are shown to their owner and administrators only', async () => {
    const { channelId } = await openStream('ada');
    expect((await as('ada', 'GET', `/api/v1/channels/${channelId}`)).status).toBe(200);
    expect((await as('root', 'GET', `/api/v1/channels/${channelId}`)).status).toBe(200);
    expect((await as('ben', 'GET', `/api/v1/channels/${channelId}`)).status).toBe(403);
    expect((await as(null, 'GET', `/api/v1/channels/${channelId}`)).status).toBe(401);
    expect((await as('ada', 'GET', '/api/v1/channels/ch_nowhere')).status).toBe(404);
    expect((await as('ada', 'GET', '/api/v1/channels/!!')).status).toBe(400);
  });
});

describe('rotating a stream key', () => {
  it('lets the new key in and refuses the old one at once', async () => {
    const { channelId, streamKey } = await openStream('ada');
    const response = await as('ada', 'POST', `/api/v1/channels/${channelId}/stream-key`, {});
    expect(response.status).toBe(201);
    expect(response.headers.get('Cache-Control')).toContain('no-store');
    const rotated = RotatedStreamKey.parse(await response.json());
    expect((await problemOf(await authorize(streamKey!))).code).toBe('invalid_stream_key');
    expect((await authorize(rotated.streamKey)).status).toBe(200);
  });

  it('needs no body', async () => {
    const { channelId } = await openStream('ada');
    expect((await as('ada', 'POST', `/api/v1/channels/${channelId}/stream-key`)).status).toBe(201);
  });

  it('keeps the running encoder, or cuts it when asked to', async () => {
    const { channelId, streamKey } = await openStream('ada');
    expect((await authorize(streamKey!)).status).toBe(200);
    const kept = await as('ada', 'POST', `/api/v1/channels/${channelId}/stream-key`, {});
    const second = RotatedStreamKey.parse(await kept.json());
    const refused = await authorize(second.streamKey);
    expect((await problemOf(refused)).code).toBe('already_publishing');
    const cut = await as('ada', 'POST', `/api/v1/channels/${channelId}/stream-key`, { disconnectEncoder: true });
    expect((await authorize(RotatedStreamKey.parse(await cut.json()).streamKey)).status).toBe(200);
  });

  it('stores no key that could be read back', async () => {
    const { streamKey } = await openStream('ada');
    const { results } = await env.DB.prepare('SELECT * FROM stream_keys').all();
    expect(results.length).toBeGreaterThan(0);
    expect(JSON.stringify(results)).not.toContain(streamKey!.slice(3, 20));
  });

  it('is for the owner alone, not even for an administrator', async () => {
    const { channelId, streamKey } = await openStream('ada');
    for (const stranger of ['ben', 'mod', 'root']) {
      expect((await as(stranger, 'POST', `/api/v1/channels/${channelId}/stream-key`, {})).status).toBe(403);
    }
    expect((await as(null, 'POST', `/api/v1/channels/${channelId}/stream-key`, {})).status).toBe(401);
    expect((await authorize(streamKey!)).status).toBe(200);
  });
});

describe('revoking a stream key', () => {
  it('leaves no key that opens the channel', async () => {
    const { channelId, streamKey } = await openStream('ada');
    expect((await as('ben', 'DELETE', `/api/v1/channels/${channelId}/stream-key`)).status).toBe(403);
    expect((await as('root', 'DELETE', `/api/v1/channels/${channelId}/stream-key`)).status).toBe(204);
    expect((await problemOf(await authorize(streamKey!))).code).toBe('invalid_stream_key');
    const channel = Channel.parse(await (await as('ada', 'GET', `/api/v1/channels/${channelId}`)).json());
    expect(channel.streamKeyHint).toBeNull();
  });
});
