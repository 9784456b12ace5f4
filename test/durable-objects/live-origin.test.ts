import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import type { NodeId, SessionId } from '../../src/protocol/ids.ts';
import type { PlaylistAnswer } from '../../src/protocol/origin.ts';
import { audioInfo, Broadcast, bytesOf, videoInfo } from '../support/broadcast.ts';
import { connect, type Origin, openStream, type TestPublisher } from './publisher.ts';

const text = (answer: PlaylistAnswer): string => {
  if (!answer.ok) throw new Error(`${answer.code}: ${answer.detail}`);
  return answer.body;
};
const settledYet = async (promise: Promise<unknown>): Promise<boolean> =>
  Promise.race([promise.then(() => true), new Promise<boolean>((resolve) => setTimeout(resolve, 60, false))]);
const askPublish = (origin: Origin, sessionId: string) =>
  origin.grantPublish({ sessionId: sessionId as SessionId, nodeId: 'nd_test0002' as NodeId, protocol: 'whip' });

describe('A broadcast reaches its readers', () => {
  test('a publisher is welcomed with the numbers that it must begin with', async () => {
    const { origin } = await openStream();
    const publisher = await connect(origin, 'se_aaaa');
    expect(await publisher.hears('welcome')).toEqual({
      type: 'welcome',
      nextGeneration: 1,
      nextMsn: 0,
      lastProgramDateTimeMs: null,
      acknowledgedSeq: 0,
    });
  });

  test('the stream is live with its first whole segment, and a player that came early gets its playlist then', async () => {
    const { origin } = await openStream();
    expect(await origin.mediaPlaylist('720p', {})).toMatchObject({ ok: false, code: 'stream_not_live' });
    const publisher = await connect(origin, 'se_aaaa');
    const broadcast = new Broadcast();
    publisher.send(...broadcast.opening());
    await publisher.stored(broadcast.seq);
    expect(text(await origin.multivariantPlaylist())).toContain('720p/index.m3u8');
    const early = origin.mediaPlaylist('720p', {});
    const [last, ...rest] = broadcast.segment(0).reverse();
    publisher.send(...rest.reverse());
    publisher.send(last!);
    expect(text(await early)).toContain('g1/0.m4s');
    expect(await origin.state()).toBe('live');
  });

  test('a blocking reload is answered by the part that it waits for, and by no earlier one', async () => {
    const { origin } = await openStream();
    const publisher = await connect(origin, 'se_aaaa');
    const broadcast = new Broadcast();
    publisher.send(...broadcast.opening(), ...broadcast.segment(0), broadcast.part('720p', 1, 0));
    await publisher.stored(4);
    const reload = origin.mediaPlaylist('720p', { _HLS_msn: '1', _HLS_part: '2' });
    publisher.send(broadcast.part('720p', 1, 1));
    expect(await settledYet(reload)).toBe(false);
    publisher.send(broadcast.part('480p', 1, 0), broadcast.part('480p', 1, 1), broadcast.part('480p', 1, 2));
    expect(await settledYet(reload)).toBe(false);
    publisher.send(broadcast.part('720p', 1, 2));
    const answer = await reload;
    expect(answer).toMatchObject({ ok: true, settled: true });
    expect(text(answer)).toContain('g1/1.2.m4s');
    expect(text(answer)).toContain('#EXT-X-PRELOAD-HINT:TYPE=PART,URI="g1/1.3.m4s"');
  });

  test('the hinted part is held and comes whole; a part that nobody announced is not there', async () => {
    const { origin } = await openStream();
    const publisher = await connect(origin, 'se_aaaa');
    const broadcast = new Broadcast();
    publisher.send(...broadcast.opening(), ...broadcast.segment(0));
    await publisher.stored(broadcast.seq);
    const hinted = origin.part('720p', 1, 1, 0);
    expect(await settledYet(hinted)).toBe(false);
    expect(await origin.part('720p', 1, 1, 4)).toMatchObject({ ok: false, code: 'not_found' });
    expect(await origin.part('720p', 7, 1, 0)).toMatchObject({ ok: false, code: 'not_found' });
    publisher.send(broadcast.part('720p', 1, 0, bytesOf('the hinted one')));
    expect(await hinted).toEqual({ ok: true, at: 'memory', body: bytesOf('the hinted one') });
  });

  test('a segment is its parts, byte for byte, in memory and in the store', async () => {
    const { origin, streamId } = await openStream();
    const publisher = await connect(origin, 'se_aaaa');
    const broadcast = new Broadcast();
    publisher.send(...broadcast.opening(), ...broadcast.segment(0));
    await publisher.stored(broadcast.seq);
    const segment = await origin.segment('480p', 1, 0);
    const object = await env.MEDIA.get(`streams/${streamId}/480p/g1/0.m4s`);
    const stored = new Uint8Array(await object!.arrayBuffer());
    const parts = Array.from({ length: 6 }, (_, part) => [...bytesOf(`480p g1 0.${part}`)]).flat();
    expect([...stored]).toEqual(parts);
    expect(segment).toEqual({ ok: true, at: 'memory', body: stored });
  });

  test('frames that come twice change nothing and are acknowledged', async () => {
    const { origin } = await openStream();
    const publisher = await connect(origin, 'se_aaaa');
    const broadcast = new Broadcast();
    const frames = [...broadcast.opening(), ...broadcast.segment(0), broadcast.part('720p', 1, 0)];
    publisher.send(...frames);
    await publisher.stored(broadcast.seq - 1);
    const before = text(await origin.mediaPlaylist('720p', {}));
    publisher.send(...frames);
    publisher.send(broadcast.part('720p', 1, 1));
    const after = text(await origin.mediaPlaylist('720p', { _HLS_msn: '1', _HLS_part: '1' }));
    expect(after.split('\n').filter((line) => !before.includes(line))).toHaveLength(2);
    expect(publisher.said.filter(({ type }) => type === 'refused')).toEqual([]);
  });
});

