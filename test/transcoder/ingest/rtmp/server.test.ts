import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { concatBytes } from '../../../../transcoder/ingest/rtmp/bytes.ts';
import {
  createRtmpServer,
  type RefusedEvent,
  type RtmpServer,
  type RtmpServerOptions,
} from '../../../../transcoder/ingest/rtmp/server.ts';
import type { Source, SourceEvent } from '../../../../transcoder/media.ts';
import { connectEncoder, goodbyeBytes, handshakeBytes, media, publishBytes } from './encoder.ts';
import { bytes, FLV } from './golden.ts';

// Sockets on a busy machine: waiting longer than in a rule is not a failure.
vi.setConfig({ testTimeout: 30_000 });

const delay = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const open: RtmpServer[] = [];

afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

/** A server that lets `good` publish, with everything that happened at it. */
async function start(options: Partial<RtmpServerOptions<string>> = {}) {
  const events: SourceEvent[] = [];
  const sources: Source[] = [];
  const refused: RefusedEvent[] = [];
  const server = createRtmpServer<string>({
    host: '127.0.0.1',
    port: 0,
    authorize: async ({ streamKey }) =>
      streamKey.startsWith('good')
        ? { ok: true, grant: streamKey }
        : { ok: false, description: 'This stream key is not valid.' },
    onPublish: (source) => {
      sources.push(source);
      source.start((event) => events.push(event));
    },
    onRefused: (event) => refused.push(event),
    ...options,
    limits: { lingerMs: 100, ...options.limits },
  });
  open.push(server);
  const { port } = await server.listen();
  return { server, port, events, sources, refused, encoder: () => connectEncoder(port) };
}

async function until(condition: () => boolean, what: string): Promise<void> {
  const deadlineMs = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadlineMs) throw new Error(`not within 20 s: ${what}`);
    await delay(5);
  }
}

const fewFrames = concatBytes([
  media('video', 0, FLV.avcConfig),
  media('audio', 0, FLV.aacConfig),
  media('video', 0, FLV.avcKey),
  media('audio', 21, FLV.aacFrame),
]);

