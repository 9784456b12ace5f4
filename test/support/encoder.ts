// A real encoder that a test can shape, starve and kill: ffmpeg sending H.264 by RTMP (with AAC) or by WHIP (with Opus).
import { type ChildProcess, spawn } from 'node:child_process';
import { FFMPEG } from './ffmpeg.ts';

export interface EncoderOptions {
  /** With the key: rtmp://host:port/live/key; for WHIP the address alone. */
  url: string;
  /** Sends by WHIP with this bearer token; needs an ffmpeg that can (whip-ffmpeg.ts). */
  whipToken?: string;
  ffmpeg?: string;
  size?: string;
  fps?: number;
  /** Frames from one key frame to the next. */
  gop?: number;
  bframes?: number;
  hasAudio?: boolean;
  bitrate?: string;
}

export interface Encoder {
  pid: number;
  /** Exit code, or null after a signal; with all that it said. */
  exited: Promise<{ code: number | null; words: string }>;
  isRunning(): boolean;
  /** The way a person stops: q, the encoder says goodbye. */
  finish(): Promise<void>;
  /** The way a power cut stops: no goodbye. */
  kill(): Promise<void>;
}

export function startEncoder(options: EncoderOptions): Encoder {
  const child = spawn(options.ffmpeg ?? FFMPEG, argumentsOf(options), { stdio: ['pipe', 'ignore', 'pipe'] });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-8000);
  });
  child.stdin.on('error', () => undefined);
  const exited = new Promise<{ code: number | null; words: string }>((resolve) => {
    child.once('exit', (code) => resolve({ code, words }));
    child.once('error', (error) => resolve({ code: 1, words: error.message }));
  });
  const end = async (ask: (child: ChildProcess) => void): Promise<void> => {
    const limit = setTimeout(() => child.kill('SIGKILL'), 3000);
    ask(child);
    await exited;
    clearTimeout(limit);
  };
  return {
    pid: child.pid ?? 0,
    exited,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    finish: () => end((running) => running.stdin?.write('q')),
    kill: () => end((running) => running.kill('SIGKILL')),
  };
}

const argumentsOf = ({
  url,
  whipToken,
  size = '640x360',
  fps = 30,
  gop = fps,
  bframes = 0,
  hasAudio = true,
  bitrate = '900k',
}: EncoderOptions): string[] => [
  ...['-hide_banner', '-nostats', '-loglevel', 'warning'],
  ...['-re', '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${fps}`],
  ...(hasAudio ? ['-re', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000'] : []),
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-bf', String(bframes)],
  ...['-profile:v', whipToken === undefined ? 'main' : 'baseline'],
  ...(bframes === 0 ? ['-tune', 'zerolatency'] : []),
  ...['-g', String(gop), '-keyint_min', String(gop), '-sc_threshold', '0'],
  ...['-b:v', bitrate, '-maxrate', bitrate, '-bufsize', bitrate],
  ...(hasAudio ? ['-c:a', whipToken === undefined ? 'aac' : 'libopus', '-b:a', '96k', '-ac', '2'] : []),
  ...(whipToken === undefined ? ['-f', 'flv', url] : ['-f', 'whip', '-authorization', whipToken, url]),
];
