// A strict reader and ffmpeg read a live stream, and the same stream after its end, without a complaint.
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { picturesArrive } from '../../scripts/local/wait.ts';
import { type Encoder, startEncoder } from '../support/encoder.ts';
import { FFMPEG } from '../support/ffmpeg.ts';
import { type Following, fetchBytes, fetchText, follow, resolveUri, variantsOf } from '../support/live-reader.ts';
import { checkMedia, type MediaPiece } from '../support/mp4-box-check.ts';
import { applyDelta, lintMultivariant, lintRenditions } from '../support/playlist-linter.ts';
import { readMediaPlaylist, readMultivariant } from '../support/playlist-reader.ts';
import { openStream, type TestStream, until } from '../support/streams.ts';

/** Of each playlist: more than its window has parts. */
const READINGS_MIN = 40;

let stream: TestStream;
let encoder: Encoder;
let variants: Awaited<ReturnType<typeof variantsOf>>;
let followings: Following[];

const listUrl = (index = 0): string => variants[index]?.url ?? '';
const newest = () => followings[0]!.versions.at(-1)!.list;

beforeAll(async () => {
  stream = await openStream(inject('product'), { title: 'For strict readers' });
  encoder = startEncoder({ url: stream.rtmpTarget, size: '854x480' });
  await picturesArrive(stream.playbackUrl, 20_000);
  variants = await variantsOf(stream.playbackUrl);
  followings = variants.map(({ url }) => follow(url));
  await until('enough was read', 30_000, () => followings.every(({ versions }) => versions.length > READINGS_MIN));
});
afterAll(async () => {
  await Promise.all((followings ?? []).map((following) => following.stop()));
  await encoder?.kill();
  await stream?.end();
});

describe('a live stream', () => {
  it('lists its variants rightly', async () => {
    expect(lintMultivariant(readMultivariant((await fetchText(stream.playbackUrl)).text))).toEqual([]);
  });

  it('answers every blocking reload with a playlist that a strict reader accepts', () => {
    for (const { complaints, refusals, versions } of followings) {
      expect(complaints).toEqual([]);
      expect(refusals).toEqual([]);
      expect(versions.length).toBeGreaterThan(READINGS_MIN);
    }
  });

  it('answers a reload when the part is there, a part at a time', () => {
    const gaps = followings[0]!.versions
      .slice(2)
      .map(({ atMs }, index) => atMs - followings[0]!.versions[index + 1]!.atMs);
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    expect(mean).toBeGreaterThan(280);
    expect(mean).toBeLessThan(390);
  });

  it('agrees between its renditions', () => {
    const sides = variants.map(({ name }, index) => ({ name, list: followings[index]!.versions.at(-1)!.list }));
    expect(lintRenditions(sides)).toEqual([]);
  });

  it('serves parts and segments whose boxes hold what the playlist says', async () => {
    for (const [index, { url }] of variants.entries()) {
      const list = followings[index]!.versions.at(-1)!.list;
      const withParts = list.segments.filter(({ parts }) => parts.length > 0);
      const init = await fetchBytes(resolveUri(url, withParts[0]!.map ?? ''));
      const parts = withParts.flatMap((segment) => segment.parts);
      const pieces: MediaPiece[] = await Promise.all(
        parts.map(async ({ uri, independent, duration }) => ({
          name: uri,
          independent,
          duration,
          bytes: (await fetchBytes(resolveUri(url, uri))).bytes,
        })),
      );
      expect(checkMedia(init.bytes, pieces)).toEqual([]);
      const whole = await Promise.all(
        withParts.map(async ({ uri, duration }) => ({
          name: uri,
          independent: true,
          duration,
          bytes: (await fetchBytes(resolveUri(url, uri))).bytes,
        })),
      );
      expect(checkMedia(init.bytes, whole)).toEqual([]);
      expect(
        Buffer.concat(whole.map(({ bytes }) => bytes)).equals(Buffer.concat(pieces.map(({ bytes }) => bytes))),
      ).toBe(true);
    }
  });

  it('holds a hinted part until it can be sent whole', async () => {
    const { list } = followings[0]!.versions.at(-1)!;
    const hint = list.preloadHints[0]?.URI ?? '';
    const { status, bytes, headers } = await fetchBytes(resolveUri(listUrl(), hint));
    expect(status).toBe(200);
    expect(bytes.length).toBeGreaterThan(500);
    expect(headers.get('cache-control')).toContain('immutable');
  });

  it('sends a delta update that stands for the whole playlist', async () => {
    await until('enough is listed to skip something', 20_000, () => newest().segments.length >= 8);
    const held = newest();
    const { text } = await fetchText(`${listUrl()}?_HLS_skip=YES`);
    const delta = readMediaPlaylist(text);
    expect(delta.skippedSegments).toBeGreaterThan(0);
    const merged = applyDelta(held, delta);
    const whole = readMediaPlaylist((await fetchText(listUrl())).text);
    const known = (merged?.segments ?? []).map(({ msn, uri, pdtMs }) => ({ msn, uri, pdtMs }));
    const expected = whole.segments
      .map(({ msn, uri, pdtMs }) => ({ msn, uri, pdtMs }))
      .filter(({ msn }) => msn <= (known.at(-1)?.msn ?? 0));
    expect(known).toEqual(expect.arrayContaining(expected));
  });

  it.each([
    ['a part without its segment', '_HLS_part=1', 400],
    ['something that is no number', '_HLS_msn=soon', 400],
    ['a segment far ahead', '_HLS_msn=999999', 400],
    ['a segment long gone', '_HLS_msn=0&_HLS_part=0', 200],
  ])('answers at once when asked for %s', async (_, query, status) => {
    const asked = Date.now();
    expect((await fetchText(`${listUrl()}?${query}`)).status).toBe(status);
    expect(Date.now() - asked).toBeLessThan(1000);
  });

  it('states the lifetime of every answer, and lets every page read it', async () => {
    const plain = await fetchText(listUrl());
    expect(plain.headers.get('content-type')).toContain('application/vnd.apple.mpegurl');
    expect(Number(/max-age=(\d+)/.exec(plain.headers.get('cache-control') ?? '')?.[1] ?? 0)).toBeLessThanOrEqual(1);
    expect(plain.headers.get('access-control-allow-origin')).toBe('*');
    const segment = newest().segments.at(-2)!;
    const media = await fetchBytes(resolveUri(listUrl(), segment.uri));
    expect(media.headers.get('content-type')).toBe('video/mp4');
    expect(media.headers.get('cache-control')).toContain('immutable');
    const missing = await fetchText(resolveUri(listUrl(), `${segment.uri}x`));
    expect(missing.status).toBe(404);
    expect(missing.headers.get('cache-control')).toMatch(/no-store|max-age=[01]\b/);
  });

  it('is read by ffmpeg', () => {
    const { packets, errors } = readWithFfmpeg(stream.playbackUrl, 4);
    expect(errors).toBe('');
    expect(packets).toBeGreaterThan(90);
  });
});