describe('The origin loses its memory', () => {
  test('the publisher sends again what was not stored, and the playlist goes on where it was', async () => {
    const { origin } = await openStream();
    const publisher = await connect(origin, 'se_aaaa');
    const broadcast = new Broadcast();
    publisher.send(...broadcast.opening(), ...broadcast.segment(0), ...broadcast.segment(1));
    const acknowledged = broadcast.seq;
    await publisher.stored(acknowledged);
    const unacknowledged = [broadcast.part('720p', 2, 0), broadcast.part('720p', 2, 1)];
    publisher.send(...unacknowledged);
    const before = text(await origin.mediaPlaylist('720p', { _HLS_msn: '2', _HLS_part: '1' }));
    await evictDurableObject(origin);
    const reading = origin.mediaPlaylist('720p', {});
    const welcome = await publisher.hears('welcome', ({ acknowledgedSeq }) => acknowledgedSeq > 0);
    expect(welcome.acknowledgedSeq).toBe(acknowledged);
    expect(await settledYet(reading)).toBe(false);
    // A frame that was under way comes first, and again in its turn.
    const underWay = broadcast.part('720p', 2, 2);
    publisher.send(underWay, ...unacknowledged, underWay);
    expect(text(await reading)).toBe(before);
    const next = text(await origin.mediaPlaylist('720p', { _HLS_msn: '2', _HLS_part: '2' }));
    expect(next).toContain('g1/2.2.m4s');
    expect(publisher.said.filter(({ type }) => type === 'refused')).toEqual([]);
  });

  test('parts of stored segments are ranges of the stored object', async () => {
    const { origin, streamId } = await openStream();
    const publisher = await connect(origin, 'se_aaaa');
    const broadcast = new Broadcast();
    publisher.send(...broadcast.opening(), ...broadcast.segment(0));
    await publisher.stored(broadcast.seq);
    await evictDurableObject(origin);
    expect(await origin.part('720p', 1, 0, 2)).toEqual({
      ok: true,
      at: 'store',
      key: `streams/${streamId}/720p/g1/0.m4s`,
      offset: 128,
      length: 64,
    });
    expect(await origin.initSegment('720p', 1)).toEqual({ ok: true, at: 'memory', body: bytesOf('init 720p g1') });
  });

  test('after a restart without its socket the session comes back, sends again, and numbers go on', async () => {
    const { origin } = await openStream();
    const publisher = await connect(origin, 'se_aaaa');
    const broadcast = new Broadcast();
    publisher.send(...broadcast.opening(), ...broadcast.segment(0));
    const acknowledged = broadcast.seq;
    await publisher.stored(acknowledged);
    const unacknowledged = [broadcast.part('720p', 1, 0), broadcast.part('720p', 1, 1)];
    publisher.send(...unacknowledged);
    const before = text(await origin.mediaPlaylist('720p', { _HLS_msn: '1', _HLS_part: '1' }));
    publisher.close();
    await expect.poll(() => origin.state()).toBe('interrupted');
    await evictDurableObject(origin);
    expect(await origin.state()).toBe('interrupted');
    const again = await connect(origin, 'se_aaaa', { grant: false });
    expect((await again.hears('welcome')).acknowledgedSeq).toBe(acknowledged);
    again.send(...unacknowledged);
    expect(text(await origin.mediaPlaylist('720p', { _HLS_msn: '1', _HLS_part: '1' }))).toBe(before);
    expect(await origin.state()).toBe('live');
  });

  /** A restart of the Worker: memory and socket are gone at once, so nothing on the shelf tells of the publisher leaving. */
  async function restart(
    origin: Origin,
    publisher: TestPublisher,
    lose: (storage: DurableObjectStorage) => void = () => undefined,
  ): Promise<void> {
    publisher.close();
    await expect.poll(() => origin.state()).toBe('interrupted');
    await runInDurableObject(origin, (_instance, { storage }) => {
      const life = JSON.stringify({ state: 'live', sinceMs: Date.now() });
      storage.sql.exec("UPDATE facts SET value = ? WHERE name = 'life'", life);
      lose(storage);
    });
    await evictDurableObject(origin);
  }

  test('after a restart nobody is shown less than before, nor refused, while the session is on its way back', async () => {
    const { origin } = await openStream();
    const publisher = await connect(origin, 'se_aaaa');
    const broadcast = new Broadcast();
    publisher.send(...broadcast.opening(), ...broadcast.segment(0));
    await publisher.stored(broadcast.seq);
    const session = JSON.stringify({ sessionId: 'se_aaaa', acknowledgedSeq: broadcast.seq });
    const seen = [0, 1, 2, 3].map((part) => broadcast.part('720p', 2, part));
    const unacknowledged = [...broadcast.segment(1), ...seen];
    publisher.send(...unacknowledged);
    await origin.mediaPlaylist('720p', { _HLS_msn: '2', _HLS_part: '3' });
    await restart(origin, publisher, ({ sql }) => {
      // As if segment 1 had still been on its way to the store.
      sql.exec('DELETE FROM segments WHERE msn = 1');
      sql.exec("UPDATE facts SET value = ? WHERE name = 'session'", session);
    });
    const plain = origin.mediaPlaylist('720p', {});
    // Too far ahead of what is stored, and just the next part for a player.
    const next = origin.mediaPlaylist('720p', { _HLS_msn: '2', _HLS_part: '4' });
    expect(await settledYet(Promise.race([plain, next]))).toBe(false);
    const again = await connect(origin, 'se_aaaa', { grant: false });
    again.send(...unacknowledged, broadcast.part('720p', 2, 4));
    expect(text(await plain)).toContain('g1/2.0.m4s');
    expect(text(await next)).toContain('g1/2.4.m4s');
  });

  test('after a restart that nobody comes back from, readers get what is stored, and no number is used twice', {
    timeout: 15_000,
  }, async () => {
    const { origin } = await openStream();
    const publisher = await connect(origin, 'se_aaaa');
    const broadcast = new Broadcast();
    publisher.send(...broadcast.opening(), ...broadcast.segment(0));
    await publisher.stored(broadcast.seq);
    publisher.send(broadcast.part('720p', 1, 0));
    await origin.mediaPlaylist('720p', { _HLS_msn: '1', _HLS_part: '0' });
    await restart(origin, publisher);
    const startMs = Date.now();
    expect(text(await origin.mediaPlaylist('720p', {}))).not.toMatch(/PART:.*g1\/1\.0/);
    expect(Date.now() - startMs).toBeGreaterThan(2500);
    const next = await connect(origin, 'se_bbbb');
    expect(await next.hears('welcome')).toMatchObject({ nextGeneration: 2, nextMsn: 2 });
  });

  test('a live stream whose publisher did not come back with it is interrupted, and ends after its window', async () => {
    const { origin } = await openStream({ reconnectWindowSeconds: 1 });
    const publisher = await connect(origin, 'se_aaaa');
    const broadcast = new Broadcast();
    publisher.send(...broadcast.opening(), ...broadcast.segment(0));
    await publisher.stored(broadcast.seq);
    publisher.close();
    await expect.poll(() => origin.state()).toBe('interrupted');
    const waiting = origin.mediaPlaylist('720p', { _HLS_msn: '1', _HLS_part: '0' });
    expect(text(await waiting)).toContain('#EXT-X-ENDLIST');
    expect(await origin.state()).toBe('ended');
  });
});

