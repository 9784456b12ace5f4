import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { QUIET_MS } from '../../src/domain/stream.ts';
import type { CreatedStream } from '../../src/protocol/api.ts';
import { PublishGrant } from '../../src/protocol/ingest.ts';
import { recordStreamState } from '../../src/storage/streams.ts';
import { connect } from '../durable-objects/publisher.ts';
import { Broadcast } from '../support/broadcast.ts';
import { as, asNode, authorize, call, heartbeat, openStream, problemOf, untilLimited } from './support.ts';

describe('asking for leave to publish', () => {
  it("grants a good key one session on the channel's open stream", async () => {
    const stream = await openStream('ada', { latency: 'balanced' });
    const response = await authorize(stream.streamKey!);
    expect(response.status).toBe(200);
    expect(PublishGrant.parse(await response.json())).toMatchObject({
      streamId: stream.id,
      channelId: stream.channelId,
      latency: 'balanced',
    });
  });

  it('refuses a wrong key without saying more', async () => {
    const problem = await problemOf(await authorize('sk_wrong'));
    expect(problem).toMatchObject({ code: 'invalid_stream_key', status: 401 });
  });

  it('refuses a second encoder while the first one is there', async () => {
    const { streamKey } = await openStream('ada');
    await authorize(streamKey!);
    expect((await problemOf(await authorize(streamKey!))).code).toBe('already_publishing');
  });

  it('opens the next stream, with the settings of the last one, when that has ended', async () => {
    const settings = {
      title: 'Every night',
      genre: 'music',
      latency: 'relaxed',
      visibility: 'unlisted',
      reconnectWindowSeconds: 5,
    };
    const first = await openStream('ada', settings);
    await as('ada', 'DELETE', `/streams/${first.id}`);
    const grant = PublishGrant.parse(await (await authorize(first.streamKey!)).json());
    expect(grant.streamId).not.toBe(first.id);
    expect(await (await as(null, 'GET', `/streams/${grant.streamId}`)).json()).toMatchObject({
      ...settings,
      channelId: first.channelId,
      state: 'waiting',
    });
  });

  describe('after somebody ended the stream while it was on', () => {
    const originOf = (id: string) => env.LIVE_ORIGIN.get(env.LIVE_ORIGIN.idFromName(id));
    async function endedOnAir(): Promise<CreatedStream> {
      const stream = await openStream('ada');
      const publisher = await connect(originOf(stream.id), `se_${stream.id.slice(3)}`);
      const broadcast = new Broadcast();
      publisher.send(...broadcast.opening(), ...broadcast.segment(0));
      await publisher.stored(broadcast.seq);
      expect((await as('ada', 'DELETE', `/streams/${stream.id}`)).status).toBe(204);
      return stream;
    }

    it('does not let the encoder bring it back by itself, and gives it no time to wait for', async () => {
      const { streamKey, channelId } = await endedOnAir();
      for (let attempt = 0; attempt < 2; attempt += 1) {
        const refusal = await authorize(streamKey!);
        expect(refusal.headers.get('Retry-After')).toBeNull();
        expect((await problemOf(refusal)).code).toBe('conflict');
      }
      const { results } = await env.DB.prepare('SELECT id FROM streams WHERE channel_id = ?').bind(channelId).all();
      expect(results).toHaveLength(1);
    });

    it('lets the encoder into a stream that was opened since', async () => {
      const { streamKey, channelId } = await endedOnAir();
      await authorize(streamKey!);
      const next = await openStream('ada', { channelId });
      expect(PublishGrant.parse(await (await authorize(streamKey!)).json()).streamId).toBe(next.id);
    });

    it('opens the next stream for an encoder that is started later', async () => {
      const { id, streamKey } = await endedOnAir();
      await runInDurableObject(originOf(id), (instance) => {
        const { lives } = instance as unknown as { lives: { life: { atMs: number } } };
        lives.life.atMs -= QUIET_MS;
      });
      expect(PublishGrant.parse(await (await authorize(streamKey!)).json()).streamId).not.toBe(id);
    });
  });

  it('opens one new stream only when two encoders come at once', async () => {
    const first = await openStream('ada');
    await as('ada', 'DELETE', `/streams/${first.id}`);
    const answers = await Promise.all([authorize(first.streamKey!), authorize(first.streamKey!)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const { results } = await env.DB.prepare('SELECT id FROM streams WHERE channel_id = ?').bind(first.channelId).all();
    expect(results).toHaveLength(2);
  });

  it('moves on when the stream has ended and the database has not heard of it', async () => {
    const first = await openStream('ada');
    await as('ada', 'DELETE', `/streams/${first.id}`);
    await env.DB.prepare("UPDATE streams SET state = 'interrupted' WHERE id = ?").bind(first.id).run();
    const grant = PublishGrant.parse(await (await authorize(first.streamKey!)).json());
    expect(grant.streamId).not.toBe(first.id);
  });

  it('keeps to a stream that is interrupted', async () => {
    const stream: CreatedStream = await openStream('ada');
    await recordStreamState(env.DB, { streamId: stream.id, state: 'interrupted', atMs: Date.now() });
    expect(PublishGrant.parse(await (await authorize(stream.streamKey!)).json()).streamId).toBe(stream.id);
  });

  it.each([
    ['an address', () => '203.0.113.7', '203.0.113.8'],
    ['a network of IPv6', (guess: number) => `2001:db8:7:${guess.toString(16)}::1`, '2001:db8:8::1'],
  ])('slows %s down that tries key after key', async (_who, addressOf, other) => {
    let guess = 0;
    const ask = () => authorize(`sk_guess${guess++}`, { remoteAddress: addressOf(guess) });
    const { statuses, limited } = await untilLimited(ask);
    expect(new Set(statuses)).toEqual(new Set([401]));
    expect((await problemOf(limited)).code).toBe('rate_limited');
    expect((await authorize('sk_other', { remoteAddress: other })).status).toBe(401);
  });

  it('names what does not fit', async () => {
    const problem = await problemOf(await authorize('', { protocol: 'srt' }));
    expect(problem.issues?.map(({ path }) => path)).toEqual(['streamKey', 'protocol']);
    const broken = await call('/api/v1/ingest/authorize', {
      method: 'POST',
      headers: { Authorization: 'Bearer test-node-secret-test-node-secret', 'Content-Type': 'application/json' },
      body: '{',
    });
    expect((await problemOf(broken)).code).toBe('invalid_request');
  });
});

describe('the doors for nodes', () => {
  it.each([
    ['POST', '/api/v1/ingest/authorize'],
    ['POST', '/api/v1/ingest/heartbeat'],
    ['GET', '/api/v1/ingest/publish'],
  ])('%s %s opens with the node secret only', async (method, path) => {
    const { streamKey } = await openStream('ada');
    for (const secret of ['', 'x', 'test-node-secret-test-node-secreu', streamKey!]) {
      const response = await asNode(method, path, method === 'POST' ? {} : undefined, secret);
      expect((await problemOf(response)).code).toBe('unauthenticated');
    }
    expect((await call(path, { method })).status).toBe(401);
  });
});

describe('a heartbeat', () => {
  it('tells broadcasters where RTMP goes; without one it is our own host', async () => {
    expect((await openStream('ada')).ingest.rtmp).toBe('rtmp://edge.test:1935/live');
    const response = await asNode('POST', '/api/v1/ingest/heartbeat', heartbeat({ rtmpUrl: 'rtmp://near.test/live' }));
    expect(response.status).toBe(204);
    expect((await openStream('ada')).ingest.rtmp).toBe('rtmp://near.test/live');
    await asNode('POST', '/api/v1/ingest/heartbeat', heartbeat({ draining: true }));
    expect((await openStream('ada')).ingest.rtmp).toBe('rtmp://edge.test:1935/live');
  });

  it('that does not fit is refused', async () => {
    const response = await asNode('POST', '/api/v1/ingest/heartbeat', heartbeat({ usedUnits: -1 }));
    expect((await problemOf(response)).issues?.[0]?.path).toBe('usedUnits');
  });
});

describe('the publish socket', () => {
  const upgrade = (query: string, headers: Record<string, string> = { Upgrade: 'websocket' }) =>
    call(`/api/v1/ingest/publish${query}`, {
      headers: { Authorization: 'Bearer test-node-secret-test-node-secret', ...headers },
    });

  it('opens for a session that was granted', async () => {
    const stream = await openStream('ada');
    const grant = PublishGrant.parse(await (await authorize(stream.streamKey!)).json());
    const response = await upgrade(`?stream=${grant.streamId}&session=${grant.sessionId}&v=1`);
    expect(response.status).toBe(101);
    const socket = response.webSocket!;
    const welcome = new Promise<string>((resolve) => {
      socket.addEventListener('message', ({ data }) => resolve(data as string));
    });
    socket.accept();
    expect(JSON.parse(await welcome)).toMatchObject({ type: 'welcome', nextGeneration: 1, acknowledgedSeq: 0 });
    socket.close();
  });

  it.each([
    ['without an upgrade', '?stream=st_abcd&session=se_abcd&v=1', {}],
    ['in another version', '?stream=st_abcd&session=se_abcd&v=2', { Upgrade: 'websocket' }],
    ['without a stream', '?session=se_abcd&v=1', { Upgrade: 'websocket' }],
    ['without a session', '?stream=st_abcd&v=1', { Upgrade: 'websocket' }],
  ])('is refused %s', async (_what, query, headers) => {
    expect((await problemOf(await upgrade(query, headers as Record<string, string>))).code).toBe('invalid_request');
  });
});
