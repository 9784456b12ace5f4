// The built-in test broadcast: a moving picture with a clock and a tone, sent through the real RTMP door.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type Child, startChild } from './children.ts';
import type { Settings } from './settings.ts';

const RATE = 30;
const PICTURE = `testsrc2=size=854x480:rate=${RATE}`;
const CLOCK =
  "drawtext=text='%{localtime\\:%H\\\\\\:%M\\\\\\:%S}':fontsize=56:fontcolor=white:box=1:boxcolor=black@0.65:boxborderw=14:x=(w-tw)/2:y=h-th-40";
const PROBE_LIMIT_MS = 5000;
/** A broadcast that died is started again after this long. */
const RESTART_DELAY_MS = 1000;

export interface Broadcast {
  stop(): Promise<void>;
}

/** Keeps sending until it is stopped. */
export function startBroadcast(settings: Settings, ffmpeg: string, streamKey: string): Broadcast {
  const args = broadcastArguments(`${settings.rtmpUrl}/${streamKey}`, canDrawClock(ffmpeg));
  let stopping = false;
  let child: Child | null = null;
  let restart: NodeJS.Timeout | undefined;

  const start = (): void => {
    child = startChild({
      name: 'test broadcast',
      command: ffmpeg,
      args,
      cwd: settings.root,
      logFile: join(settings.logDir, 'broadcast.log'),
      graceMs: 700,
    });
    child.exited.then(() => {
      if (!stopping) restart = setTimeout(start, RESTART_DELAY_MS);
    });
  };

  start();
  return {
    stop: async () => {
      stopping = true;
      clearTimeout(restart);
      await child?.stop();
    },
  };
}

export const broadcastArguments = (url: string, hasClock: boolean): string[] => [
  ...['-hide_banner', '-nostats', '-loglevel', 'warning'],
  ...['-re', '-f', 'lavfi', '-i', hasClock ? `${PICTURE},${CLOCK}` : PICTURE],
  ...['-re', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000,volume=0.2'],
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p'],
  ...['-b:v', '1500k', '-maxrate', '1500k', '-bufsize', '1500k'],
  ...['-g', String(RATE), '-keyint_min', String(RATE), '-sc_threshold', '0'],
  ...['-c:a', 'aac', '-b:a', '96k', '-ac', '2'],
  ...['-f', 'flv', url],
];

/** Not every ffmpeg can write text, nor has every machine a font; the picture counts its own seconds either way. */
const canDrawClock = (ffmpeg: string): boolean =>
  spawnSync(
    ffmpeg,
    ['-v', 'error', '-f', 'lavfi', '-i', `color=size=64x64,${CLOCK}`, '-frames:v', '1', '-f', 'null', '-'],
    { stdio: 'ignore', timeout: PROBE_LIMIT_MS },
  ).status === 0;
