import { listDurableObjectIds } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { CreatedStream } from '../../src/protocol/api.ts';
import { findPlayable } from '../../src/routes/playback/playable.ts';
import { connect, type TestPublisher } from '../durable-objects/publisher.ts';
import { Broadcast, bytesOf } from '../support/broadcast.ts';
import { readPlaylist } from '../support/playlist-parser.ts';
import { as, call, openStream } from './support.ts';

const IMMUTABLE = 'public, max-age=1209600, immutable';

let stream: CreatedStream;
let publisher: TestPublisher;
const broadcast = new Broadcast();
/** Segments 0 to 8 are whole, one part of segment 9 is there. */
beforeAll(async () => {
  stream = await openStream('ada');
  publisher = await connect(originOf(stream.id), 'se_playback');
  publisher.send(...broadcast.opening());
  for (let msn = 0; msn < 9; msn += 1) publisher.send(...broadcast.segment(msn));
  await publisher.stored(broadcast.seq);
  publisher.send(...broadcast.infos.map(({ name }) => broadcast.part(name, 9, 0)));
  await text('720p/index.m3u8?_HLS_msn=9&_HLS_part=0');
});

const originOf = (id: string) => env.LIVE_ORIGIN.get(env.LIVE_ORIGIN.idFromName(id));
const get = (path: string, init: RequestInit = {}) => call(`/live/${stream.id}/${path}`, init);
const text = async (path: string) => new TextDecoder().decode(await (await get(path)).arrayBuffer());
const isHeld = (response: Promise<Response>) =>
  Promise.race([response.then(() => false), new Promise<boolean>((resolve) => setTimeout(resolve, 80, true))]);

