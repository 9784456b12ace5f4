// Real media in frames for tests: ffmpeg makes a short clip, this takes it apart into what a source would have delivered.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AudioTrack, Frame, VideoTrack } from '../../transcoder/media.ts';

export interface ClipOptions {
  seconds?: number;
  width?: number;
  height?: number;
  fps?: number | string;
  video?: VideoTrack['codec'] | null;
  audio?: AudioTrack['codec'] | null;
  gopSeconds?: number;
  /** H.264 only. */
  bFrames?: number;
  pixelFormat?: string;
  videoKbps?: number;
  /** An ffmpeg lavfi source that takes size and rate: testsrc2, mandelbrot, ... */
  picture?: string;
}

export interface Clip {
  video: VideoTrack | null;
  audio: AudioTrack | null;
  /** Both tracks in decode order, times from 0, arrivalMs 0. */
  frames: Frame[];
}

const cache = new Map<string, Clip>();

/** A clip of H.264/HEVC/AV1/VP8/VP9 and AAC/Opus/MP3; equal options share one clip. */
export function makeClip(options: ClipOptions = {}): Clip {
  const key = JSON.stringify(options);
  const known = cache.get(key);
  if (known) return known;
  const folder = mkdtempSync(join(tmpdir(), 'clip-'));
  try {
    const video = options.video === null ? null : makeVideo(folder, options);
    const audio = options.audio === null ? null : makeAudio(folder, options);
    const frames = [...(video?.frames ?? []), ...(audio?.frames ?? [])].sort((a, b) => a.dtsMs - b.dtsMs);
    const clip = { video: video?.track ?? null, audio: audio?.track ?? null, frames };
    cache.set(key, clip);
    return clip;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface PlayOptions {
  /** 1 is real time, Infinity as fast as possible. */
  speed?: number;
  /** Added to every time: the media timeline starts here. */
  offsetMs?: number;
  stopped?: () => boolean;
}

/** Delivers the frames at their time, stamped with their arrival. */
export async function playFrames(
  frames: Frame[],
  write: (frame: Frame) => void,
  options: PlayOptions = {},
): Promise<void> {
  const { speed = 1, offsetMs = 0, stopped = () => false } = options;
  const first = frames[0]?.dtsMs ?? 0;
  const startedAt = performance.now();
  for (const frame of frames) {
    const dueMs = startedAt + (frame.dtsMs - first) / speed;
    const waitMs = dueMs - performance.now();
    if (waitMs > 1) await new Promise((resolve) => setTimeout(resolve, waitMs));
    if (stopped()) return;
    write({ ...frame, ptsMs: frame.ptsMs + offsetMs, dtsMs: frame.dtsMs + offsetMs, arrivalMs: Date.now() });
  }
}

/** The frames again and again, times running on, until `seconds` are filled. */
export function loopFrames(clip: Clip, seconds: number): Frame[] {
  const spanMs = spanOf(clip);
  const looped: Frame[] = [];
  for (let shiftMs = 0; shiftMs < seconds * 1000; shiftMs += spanMs) {
    for (const frame of clip.frames) {
      looped.push({ ...frame, ptsMs: frame.ptsMs + shiftMs, dtsMs: frame.dtsMs + shiftMs });
    }
  }
  return looped.filter((frame) => frame.dtsMs < seconds * 1000).sort((a, b) => a.dtsMs - b.dtsMs);
}

function spanOf(clip: Clip): number {
  const times = clip.frames
    .filter((frame) => frame.kind === (clip.video ? 'video' : 'audio'))
    .map((frame) => frame.dtsMs);
  const last = times[times.length - 1] ?? 0;
  return last - (times[0] ?? 0) + (last - (times[times.length - 2] ?? 0));
}

function makeVideo(folder: string, options: ClipOptions): { track: VideoTrack; frames: Frame[] } {
  const { seconds = 4, width = 320, height = 180, fps = 30, video = 'h264', gopSeconds = 2, bFrames = 0 } = options;
  const { pixelFormat = 'yuv420p', videoKbps = 500, picture = 'testsrc2' } = options;
  const gop = String(Math.round(rateOf(fps) * gopSeconds));
  const file = join(folder, video === null || video === 'vp8' || video === 'vp9' ? 'video.ivf' : 'video.mp4');
  const encoder: Record<VideoTrack['codec'], string[]> = {
    h264: ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', String(bFrames), '-keyint_min', gop, '-sc_threshold', '0'],
    hevc: [
      '-c:v',
      'libx265',
      '-preset',
      'ultrafast',
      '-x265-params',
      `log-level=none:keyint=${gop}:bframes=0`,
      '-tag:v',
      'hvc1',
    ],
    av1: ['-c:v', 'libsvtav1', '-preset', '12', '-svtav1-params', 'pred-struct=1'],
    vp8: ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-auto-alt-ref', '0'],
    vp9: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-auto-alt-ref', '0'],
  };
  const codec = video ?? 'h264';
  const input = ['-f', 'lavfi', '-i', `${picture}=size=${width}x${height}:rate=${fps}`, '-t', String(seconds)];
  const rate = ['-b:v', `${videoKbps}k`, '-g', gop, '-pix_fmt', pixelFormat];
  runFfmpeg([...input, ...encoder[codec], ...rate, file]);
  const bytes = readFileSync(file);
  const { config, samples } = file.endsWith('.ivf') ? readIvf(bytes, codec) : readMp4(bytes);
  const track: VideoTrack = { kind: 'video', codec, config, width, height, frameRate: rateOf(fps) };
  return { track, frames: samples.map((sample) => ({ kind: 'video', ...sample, arrivalMs: 0 })) };
}

function makeAudio(folder: string, options: ClipOptions): { track: AudioTrack; frames: Frame[] } {
  const { seconds = 4, audio = 'aac' } = options;
  const codec = audio ?? 'aac';
  const encoder = { aac: 'aac', opus: 'libopus', mp3: 'libmp3lame' }[codec];
  const file = join(folder, 'audio.mp4');
  const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:beep_factor=4:sample_rate=48000', '-t', String(seconds)];
  runFfmpeg([...tone, '-c:a', encoder, '-b:a', '96k', '-ac', '2', file]);
  const { config, samples } = readMp4(readFileSync(file));
  const track: AudioTrack = { kind: 'audio', codec, config, sampleRate: 48_000, channels: 2 };
  return { track, frames: samples.map((sample) => ({ kind: 'audio', ...sample, isKey: true, arrivalMs: 0 })) };
}

const runFfmpeg = (args: string[]) =>
  execFileSync(process.env.FOOTLIGHT_FFMPEG || 'ffmpeg', ['-hide_banner', '-loglevel', 'error', '-y', ...args], {
    timeout: 60_000,
    stdio: ['ignore', 'ignore', 'pipe'],
  });

function rateOf(fps: number | string): number {
  const [top = 30, bottom = 1] = String(fps).split('/').map(Number);
  return top / bottom;
}

type Sample = Pick<Frame, 'ptsMs' | 'dtsMs' | 'isKey' | 'data'>;

/** IVF: 32 bytes of header, then size (4), pts (8) and the frame. A VP8 key frame has bit 0 clear, VP9 bit 2 of its first byte. */
function readIvf(bytes: Buffer, codec: string): { config: null; samples: Sample[] } {
  const tickMs = (1000 * bytes.readUInt32LE(20)) / bytes.readUInt32LE(16);
  const samples: Sample[] = [];
  for (let at = 32; at + 12 <= bytes.length; ) {
    const size = bytes.readUInt32LE(at);
    const ms = Number(bytes.readBigUInt64LE(at + 4)) * tickMs;
    const data = new Uint8Array(bytes.subarray(at + 12, at + 12 + size));
    samples.push({ ptsMs: ms, dtsMs: ms, isKey: ((data[0] ?? 0) & (codec === 'vp8' ? 1 : 4)) === 0, data });
    at += 12 + size;
  }
  return { config: null, samples };
}

/** The single track of a plain MP4: sample tables in, samples out. Times in ms, shifted so that the first pts is 0. */
function readMp4(bytes: Buffer): { config: Uint8Array | null; samples: Sample[] } {
  const track = ['moov', 'trak', 'mdia'].reduce((box, name) => child(box, name), bytes);
  const mdhd = child(track, 'mdhd');
  const timescale = mdhd.readUInt32BE(mdhd[0] === 1 ? 20 : 12);
  const stbl = child(child(track, 'minf'), 'stbl');
  const table = (name: string) => (hasChild(stbl, name) ? child(stbl, name) : null);
  const sizes = sizesOf(child(stbl, 'stsz'));
  const durations = runs(child(stbl, 'stts'));
  const offsets = table('ctts') ? runs(child(stbl, 'ctts')) : [];
  const stss = table('stss');
  const keys =
    stss && new Set(Array.from({ length: stss.readUInt32BE(4) }, (_, i) => stss.readUInt32BE(8 + 4 * i) - 1));
  const places = placesOf(stbl, sizes);
  const toMs = 1000 / timescale;
  let dts = 0;
  const samples = sizes.map((size, i) => {
    const at = places[i] ?? 0;
    const data = new Uint8Array(bytes.subarray(at, at + size));
    const sample = {
      ptsMs: (dts + (offsets[i] ?? 0)) * toMs,
      dtsMs: dts * toMs,
      isKey: keys ? keys.has(i) : true,
      data,
    };
    dts += durations[i] ?? 0;
    return sample;
  });
  const shiftMs = samples[0]?.ptsMs ?? 0;
  for (const sample of samples) {
    sample.ptsMs -= shiftMs;
    sample.dtsMs -= shiftMs;
  }
  return { config: configOf(child(stbl, 'stsd')), samples };
}

const sizesOf = (stsz: Buffer) =>
  Array.from({ length: stsz.readUInt32BE(8) }, (_, i) => stsz.readUInt32BE(4) || stsz.readUInt32BE(12 + 4 * i));

function placesOf(stbl: Buffer, sizes: number[]): number[] {
  const wide = hasChild(stbl, 'co64');
  const chunks = child(stbl, wide ? 'co64' : 'stco');
  const stsc = child(stbl, 'stsc');
  const places: number[] = [];
  for (let chunk = 0, row = 0; chunk < chunks.readUInt32BE(4); chunk += 1) {
    if (row + 1 < stsc.readUInt32BE(4) && stsc.readUInt32BE(8 + 12 * (row + 1)) <= chunk + 1) row += 1;
    let at = wide ? Number(chunks.readBigUInt64BE(8 + 8 * chunk)) : chunks.readUInt32BE(8 + 4 * chunk);
    for (let n = stsc.readUInt32BE(12 + 12 * row); n > 0; n -= 1) {
      places.push(at);
      at += sizes[places.length - 1] ?? 0;
    }
  }
  return places;
}

/** stts and ctts: (count, value) pairs, spread out. */
function runs(table: Buffer): number[] {
  const values: number[] = [];
  for (let i = 0; i < table.readUInt32BE(4); i += 1) {
    const value = table.readInt32BE(12 + 8 * i);
    for (let n = table.readUInt32BE(8 + 8 * i); n > 0; n -= 1) values.push(value);
  }
  return values;
}

function configOf(stsd: Buffer): Uint8Array | null {
  const entry = stsd.subarray(8);
  const kind = entry.toString('latin1', 4, 8);
  const body = entry.subarray(8, entry.readUInt32BE(0));
  const isAudio = kind === 'mp4a' || kind === 'Opus';
  const inner = body.subarray(isAudio ? 28 : 78);
  for (const name of ['avcC', 'hvcC', 'av1C']) if (hasChild(inner, name)) return new Uint8Array(child(inner, name));
  if (hasChild(inner, 'dOps')) return opusHead(child(inner, 'dOps'));
  if (hasChild(inner, 'esds')) return audioSpecificConfig(child(inner, 'esds'));
  return null;
}

/** dOps is OpusHead in big endian, without its magic and with version 0. */
function opusHead(dOps: Buffer): Uint8Array {
  const head = Buffer.alloc(19);
  head.write('OpusHead', 0, 'latin1');
  head[8] = 1;
  head[9] = dOps[1] ?? 2;
  head.writeUInt16LE(dOps.readUInt16BE(2), 10);
  head.writeUInt32LE(dOps.readUInt32BE(4), 12);
  return new Uint8Array(head);
}

/** The DecoderSpecificInfo (tag 5) of an esds; absent for MP3. */
function audioSpecificConfig(esds: Buffer): Uint8Array | null {
  for (let at = 20; at + 2 < esds.length; at += 1) {
    if (esds[at] !== 5) continue;
    let lengthAt = at + 1;
    while (((esds[lengthAt] ?? 0) & 0x80) !== 0) lengthAt += 1;
    const length = esds[lengthAt] ?? 0;
    if (length > 0 && length < 16) return new Uint8Array(esds.subarray(lengthAt + 1, lengthAt + 1 + length));
  }
  return null;
}

const hasChild = (box: Buffer, name: string) => findChild(box, name) !== null;

function child(box: Buffer, name: string): Buffer {
  const found = findChild(box, name);
  if (!found) throw new Error(`no ${name} box`);
  return found;
}

function findChild(box: Buffer, name: string): Buffer | null {
  for (let at = 0; at + 8 <= box.length; ) {
    const size = box.readUInt32BE(at) || box.length - at;
    if (box.toString('latin1', at + 4, at + 8) === name) return box.subarray(at + 8, at + size);
    at += size;
  }
  return null;
}