describe('The encoder goes and comes', () => {
  test('the same session comes back within the window and viewers read on', async () => {
    const { origin } = await openStream();
    const publisher = await connect(origin, 'se_aaaa');
    const broadcast = new Broadcast();
    publisher.send(...broadcast.opening(), ...broadcast.segment(0));
    await publisher.stored(broadcast.seq);
    publisher.close();
    await expect.poll(() => origin.state()).toBe('interrupted');
    const again = await connect(origin, 'se_aaaa', { grant: false });
    expect((await again.hears('welcome')).acknowledgedSeq).toBe(broadcast.seq);
    again.send(...broadcast.segment(1));
    expect(text(await origin.mediaPlaylist('720p', { _HLS_msn: '1' }))).not.toContain('#EXT-X-DISCONTINUITY\n');
    expect(await origin.state()).toBe('live');
  });

  test('a goodbye frees the place at once, and the publisher hears that all it sent is stored', async () => {
    const { origin } = await openStream();
    const publisher = await connect(origin, 'se_aaaa');
    const broadcast = new Broadcast();
    publisher.send(...broadcast.opening(), ...broadcast.segment(0), broadcast.part('720p', 1, 0));
    const seq = broadcast.next();
    publisher.send({ frame: { type: 'goodbye', seq, reason: 'encoder left' }, payload: new Uint8Array(0) });
    await publisher.stored(seq);
    expect(await origin.state()).toBe('interrupted');
    expect(await askPublish(origin, 'se_bbbb')).toEqual({ ok: true });
    const next = await connect(origin, 'se_bbbb', { grant: false });
    expect((await next.hears('welcome')).acknowledgedSeq).toBe(0);
    expect(publisher.said.filter(({ type }) => type === 'refused' || type === 'stop')).toEqual([]);
  });

  test('a new session goes on with the next number, a discontinuity and a new map', async () => {
    const { origin } = await openStream();
    const first = await connect(origin, 'se_aaaa');
    const before = new Broadcast();
    first.send(...before.opening(), ...before.segment(0), ...before.segment(1), before.part('720p', 2, 0));
    first.send({ frame: { type: 'goodbye', seq: before.next(), reason: 'encoder left' }, payload: new Uint8Array(0) });
    await expect.poll(() => origin.state()).toBe('interrupted');
    const second = await connect(origin, 'se_bbbb');
    const { nextGeneration, nextMsn } = await second.hears('welcome');
    expect({ nextGeneration, nextMsn }).toEqual({ nextGeneration: 2, nextMsn: 3 });
    const after = new Broadcast({ generation: 2, firstMsn: 3 });
    second.send(...after.opening(), ...after.segment(3));
    const video = text(await origin.mediaPlaylist('720p', { _HLS_msn: '3' }));
    // The one part that was there is kept as a short segment; the others say honestly that theirs is missing.
    expect(video).toContain('#EXTINF:0.33333,\ng1/2.m4s');
    expect(video).toContain('#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="g2/init.mp4"');
    const other = text(await origin.mediaPlaylist('480p', { _HLS_msn: '3' }));
    expect(other).toContain('#EXT-X-GAP\n#EXTINF:0.33333,\ng1/2.m4s');
    expect(other).toContain('#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="g2/init.mp4"');
  });

  test('a rendition that is no longer made is gone, but its listed media can still be read', async () => {
    const { origin } = await openStream();
    const publisher = await connect(origin, 'se_aaaa');
    const full = new Broadcast();
    publisher.send(...full.opening(), ...full.segment(0));
    const held = origin.mediaPlaylist('720p', { _HLS_msn: '1', _HLS_part: '0' });
    const fewer = new Broadcast({ generation: 2, firstMsn: 1, infos: [videoInfo('480p', 480), audioInfo()] });
    fewer.seq = full.seq;
    publisher.send(...fewer.opening(), ...fewer.segment(1));
    expect(await held).toMatchObject({ ok: false, code: 'rendition_gone' });
    expect(await origin.mediaPlaylist('720p', {})).toMatchObject({ ok: false, code: 'rendition_gone' });
    expect(await origin.segment('720p', 1, 0)).toMatchObject({ ok: true });
    expect(text(await origin.multivariantPlaylist())).not.toContain('720p');
    expect(text(await origin.mediaPlaylist('480p', {}))).not.toContain('../720p');
  });

  test('a second encoder is refused while the first one sends, and wins once it was silent for two seconds', async () => {
    const { origin } = await openStream();
    const first = await connect(origin, 'se_aaaa');
    const broadcast = new Broadcast();
    first.send(...broadcast.opening(), ...broadcast.segment(0));
    await first.stored(broadcast.seq);
    expect(await askPublish(origin, 'se_bbbb')).toMatchObject({ ok: false, code: 'already_publishing' });
    await new Promise((resolve) => setTimeout(resolve, 2050));
    expect(await askPublish(origin, 'se_bbbb')).toEqual({ ok: true });
    expect(await first.hears('stop')).toEqual({ type: 'stop', reason: 'superseded' });
    const late = await connect(origin, 'se_aaaa', { grant: false });
    expect(await late.hears('stop')).toEqual({ type: 'stop', reason: 'superseded' });
    const stranger = await connect(origin, 'se_cccc', { grant: false });
    expect(await stranger.hears('stop')).toEqual({ type: 'stop', reason: 'unknown_session' });
  });

  test('a revoked key cuts the publisher and keeps the stream for its window', async () => {
    const { origin } = await openStream();
    const publisher = await connect(origin, 'se_aaaa');
    const broadcast = new Broadcast();
    publisher.send(...broadcast.opening(), ...broadcast.segment(0));
    await publisher.stored(broadcast.seq);
    await origin.disconnectPublisher('key_revoked');
    expect(await publisher.hears('stop')).toEqual({ type: 'stop', reason: 'key_revoked' });
    expect(await origin.state()).toBe('interrupted');
  });

  test('a frame that makes no sense is refused, and the socket goes on', async () => {
    const { origin } = await openStream();
    const publisher = await connect(origin, 'se_aaaa');
    const broadcast = new Broadcast();
    publisher.sendRaw('hello');
    publisher.sendRaw(new Uint8Array([0, 0, 0, 200, 1]));
    const outOfPlace = broadcast.part('720p', 0, 0);
    publisher.send(outOfPlace, ...broadcast.opening());
    await publisher.stored(broadcast.seq);
    expect(publisher.said.filter(({ type }) => type === 'refused')).toMatchObject([
      { seq: 0, code: 'invalid_request' },
      { seq: 0, code: 'invalid_request' },
      { seq: 1, code: 'conflict' },
    ]);
  });
});