describe('What a player fetches', () => {
  test('the stream from its multivariant playlist down to every part', async () => {
    const multivariant = await text('index.m3u8');
    const uris = multivariant.split('\n').filter((line) => line && !line.startsWith('#'));
    expect(uris).toEqual(['720p/index.m3u8', '480p/index.m3u8', 'audio/index.m3u8']);
    for (const uri of uris) {
      const [rendition] = uri.split('/');
      const { segments, open } = readPlaylist(await text(uri));
      expect(segments.map(({ msn }) => msn)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
      for (const segment of [segments[0]!, segments[8]!]) {
        const body = new Uint8Array(await (await get(`${rendition}/${segment.uri}`)).arrayBuffer());
        const parts = Array.from({ length: 6 }, (_, part) => [
          ...bytesOf(`${rendition} g1 ${segment.msn}.${part}`),
        ]).flat();
        expect([...body]).toEqual(parts);
      }
      for (const part of open!.parts) {
        expect(new Uint8Array(await (await get(`${rendition}/${part.uri}`)).arrayBuffer())).toEqual(
          bytesOf(`${rendition} g1 9.0`),
        );
      }
      expect(new Uint8Array(await (await get(`${rendition}/${open!.map}`)).arrayBuffer())).toEqual(
        bytesOf(`init ${rendition} g1`),
      );
    }
  });

  test('rendition reports name every other rendition, by addresses that exist', async () => {
    const { reports } = readPlaylist(await text('480p/index.m3u8'));
    expect(reports).toEqual([
      { uri: '../720p/index.m3u8', msn: 9, part: 0 },
      { uri: '../audio/index.m3u8', msn: 9, part: 0 },
    ]);
    for (const { uri } of reports) expect((await get(`480p/${uri}`)).status).toBe(200);
  });

  test("a viewer's own query goes to every child, delivery directives do not", async () => {
    expect(await text('index.m3u8?token=abc&_HLS_msn=3')).toContain('\n720p/index.m3u8?token=abc\n');
    const playlist = await text('720p/index.m3u8?token=abc&_HLS_msn=9&_HLS_part=0');
    expect(playlist).toContain('"g1/9.0.m4s?token=abc"');
    expect(playlist).toContain('\ng1/8.m4s?token=abc\n');
    expect(playlist).not.toContain('_HLS_');
    expect(await text('720p/index.m3u8?_HLS_msn=9&_HLS_part=0')).not.toContain('token');
  });

  test('a channel plays its newest stream, and media belong to the stream', async () => {
    const response = await call(`/live/${stream.channelId}/index.m3u8?x=1`);
    const playlist = new TextDecoder().decode(await response.arrayBuffer());
    expect(playlist).toContain(`\n../${stream.id}/720p/index.m3u8?x=1\n`);
    const media = await call(`/live/${stream.channelId}/720p/g1/0.m4s?x=1`, { redirect: 'manual' });
    expect([media.status, media.headers.get('Location')]).toEqual([307, `/live/${stream.id}/720p/g1/0.m4s?x=1`]);
    const encoded = await call(`/live/%63${stream.channelId.slice(1)}/720p/g1/0.m4s`, { redirect: 'manual' });
    expect(encoded.headers.get('Location')).toBe(`/live/${stream.id}/720p/g1/0.m4s`);
    expect(media.headers.get('Cache-Control')).toBe('no-store');
  });

  test('readers of one part wait together, and one who goes away does not disturb the others', async () => {
    const aborted = new AbortController();
    const path = '720p/index.m3u8?_HLS_msn=9&_HLS_part=1';
    const readers = Array.from({ length: 20 }, () => get(path));
    const leaver = get(path, { signal: aborted.signal }).catch(() => null);
    expect(await isHeld(readers[0]!)).toBe(true);
    expect((await originOf(stream.id).report()).viewersWaiting).toBe(1);
    aborted.abort();
    await leaver;
    const hinted = get('720p/g1/9.1.m4s');
    expect(await isHeld(hinted)).toBe(true);
    publisher.send(broadcast.part('720p', 9, 1));
    for (const response of await Promise.all(readers)) {
      expect(response.status).toBe(200);
      expect(new TextDecoder().decode(await response.arrayBuffer())).toContain('g1/9.1.m4s');
    }
    expect(new Uint8Array(await (await hinted).arrayBuffer())).toEqual(bytesOf('720p g1 9.1'));
  });

  test('a shared look-up of the stream is finished even when its first reader goes away', async () => {
    const works: Promise<unknown>[] = [];
    const { id } = await openStream('ada');
    const surroundings = { nowMs: Date.now(), waitUntil: (work: Promise<unknown>) => works.push(work) };
    const found = [findPlayable(env.DB, id, surroundings), findPlayable(env.DB, id, surroundings)];
    expect([await Promise.all(found), works.length]).toMatchObject([[{ id }, { id }], 1]);
    await works[0];
  });

  test('the poster comes with a short life', async () => {
    expect((await get('poster.jpg')).status).toBe(404);
    publisher.send({ frame: { type: 'poster', width: 640, height: 360 }, payload: bytesOf('a picture') });
    await expect.poll(async () => (await get('poster.jpg')).status).toBe(200);
    const poster = await get('poster.jpg');
    expect(poster.headers.get('Content-Type')).toBe('image/jpeg');
    expect(poster.headers.get('Cache-Control')).toBe('public, max-age=5');
    expect(new Uint8Array(await poster.arrayBuffer())).toEqual(bytesOf('a picture'));
  });
});

describe('How long an answer lives (row 31)', () => {
  const table: [string, string, string][] = [
    [
      'a blocking request that was met: six target durations',
      '480p/index.m3u8?_HLS_msn=9&_HLS_part=0',
      'public, max-age=12',
    ],
    ['a plain playlist: a second', '480p/index.m3u8', 'public, max-age=1'],
    ['a request for an old segment: a second', '480p/index.m3u8?_HLS_msn=2', 'public, max-age=1'],
    ['the multivariant playlist: half a segment', 'index.m3u8', 'public, max-age=1'],
    ['an init segment: for good', '480p/g1/init.mp4', IMMUTABLE],
    ['a segment: for good', '480p/g1/3.m4s', IMMUTABLE],
    ['a part: for good', '480p/g1/9.0.m4s', IMMUTABLE],
    ['what is not there: not at all', '480p/g1/99.m4s', 'no-store'],
    ['a refusal: a second', '480p/index.m3u8?_HLS_msn=99', 'public, max-age=1'],
  ];
  for (const [name, path, lifetime] of table) {
    test(name, async () => expect((await get(path)).headers.get('Cache-Control')).toBe(lifetime));
  }
});

describe('What makes two requests the same (row 32)', () => {
  test("the path and the directives, in any order, and never a viewer's token", async () => {
    const held = [
      get('audio/index.m3u8?_HLS_msn=9&_HLS_part=1&token=a'),
      get('audio/index.m3u8?token=b&_HLS_part=1&_HLS_msn=9'),
      get('audio/index.m3u8?_HLS_part=1&_HLS_msn=9&_HLS_skip=v2'),
      get('audio/index.m3u8?_HLS_msn=9&_HLS_part=1&_HLS_skip=nonsense'),
      call(`/live/%73${stream.id.slice(1)}/audio/index.m3u8?_HLS_msn=9&_HLS_part=1`),
    ];
    expect(await isHeld(Promise.race(held))).toBe(true);
    expect((await originOf(stream.id).report()).viewersWaiting).toBe(2);
    publisher.send(broadcast.part('audio', 9, 1));
    const [a, b, delta] = await Promise.all(
      (await Promise.all(held)).map(async (response) => new TextDecoder().decode(await response.arrayBuffer())),
    );
    expect(a!.replaceAll('token=a', 'token=b')).toBe(b);
    expect(delta).toContain('#EXT-X-SKIP:SKIPPED-SEGMENTS=3');
  });
});

describe('What scripts of other sites may read (row 33)', () => {
  for (const path of [
    'index.m3u8',
    '720p/index.m3u8',
    '720p/g1/0.m4s',
    '720p/g1/init.mp4',
    '720p/g1/99.m4s',
    'nothing',
    '720p/index.m3u8?_HLS_part=1',
  ]) {
    test(path, async () => {
      const { headers } = await get(path);
      expect(headers.get('Access-Control-Allow-Origin')).toBe('*');
      for (const name of ['Age', 'Date', 'Retry-After'])
        expect(headers.get('Access-Control-Expose-Headers')).toContain(name);
    });
  }

  test('a preflight is answered, although no player of ours needs one', async () => {
    const { status, headers } = await get('720p/g1/0.m4s', { method: 'OPTIONS' });
    expect([status, headers.get('Access-Control-Allow-Methods')]).toEqual([204, 'GET, HEAD, OPTIONS']);
    expect(headers.get('Access-Control-Allow-Headers')).toContain('Range');
  });
});

describe('How old an answer is (row 34)', () => {
  test('fresh ones say zero and their date', async () => {
    const { headers } = await get('720p/index.m3u8');
    expect(headers.get('Age')).toBe('0');
    expect(Math.abs(Date.parse(headers.get('Date')!) - Date.now())).toBeLessThan(3000);
  });

  test('one from the edge cache says how long it lay there', async () => {
    const path = '480p/index.m3u8?_HLS_msn=8&_HLS_part=5';
    const key = `http://edge.test/live/${stream.id}/480p/index.m3u8?_HLS_msn=8&_HLS_part=5`;
    const madeMs = String(Date.now() - 4200);
    const kept = new Response('#EXTM3U\n', {
      headers: {
        'Content-Type': 'application/vnd.apple.mpegurl',
        'Cache-Control': 'public, max-age=12',
        'X-Made-Ms': madeMs,
      },
    });
    await caches.default.put(key, kept);
    const response = await get(path);
    expect([response.headers.get('Age'), response.headers.get('X-Made-Ms')]).toEqual(['4', null]);
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
  });

  test('everybody who asks within a moment is answered without the origin', async () => {
    const parts = Array.from({ length: 30 }, async () => (await get('480p/g1/8.5.m4s')).arrayBuffer());
    expect((await Promise.all(parts)).every(({ byteLength }) => byteLength === 64)).toBe(true);
    const url = `http://edge.test/live/${stream.id}/480p/g1/8.5.m4s?`;
    await expect.poll(async () => (await caches.default.match(url))?.status).toBe(200);
    await caches.default.put(url, new Response('other bytes', { headers: { 'Cache-Control': IMMUTABLE } }));
    expect(new Uint8Array(await (await get('480p/g1/8.5.m4s')).arrayBuffer())).toEqual(bytesOf('480p g1 8.5'));
  });

  test('media come from the edge cache once they were read', async () => {
    const url = `http://edge.test/live/${stream.id}/480p/g1/5.m4s?`;
    await (await get('480p/g1/5.m4s')).arrayBuffer();
    await expect.poll(async () => (await caches.default.match(url))?.status).toBe(200);
    // Longer than an isolate remembers by itself.
    await new Promise((resolve) => setTimeout(resolve, 3100));
    const [again, ranged] = [
      await get('480p/g1/5.m4s'),
      await get('480p/g1/5.m4s', { headers: { Range: 'bytes=64-66' } }),
    ];
    expect((await again.arrayBuffer()).byteLength).toBe(384);
    expect([ranged.status, new TextDecoder().decode(await ranged.arrayBuffer())]).toEqual([206, '480']);
  });
});

describe('Types, ranges and HEAD (row 35)', () => {
  const types: [string, string][] = [
    ['index.m3u8', 'application/vnd.apple.mpegurl; charset=utf-8'],
    ['720p/index.m3u8', 'application/vnd.apple.mpegurl; charset=utf-8'],
    ['720p/g1/init.mp4', 'video/mp4'],
    ['720p/g1/0.m4s', 'video/mp4'],
    ['audio/g1/9.0.m4s', 'audio/mp4'],
    ['720p/g1/99.m4s', 'application/problem+json'],
  ];
  for (const [path, type] of types)
    test(path, async () => expect((await get(path)).headers.get('Content-Type')).toBe(type));

  const ranges: [string, number, string | null, number][] = [
    ['bytes=0-9', 206, 'bytes 0-9/384', 10],
    ['bytes=380-', 206, 'bytes 380-383/384', 4],
    ['bytes=-4', 206, 'bytes 380-383/384', 4],
    ['bytes=0-9999', 206, 'bytes 0-383/384', 384],
    ['bytes=384-', 416, 'bytes */384', 0],
    ['bytes=9-3', 200, null, 384],
    ['bytes=0-1,5-6', 200, null, 384],
    ['items=0-1', 200, null, 384],
  ];
  for (const [range, status, contentRange, length] of ranges) {
    test(`Range: ${range}`, async () => {
      const response = await get('720p/g1/0.m4s', { headers: { Range: range } });
      expect([response.status, response.headers.get('Content-Range')]).toEqual([status, contentRange]);
      expect((await response.arrayBuffer()).byteLength).toBe(length);
    });
  }

  test('HEAD has the headers of GET and no body', async () => {
    for (const path of ['720p/index.m3u8', '720p/g1/0.m4s']) {
      const [head, whole] = [await get(path, { method: 'HEAD' }), await get(path)];
      for (const name of ['Content-Type', 'Cache-Control', 'Access-Control-Allow-Origin', 'Age']) {
        expect(head.headers.get(name)).toBe(whole.headers.get(name));
      }
      expect((await head.arrayBuffer()).byteLength).toBe(0);
      await whole.arrayBuffer();
    }
  });
});

describe('Refusals', () => {
  const table: [string, string, number, string][] = [
    ['a part without its segment', '720p/index.m3u8?_HLS_part=1', 400, 'invalid_request'],
    ['a number that is none', '720p/index.m3u8?_HLS_msn=soon', 400, 'invalid_request'],
    ['a segment too far ahead', '720p/index.m3u8?_HLS_msn=11', 400, 'invalid_request'],
    ['a part too far ahead', '720p/index.m3u8?_HLS_msn=9&_HLS_part=40', 400, 'invalid_request'],
    ['a rendition that never was', '4320p/index.m3u8', 404, 'not_found'],
    ['a part that nobody announced', '720p/g1/9.5.m4s', 404, 'not_found'],
    ['a segment of a generation that has not begun', '720p/g2/0.m4s', 404, 'not_found'],
    ['an init segment of a generation that has not begun', '720p/g2/init.mp4', 404, 'not_found'],
    ['a name that no media has', '720p/g1/index.html', 404, 'not_found'],
    ['a place where nothing is', 'some/where/else/entirely', 404, 'not_found'],
  ];
  for (const [name, path, status, code] of table) {
    test(`${name} is ${status} ${code}`, async () => {
      const response = await get(path);
      const problem = (await response.json()) as { status: number; code: string; detail: string };
      expect([response.status, problem.status, problem.code]).toEqual([status, status, code]);
      expect(problem.detail.length).toBeGreaterThan(20);
    });
  }

  test('a blocking request that waits for too long is 503 with Retry-After', { timeout: 10_000 }, async () => {
    const response = await get('480p/index.m3u8?_HLS_msn=10&_HLS_part=0');
    expect([response.status, response.headers.get('Retry-After')]).toEqual([503, '1']);
    expect(response.headers.get('Cache-Control')).toBe('public, max-age=1');
    expect(await response.json()).toMatchObject({ code: 'blocked_too_long' });
  });

  test('a stream without media is not live yet', async () => {
    const { id } = await openStream('ada');
    for (const path of ['index.m3u8', '720p/index.m3u8']) {
      const response = await call(`/live/${id}/${path}`);
      expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([404, 'stream_not_live']);
    }
  });

  test('an unknown id is not found and makes no object', async () => {
    const before = (await listDurableObjectIds(env.LIVE_ORIGIN)).length;
    for (const id of ['st_nobodyknows', 'ch_nobodyknows', 'st_', 'x']) {
      for (const path of ['index.m3u8', '720p/index.m3u8', '720p/g1/0.m4s', 'poster.jpg']) {
        expect((await call(`/live/${id}/${path}`)).status).toBe(404);
      }
    }
    expect((await listDurableObjectIds(env.LIVE_ORIGIN)).length).toBe(before);
  });
});

describe('The end', () => {
  test.each(['ada', 'mod', 'root'])(
    'by %s answers who waits with ENDLIST, and all that was listed can still be read',
    async (who) => {
      const { id } = await openStream('ada');
      const last = await connect(originOf(id), 'se_lastone');
      const short = new Broadcast();
      last.send(...short.opening(), ...short.segment(0), ...short.segment(1));
      await last.stored(short.seq);
      const held = call(`/live/${id}/720p/index.m3u8?_HLS_msn=2&_HLS_part=0`);
      const hinted = call(`/live/${id}/720p/g1/2.0.m4s`);
      expect(await isHeld(Promise.race([held, hinted]))).toBe(true);
      // The newest playlist is in the caches when the end comes.
      const newest = `/live/${id}/720p/index.m3u8`;
      expect(await (await call(newest)).text()).not.toContain('ENDLIST');
      const startMs = Date.now();
      expect((await as(who, 'DELETE', `/api/v1/streams/${id}`)).ok).toBe(true);
      const playlist = new TextDecoder().decode(await (await held).arrayBuffer());
      expect((await hinted).status).toBe(404);
      expect(await last.hears('stop')).toEqual({ type: 'stop', reason: 'stream_ended' });
      expect(Date.now() - startMs).toBeLessThan(5000);
      const { ended, segments } = readPlaylist(playlist);
      expect(ended).toBe(true);
      await vi.waitFor(async () => expect(await (await call(newest)).text()).toContain('ENDLIST'), {
        timeout: 5000 - (Date.now() - startMs),
        interval: 100,
      });
      for (const { uri } of segments) expect((await call(`/live/${id}/720p/${uri}`)).status).toBe(200);
      const after = await call(`/live/${id}/480p/index.m3u8?_HLS_msn=500&_HLS_skip=YES`);
      expect([after.status, after.headers.get('Cache-Control')]).toEqual([200, 'public, max-age=12']);
      expect(readPlaylist(new TextDecoder().decode(await after.arrayBuffer())).ended).toBe(true);
    },
  );
});