describe('publishing', () => {
  test('gives the permission back when the encoder has gone before it came', async () => {
    const abandoned: string[] = [];
    let allow = () => {};
    const { encoder, sources } = await start({
      authorize: () =>
        new Promise((resolve) => {
          allow = () => resolve({ ok: true, grant: 'good' });
        }),
      onAbandoned: (grant) => abandoned.push(grant),
      limits: { authorizeMs: 200 },
    });
    const { send, closed } = await encoder();
    send(publishBytes('good'));
    await closed;
    allow();
    await until(() => abandoned.length === 1, 'the permission comes back');
    expect([abandoned, sources]).toEqual([['good'], []]);
  });

  test('delivers tracks and frames, and ends clean after a goodbye', async () => {
    const { server, events, sources, encoder } = await start();
    const { send, socket, status, closed } = await encoder();
    send(concatBytes([publishBytes('good'), fewFrames, goodbyeBytes('good')]));
    await status('NetStream.Unpublish.Success');
    socket.end();
    await closed;
    expect(events.map(({ type }) => type)).toEqual(['track', 'track', 'frame', 'frame', 'ended']);
    expect(events.at(-1)).toEqual({ type: 'ended', clean: true, reason: 'the encoder stopped' });
    expect(sources[0]).toMatchObject({ protocol: 'rtmp', remoteAddress: '127.0.0.1' });
    expect(sources[0]!.stats()).toMatchObject({ packetsLost: null, framesDropped: 0 });
    expect(sources[0]!.stats().bytesReceived).toBeGreaterThan(3_000);
    await until(() => server.connections() === 0, 'the connection is forgotten');
  });

  test('leaves the closing to an encoder that said goodbye, but not for ever', async () => {
    const { events, encoder } = await start({ limits: { lingerMs: 400 } });
    const { send, socket, status, closed } = await encoder();
    send(concatBytes([publishBytes('good'), fewFrames, goodbyeBytes('good')]));
    await status('NetStream.Unpublish.Success');
    expect(events.at(-1)).toMatchObject({ type: 'ended', clean: true });
    await delay(200);
    expect(socket.readyState).toBe('open');
    await closed;
  });

  test('ends not clean when the encoder just goes away', async () => {
    const { events, encoder } = await start();
    const { send, socket, status } = await encoder();
    send(concatBytes([publishBytes('good'), fewFrames]));
    await status('NetStream.Publish.Start');
    await until(() => events.length === 4, 'all frames are there');
    socket.destroy();
    await until(() => events.at(-1)?.type === 'ended', 'it ended');
    expect(events.at(-1)).toMatchObject({ clean: false });
  });

  test('loses nothing while the key is checked for 300 ms', async () => {
    const { events, encoder } = await start({
      authorize: async () => {
        await delay(300);
        expect(events).toEqual([]);
        return { ok: true, grant: 'x' };
      },
    });
    const { send, status } = await encoder();
    send(concatBytes([publishBytes('good'), fewFrames]));
    for (let index = 0; index < 200; index += 1) send(media('video', index * 33, new Uint8Array([...FLV.avcFrame])));
    await status('NetStream.Publish.Start');
    await until(() => events.length >= 204, 'all frames are there');
    const times = events.flatMap((event) => (event.type === 'frame' ? [event.frame.dtsMs] : []));
    expect(times.slice(2)).toEqual(Array.from({ length: 200 }, (_, index) => index * 33));
  });

  test('delivers to a late listener what came before it, in order', async () => {
    const sources: Source[] = [];
    const { encoder } = await start({ onPublish: (source) => sources.push(source) });
    const { send, closed } = await encoder();
    send(concatBytes([publishBytes('good'), fewFrames, goodbyeBytes('good')]));
    await until(() => sources.length === 1, 'it publishes');
    await closed;
    const events: string[] = [];
    sources[0]!.start(({ type }) => events.push(type));
    expect(events).toEqual(['track', 'track', 'frame', 'frame', 'ended']);
  });

  test('is let go when nobody listens and too much has come', async () => {
    const sources: Source[] = [];
    const { encoder } = await start({
      onPublish: (source) => sources.push(source),
      limits: { maxPendingBytes: 20_000 },
    });
    const { send, status, closed } = await encoder();
    send(publishBytes('good'));
    await status('NetStream.Publish.Start');
    send(fewFrames);
    for (let index = 0; index < 200; index += 1) send(media('video', index * 33, FLV.avcFrame));
    expect(await status('NetStream.Unpublish.Success')).toMatch(/not taken up in time/);
    await closed;
    const events: SourceEvent[] = [];
    sources[0]!.start((event) => events.push(event));
    expect(events.length).toBeLessThan(90);
    expect(events.at(-1)).toMatchObject({ type: 'ended', clean: false });
  });

  test('stops with a word to the encoder when we say so, once', async () => {
    const { events, sources, encoder } = await start();
    const { send, status, closed } = await encoder();
    send(concatBytes([publishBytes('good'), fewFrames]));
    await status('NetStream.Publish.Start');
    sources[0]!.stop('The stream was ended by its owner.');
    sources[0]!.stop('again');
    expect(await status('NetStream.Unpublish.Success')).toBe('The stream was ended by its owner.');
    await closed;
    const ends = events.filter(({ type }) => type === 'ended');
    expect(ends).toEqual([{ type: 'ended', clean: false, reason: 'The stream was ended by its owner.' }]);
  });

  test('ends with a reason at the encoder when its codec cannot be used', async () => {
    const { events, encoder } = await start();
    const { send, status, closed } = await encoder();
    send(concatBytes([publishBytes('good'), fewFrames, media('video', 40, bytes('22 0000'))]));
    expect(await status('NetStream.Publish.Failed')).toMatch(/Sorenson H.263.*Choose H.264/);
    await closed;
    expect(events.at(-1)).toMatchObject({ type: 'ended', clean: false, reason: expect.stringMatching(/Sorenson/) });
  });

  test('goes on for others when the server is closed to nobody but the one', async () => {
    const { events, encoder } = await start();
    const good = await encoder();
    good.send(concatBytes([publishBytes('good'), fewFrames]));
    await good.status('NetStream.Publish.Start');
    const garbage = await encoder();
    garbage.send(concatBytes([handshakeBytes(), bytes('ff'.repeat(5_000))]));
    await garbage.closed;
    good.send(concatBytes([media('video', 99, FLV.avcFrame), goodbyeBytes('good')]));
    await good.closed;
    expect(events.slice(-2)).toMatchObject([{ frame: { dtsMs: 99 } }, { type: 'ended', clean: true }]);
  });
});