describe('The stream ends', () => {
  test('everybody who waits is let go at once, playlists carry ENDLIST and the encoder is stopped', async () => {
    const { origin } = await openStream();
    const publisher = await connect(origin, 'se_aaaa');
    const broadcast = new Broadcast();
    publisher.send(...broadcast.opening(), ...broadcast.segment(0), broadcast.part('720p', 1, 0));
    await publisher.stored(broadcast.seq - 1);
    const held = [
      origin.mediaPlaylist('720p', { _HLS_msn: '1', _HLS_part: '3' }),
      origin.mediaPlaylist('480p', { _HLS_msn: '1', _HLS_part: '0' }),
    ];
    const hinted = origin.part('720p', 1, 1, 1);
    expect(await settledYet(Promise.race([...held, hinted]))).toBe(false);
    await origin.end();
    for (const playlist of await Promise.all(held)) expect(text(playlist)).toContain('#EXT-X-ENDLIST');
    expect(await hinted).toMatchObject({ ok: false, code: 'not_found' });
    expect(await publisher.hears('stop')).toEqual({ type: 'stop', reason: 'stream_ended' });
    // Directives are ignored from now on, the wrong ones too.
    const after = await origin.mediaPlaylist('720p', { _HLS_msn: '999', _HLS_part: 'x', _HLS_skip: 'YES' });
    expect(after).toMatchObject({ ok: true, settled: true });
    expect(text(after)).toContain('#EXTINF:0.33333,\ng1/1.m4s\n#EXT-X-ENDLIST');
    expect(text(after)).not.toMatch(/PRELOAD-HINT|EXT-X-SKIP/);
    await origin.end();
    expect(await askPublish(origin, 'se_bbbb')).toMatchObject({ ok: false, code: 'conflict' });
  });

  test('an ended stream that lost its memory is still whole', async () => {
    const { origin } = await openStream();
    const publisher = await connect(origin, 'se_aaaa');
    const broadcast = new Broadcast();
    publisher.send(...broadcast.opening(), ...broadcast.segment(0), ...broadcast.segment(1));
    await publisher.stored(broadcast.seq);
    await origin.end();
    const before = text(await origin.mediaPlaylist('720p', {}));
    await evictDurableObject(origin);
    expect(text(await origin.mediaPlaylist('720p', {}))).toBe(before);
  });
});

