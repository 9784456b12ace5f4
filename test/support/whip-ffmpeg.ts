// An ffmpeg that can send by WHIP (version 8 or newer): the one that is named, or the system's.
import { spawnSync } from 'node:child_process';
import { FFMPEG } from './ffmpeg.ts';

/** null: there is none here. FOOTLIGHT_WHIP_FFMPEG names one beside the system's. */
export function findWhipFfmpeg(): string | null {
  const candidates = [process.env.FOOTLIGHT_WHIP_FFMPEG, FFMPEG];
  return candidates.find((path): path is string => Boolean(path) && hasWhip(path!)) ?? null;
}

function hasWhip(ffmpeg: string): boolean {
  const { stdout } = spawnSync(ffmpeg, ['-hide_banner', '-muxers'], { encoding: 'utf8', timeout: 10_000 });
  return /^\s*E\s+whip\b/m.test(stdout ?? '');
}
