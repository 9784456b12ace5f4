// The measuring encoder: the time in each of its pictures survives an encode, a scale and another encode.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeCaptureTime } from '../../scripts/bench/capture-code.ts';
import { startCodedSource } from '../../scripts/bench/coded-source.ts';
import { FFMPEG } from '../support/ffmpeg.ts';

const dir = mkdtempSync(join(tmpdir(), 'footlight-coded-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('the measuring encoder', () => {
  it('writes 30 pictures a second whose times are read back after two encodes', async () => {
    const file = join(dir, 'coded.flv');
    const startedMs = Date.now();
    const source = startCodedSource({ ffmpeg: FFMPEG, url: file });
    await sleep(2500);
    await source.stop();
    const again = [
      '-v',
      'error',
      '-i',
      file,
      '-vf',
      'scale=426:240',
      '-c:v',
      'libx264',
      '-b:v',
      '300k',
      '-f',
      'mpegts',
      'pipe:1',
    ];
    const encoded = execFileSync(FFMPEG, again, { maxBuffer: 1e8 });
    const raw = [
      '-v',
      'error',
      '-f',
      'mpegts',
      '-i',
      'pipe:0',
      '-vf',
      'scale=426:240',
      '-f',
      'rawvideo',
      '-pix_fmt',
      'gray',
      'pipe:1',
    ];
    const frames = execFileSync(FFMPEG, raw, { input: encoded, maxBuffer: 1e8 });
    const size = 426 * 240;
    const times = Array.from({ length: Math.floor(frames.length / size) }, (_, index) => {
      const luma = (x: number, y: number): number =>
        frames[index * size + Math.floor(y * 240) * 426 + Math.floor(x * 426)] ?? 0;
      return decodeCaptureTime(luma, startedMs);
    });
    expect(times.length).toBeGreaterThan(45);
    expect(times.filter((time) => time === null)).toEqual([]);
    const steps = times.slice(1).map((time, index) => (time ?? 0) - (times[index] ?? 0));
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(33);
    expect(Math.abs((times[0] ?? 0) - startedMs)).toBeLessThan(500);
  });
});
