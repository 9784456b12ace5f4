// An encoder whose every frame carries its capture time: raw pictures paced by the wall clock, through ffmpeg, by RTMP.
import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { CODE_COLUMNS, CODE_ROWS, CODE_STRIP, encodeCaptureTime } from './capture-code.ts';

const WHITE = 235;
const BLACK = 16;
/** Different pictures behind the code, so that the encoder has real work. */
const BACKGROUNDS = 15;
const SAMPLE_RATE = 48_000;
/** The sound is handed over this much early: a muxer that waits for it would hold the pictures back. */
const SOUND_AHEAD_MS = 120;

export interface CodedSourceOptions {
  ffmpeg: string;
  /** With the key. */
  url: string;
  width?: number;
  height?: number;
  fps?: number;
}

export interface CodedSource {
  stop(): Promise<void>;
}

export function startCodedSource({
  ffmpeg,
  url,
  width = 640,
  height = 360,
  fps = 30,
}: CodedSourceOptions): CodedSource {
  const child = spawn(ffmpeg, argumentsOf({ url, width, height, fps }), {
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
  });
  const pictures = child.stdio[0] as Writable;
  const sound = child.stdio[3] as Writable;
  sound.on('error', () => undefined);
  pictures.on('error', () => undefined);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const backgrounds = Array.from({ length: BACKGROUNDS }, (_, index) => background(width, height, index));
  const startedMs = Date.now();
  let sent = 0;
  let sentSamples = 0;
  const timer = setInterval(() => {
    // Every frame is written, also when the timer was late: its code says when it should have been captured.
    for (let dueMs = startedMs + (sent * 1000) / fps; dueMs <= Date.now(); dueMs = startedMs + (sent * 1000) / fps) {
      if (pictures.destroyed) return;
      const frame = Buffer.from(backgrounds[sent % BACKGROUNDS]!);
      drawCode(frame, width, height, encodeCaptureTime(dueMs));
      pictures.write(frame);
      sent += 1;
    }
    const dueSamples = Math.floor(((Date.now() - startedMs + SOUND_AHEAD_MS) * SAMPLE_RATE) / 1000);
    if (dueSamples > sentSamples && !sound.destroyed) sound.write(tone(sentSamples, dueSamples));
    sentSamples = dueSamples;
  }, 4);
  return {
    stop: async () => {
      clearInterval(timer);
      const limit = setTimeout(() => child.kill('SIGKILL'), 2000);
      pictures.destroy();
      sound.destroy();
      child.kill('SIGINT');
      await exited;
      clearTimeout(limit);
    },
  };
}

/** A quiet 440 Hz from one sample to another. */
function tone(from: number, to: number): Buffer {
  const samples = Int16Array.from(
    { length: to - from },
    (_, at) => 3000 * Math.sin(((from + at) * 2 * Math.PI * 440) / SAMPLE_RATE),
  );
  return Buffer.from(samples.buffer);
}

/** Paints the blocks over the top of a yuv420p picture. */
function drawCode(frame: Buffer, width: number, height: number, blocks: boolean[]): void {
  const strip = Math.round(height * CODE_STRIP);
  for (let y = 0; y < strip; y += 1) {
    const row = Math.floor((y / strip) * CODE_ROWS);
    for (let column = 0; column < CODE_COLUMNS; column += 1) {
      const from = y * width + Math.floor((column * width) / CODE_COLUMNS);
      const to = y * width + Math.floor(((column + 1) * width) / CODE_COLUMNS);
      frame.fill(blocks[row * CODE_COLUMNS + column] ? WHITE : BLACK, from, to);
    }
  }
  // No colour within the strip.
  const size = width * height;
  const chroma = (Math.ceil(strip / 2) * width) / 2;
  frame.fill(128, size, size + chroma);
  frame.fill(128, size + size / 4, size + size / 4 + chroma);
}

/** Moving waves with a little fixed grain. */
function background(width: number, height: number, phase: number): Buffer {
  const frame = Buffer.alloc((width * height * 3) / 2, 128);
  const turn = (phase / BACKGROUNDS) * 2 * Math.PI;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const grain = (x * 2654435761 + y * 40503) % 23;
      frame[y * width + x] = 110 + 60 * Math.sin(x / 37 + turn) * Math.cos(y / 29 - turn) + grain;
    }
  }
  for (let at = width * height; at < frame.length; at += 1) frame[at] = 128 + 30 * Math.sin(at / 4000 + turn);
  return frame;
}

const argumentsOf = ({
  url,
  width,
  height,
  fps,
}: {
  url: string;
  width: number;
  height: number;
  fps: number;
}): string[] => [
  ...['-hide_banner', '-nostats', '-loglevel', 'error'],
  ...['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-video_size', `${width}x${height}`, '-framerate', String(fps)],
  ...['-probesize', '32', '-analyzeduration', '0', '-i', 'pipe:0'],
  ...['-f', 's16le', '-ar', String(SAMPLE_RATE), '-ac', '1', '-i', 'pipe:3'],
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p'],
  // Key frames every 2.5 s: too far apart to be copied, so what is measured is the transcoded path.
  ...['-g', String(Math.round(fps * 2.5)), '-b:v', '1500k', '-maxrate', '1500k', '-bufsize', '1500k'],
  ...['-c:a', 'aac', '-b:a', '96k', '-ac', '2', '-flush_packets', '1', '-f', 'flv', url],
];