describe('Limits', () => {
  test('a reload that nothing answers is refused after three target durations', { timeout: 10_000 }, async () => {
    const { origin } = await openStream();
    const publisher = await connect(origin, 'se_aaaa');
    const broadcast = new Broadcast();
    publisher.send(...broadcast.opening(), ...broadcast.segment(0));
    await publisher.stored(broadcast.seq);
    const startMs = Date.now();
    const [playlist, part] = await Promise.all([
      origin.mediaPlaylist('720p', { _HLS_msn: '1', _HLS_part: '0' }),
      origin.part('720p', 1, 1, 0),
    ]);
    expect(playlist).toMatchObject({ ok: false, code: 'blocked_too_long', retryAfterSeconds: 1 });
    expect(part).toMatchObject({ ok: false, code: 'blocked_too_long' });
    expect(Date.now() - startMs).toBeGreaterThan(5900);
    expect((await origin.report()).viewersWaiting).toBe(0);
  });

  test('a flood of waiting requests is refused before it hurts, and those that wait are still served', {
    timeout: 20_000,
  }, async () => {
    const { origin } = await openStream();
    const publisher = await connect(origin, 'se_aaaa');
    const broadcast = new Broadcast();
    publisher.send(...broadcast.opening(), ...broadcast.segment(0));
    await publisher.stored(broadcast.seq);
    const waiting = Array.from({ length: 1000 }, () => origin.mediaPlaylist('720p', { _HLS_msn: '1', _HLS_part: '0' }));
    await expect.poll(async () => (await origin.report()).viewersWaiting, { timeout: 10_000 }).toBe(1000);
    const oneMore = await origin.mediaPlaylist('720p', { _HLS_msn: '1', _HLS_part: '0' });
    expect(oneMore).toMatchObject({ ok: false, code: 'too_many_waiting', retryAfterSeconds: 1 });
    publisher.send(broadcast.part('720p', 1, 0));
    expect((await Promise.all(waiting)).every(({ ok }) => ok)).toBe(true);
  });

  test('a store that fails for good leaves an honest gap, and the broadcast goes on', { timeout: 20_000 }, async () => {
    const { origin } = await openStream();
    const publisher = await connect(origin, 'se_aaaa');
    const broadcast = new Broadcast();
    publisher.send(...broadcast.opening(), ...broadcast.segment(0));
    await publisher.stored(broadcast.seq);
    await runInDurableObject(origin, (instance) => {
      const { stage } = instance as unknown as { stage: { recorder: { keeper: { bucket: unknown } } } };
      stage.recorder.keeper.bucket = { put: () => Promise.reject(new Error('the store is down')) };
    });
    publisher.send(...broadcast.segment(1));
    await publisher.hears('ack', ({ seq }) => seq >= broadcast.seq, 12_000);
    const playlist = text(await origin.mediaPlaylist('720p', {}));
    expect(playlist).toContain('#EXT-X-GAP\n#EXTINF:2,\ng1/1.m4s');
    expect(await origin.segment('720p', 1, 1)).toMatchObject({ ok: false, code: 'not_found' });
  });

  test('bytes of a part that was never finished do not stay in memory', async () => {
    const { origin } = await openStream();
    const publisher = await connect(origin, 'se_aaaa');
    const broadcast = new Broadcast();
    publisher.send(...broadcast.opening(), ...broadcast.segment(0));
    const { frame, payload } = broadcast.part('720p', 1, 0);
    if (frame.type !== 'chunk') throw new Error('not a chunk');
    publisher.send({ frame: { ...frame, endsPart: false }, payload });
    const seq = broadcast.next();
    publisher.send({ frame: { type: 'goodbye', seq, reason: 'encoder left' }, payload: new Uint8Array(0) });
    await publisher.stored(seq);
    await runInDurableObject(origin, (instance) => {
      const { stage } = instance as unknown as { stage: { recorder: { bytes: { unstoredBytes: number } } } };
      expect(stage.recorder.bytes.unstoredBytes).toBe(0);
    });
  });

  test('a publisher from whom nothing is heard for ten seconds is cut by the watch', async () => {
    const { origin } = await openStream();
    const publisher = await connect(origin, 'se_aaaa');
    const broadcast = new Broadcast();
    publisher.send(...broadcast.opening(), ...broadcast.segment(0));
    await publisher.stored(broadcast.seq);
    await runInDurableObject(origin, (instance) => {
      (instance as unknown as { lastHeardMs: number }).lastHeardMs = Date.now() - 10_001;
    });
    expect(await runDurableObjectAlarm(origin)).toBe(true);
    expect(await origin.state()).toBe('interrupted');
    await expect.poll(() => publisher.closed?.code).toBe(1011);
  });
});