describe('the same stream after its end', () => {
  it('ends every playlist, and readers find nothing wrong with it', async () => {
    await stream.end();
    await Promise.race([Promise.all(followings.map(({ done }) => done)), sleep(5000)]);
    for (const { versions, complaints } of followings) {
      expect(versions.at(-1)?.list.ended).toBe(true);
      expect(complaints).toEqual([]);
    }
  });

  it('is read by ffmpeg to its end', () => {
    const list = newest();
    const listed = list.segments.reduce((sum, { duration }) => sum + duration, 0);
    const { packets, errors } = readWithFfmpeg(stream.playbackUrl);
    expect(errors).toBe('');
    expect(packets).toBeGreaterThan(listed * 30 - 31);
  });
});

/** Video frames that ffmpeg decoded, and all that it complained about. */
function readWithFfmpeg(url: string, seconds?: number): { packets: number; errors: string } {
  const limit = seconds ? ['-t', String(seconds)] : [];
  const args = [
    '-v',
    'warning',
    '-i',
    url,
    '-map',
    '0:v:0',
    '-map',
    '0:a:0',
    ...limit,
    '-f',
    'null',
    '-progress',
    'pipe:1',
    '-',
  ];
  const { stdout, stderr } = spawnSync(FFMPEG, args, { encoding: 'utf8', timeout: 60_000 });
  const frames = [...stdout.matchAll(/^frame=\s*(\d+)/gm)].at(-1)?.[1] ?? '0';
  // ffmpeg names the tags of low latency that it passes over, and that is all right.
  const errors = stderr.split('\n').filter((line) => line !== '' && !/skip \('#EXT|Skip \('#EXT/i.test(line));
  return { packets: Number(frames), errors: errors.join('\n') };
}