describe('a connection is refused', () => {
  test('with a wrong key, before any frame', async () => {
    const { events, sources, refused, encoder } = await start();
    const { send, status, closed } = await encoder();
    send(concatBytes([publishBytes('wrong'), fewFrames]));
    expect(await status('NetStream.Publish.BadName')).toBe('This stream key is not valid.');
    await closed;
    expect([events, sources]).toEqual([[], []]);
    expect(refused).toEqual([{ remoteAddress: '127.0.0.1', reason: 'This stream key is not valid.' }]);
  });

  test('when the check of the key fails or throws', async () => {
    for (const authorize of [
      () => Promise.reject(new Error('the edge is away')),
      () => {
        throw new Error('the edge is away');
      },
    ]) {
      const { encoder } = await start({ authorize });
      const { send, status, closed } = await encoder();
      send(publishBytes('good'));
      expect(await status('NetStream.Publish.BadName')).toMatch(/could not be checked/);
      await closed;
    }
  });

  test('when the check of the key does not end in time, and a late yes changes nothing', async () => {
    const { sources, encoder } = await start({
      limits: { authorizeMs: 200 },
      authorize: async () => {
        await delay(500);
        return { ok: true, grant: 'late' };
      },
    });
    const { send, status, closed } = await encoder();
    send(concatBytes([publishBytes('good'), fewFrames]));
    expect(await status('NetStream.Publish.BadName')).toMatch(/in time/);
    await closed;
    await delay(400);
    expect(sources).toEqual([]);
  });

  test('when it does not shake hands in time', async () => {
    const { refused, encoder } = await start({ limits: { handshakeMs: 200 } });
    const { send, closed } = await encoder();
    send(handshakeBytes().subarray(0, 100));
    await closed;
    expect(refused).toMatchObject([{ reason: 'the handshake took too long' }]);
  });

  test('when it sends no media for too long', async () => {
    const { events, encoder } = await start({ limits: { idleMs: 300 } });
    const { send, closed } = await encoder();
    send(concatBytes([publishBytes('good'), fewFrames]));
    await closed;
    expect(events.at(-1)).toMatchObject({ clean: false, reason: 'the encoder sent no media for too long' });
  });

  test('when there are too many from one address', async () => {
    const { server, refused, encoder } = await start({ limits: { maxConnectionsPerAddress: 2 } });
    const first = await encoder();
    await encoder();
    const third = await encoder();
    await third.closed;
    expect(refused).toMatchObject([{ reason: 'too many connections from this address' }]);
    first.socket.destroy();
    await until(() => server.connections() === 1, 'its place is free again');
    const fourth = await encoder();
    fourth.send(publishBytes('good'));
    await fourth.status('NetStream.Publish.Start');
  });

  test('when the server is full', async () => {
    const { refused, encoder } = await start({ limits: { maxConnections: 1 } });
    await encoder();
    await (await encoder()).closed;
    expect(refused).toMatchObject([{ reason: expect.stringMatching(/no room/) }]);
  });

  test('when it never reads what we answer', async () => {
    const { server, port, sources } = await start({ limits: { maxUnsentBytes: 16 * 1024 } });
    const socket = connect(port, '127.0.0.1').pause();
    socket.on('error', () => {}); // it is reset in the end
    socket.write(publishBytes('good'));
    await until(() => sources.length === 1, 'it publishes');
    const ping = bytes('02 000000 000006 04 00000000 0006 00000001');
    const pings = concatBytes(Array.from({ length: 5_000 }, () => ping));
    await until(() => {
      if (socket.writableLength < 1_000_000) socket.write(pings);
      return server.connections() === 0;
    }, 'it is dropped');
    socket.destroy();
  });
});

describe('the server', () => {
  test('lets its encoders go when it closes, and closes soon', async () => {
    const { server, events, encoder } = await start();
    const { send, status, closed } = await encoder();
    send(concatBytes([publishBytes('good'), fewFrames]));
    await status('NetStream.Publish.Start');
    await encoder(); // one that says nothing
    await server.close();
    await closed;
    expect(events.at(-1)).toMatchObject({ type: 'ended', clean: false, reason: 'The server is shutting down.' });
    expect(server.connections()).toBe(0);
  });

  test('tells IPv4 addresses as such when it listens on every address', async () => {
    const { sources, encoder } = await start({ host: '::' });
    const { send, status } = await encoder();
    send(publishBytes('good'));
    await status('NetStream.Publish.Start');
    expect(sources[0]!.remoteAddress).toBe('127.0.0.1');
  });

  test('says that its port is taken', async () => {
    const { port } = await start();
    const second = createRtmpServer({
      host: '127.0.0.1',
      port,
      authorize: async () => ({ ok: false, description: '' }),
      onPublish: () => {},
    });
    await expect(second.listen()).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('RTMPS', () => {
  test('publishes through TLS, and drops what is not TLS', async () => {
    const { server, port, events, refused } = await start({ tls: selfSigned() });
    const plain = await connectEncoder(port);
    plain.send(concatBytes([handshakeBytes()]));
    await plain.closed;
    expect(refused).toMatchObject([{ reason: expect.stringMatching(/TLS handshake failed/) }]);

    const encoder = await connectEncoder(port, connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }));
    encoder.send(concatBytes([publishBytes('good'), fewFrames]));
    await encoder.status('NetStream.Publish.Start');
    expect(server.connections()).toBe(1);
    encoder.send(goodbyeBytes('good'));
    await encoder.closed;
    expect(events.map(({ type }) => type)).toEqual(['track', 'track', 'frame', 'frame', 'ended']);
    await until(() => server.connections() === 0, 'the connection is forgotten');
  });
});

function selfSigned(): { key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'footlight-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const options = [
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '1',
    '-subj',
    '/CN=localhost',
  ];
  execFileSync('openssl', ['req', ...options, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const pair = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  rmSync(folder, { recursive: true });
  return pair;
}
