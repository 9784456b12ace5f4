// Every way in which a source or ffmpeg may fail, with the real encoder: what a player would see.
import { afterEach, describe, expect, it } from 'vitest';
import type { Frame } from '../../../transcoder/media.ts';
import { decode, flawsOf, goLive, type Live, type LiveOptions } from '../../support/live-session.ts';
import { type ClipOptions, loopFrames, makeClip } from '../../support/media-source.ts';
import { randomFrom } from '../../support/random.ts';
import { sleep } from '../../support/sleep.ts';

/** 0.37 s on an idle machine; the tests share theirs. */
const KILL_TO_PART_MS = 2000;

let live: Live | null = null;
afterEach(async () => {
  await live?.finish();
  expect(live?.encoders()).toEqual([]);
  live = null;
});

async function begin(clipOptions: ClipOptions = {}, options: Partial<LiveOptions> = {}) {
  const clip = makeClip({ seconds: 4, width: 320, height: 180, gopSeconds: 1, ...clipOptions });
  live = await goLive({ clip, ...options });
  const frames = (fromSeconds: number, toSeconds: number): Frame[] =>
    loopFrames(clip, toSeconds).filter(({ dtsMs }) => dtsMs >= fromSeconds * 1000);
  return { ...live, clip, frames };
}

const generations = (run: Live) => run.origin.begins.map(({ generation }) => generation);

describe('a source that stops and comes back', () => {
  it('with its clock at zero again: a discontinuity, and the timeline runs on', async () => {
    const run = await begin();
    await run.play(run.frames(0, 3));
    await sleep(5000);
    await run.play(run.frames(0, 3));
    await run.finish();
    expect(generations(run)).toEqual([1, 2]);
    expect(flawsOf(run.origin)).toEqual([]);
    const [first, second] = run.origin.begins;
    expect(second?.firstMsn).toBeGreaterThan(first?.firstMsn ?? 0);
    const stamps = run.origin.partsOf('180p').filter(({ part }) => part === 0);
    const restart = stamps.find(({ generation }) => generation === 2)?.programDateTimeMs ?? 0;
    expect(Math.abs(restart - (stamps[0]?.programDateTimeMs ?? 0) - 8000)).toBeLessThan(300);
    for (const generation of [1, 2]) expect(decode(run.origin, generation, '180p').complaints).toBe('');
  });

  it('after a moment: the gap is filled, no part is missing', async () => {
    const run = await begin();
    await run.play(run.frames(0, 2));
    await sleep(1500);
    await run.play(run.frames(3.5, 5.5));
    await run.finish();
    expect(generations(run)).toEqual([1]);
    expect(flawsOf(run.origin)).toEqual([]);
    expect(decode(run.origin, 1, '180p').seconds).toBeGreaterThan(5.1);
  });

  it('with its clock running on: a discontinuity, and the capture clock tells how long it was away', async () => {
    const run = await begin();
    await run.play(run.frames(0, 2));
    await sleep(5000);
    await run.play(run.frames(7, 10));
    await run.finish();
    expect(generations(run)).toEqual([1, 2]);
    expect(flawsOf(run.origin)).toEqual([]);
    const stamps = run.origin.partsOf('180p').filter(({ part }) => part === 0);
    const restart = stamps.find(({ generation }) => generation === 2)?.programDateTimeMs ?? 0;
    expect(Math.abs(restart - (stamps[0]?.programDateTimeMs ?? 0) - 7000)).toBeLessThan(300);
  });
});

describe('a clock that jumps', () => {
  it.each([
    ['hours ahead', 7_200_000],
    ['back', -2500],
  ])('%s: the stream goes on within a GOP', async (_, offsetMs) => {
    const run = await begin();
    await run.play(run.frames(0, 3));
    const jumpedAt = Date.now();
    await run.play(run.frames(3, 6), offsetMs);
    await run.finish();
    expect(generations(run)).toEqual([1, 2]);
    expect(flawsOf(run.origin)).toEqual([]);
    const next = run.origin.chunks.find(({ generation }) => generation === 2);
    expect((next?.atMs ?? Number.POSITIVE_INFINITY) - jumpedAt).toBeLessThan(2500);
    expect(decode(run.origin, 2, '180p').complaints).toBe('');
  });
});

describe('ffmpeg killed with SIGKILL in the middle', () => {
  it.each([
    ['transcoded', false],
    ['copied', true],
  ])('%s: the next part comes at once, in a new generation', async (_, allowsCopy) => {
    const run = await begin({}, { allowsCopy });
    const playing = run.play(run.frames(0, 7));
    await sleep(4200);
    const victims = run.encoders();
    expect(victims).toHaveLength(1);
    const killedAt = Date.now();
    process.kill(victims[0]!, 'SIGKILL');
    await playing;
    await run.finish();
    expect(generations(run)).toEqual([1, 2]);
    const newest = Math.max(...run.origin.chunks.filter(({ generation }) => generation === 1).map(({ msn }) => msn));
    expect(run.origin.begins[1]?.firstMsn).toBe(newest + 1);
    const next = run.origin.chunks.find(({ generation }) => generation === 2);
    expect((next?.atMs ?? Number.POSITIVE_INFINITY) - killedAt).toBeLessThan(KILL_TO_PART_MS);
    expect(flawsOf(run.origin)).toEqual([]);
    // Nothing is shown twice: the two generations together are as long as the broadcast.
    const seconds = [1, 2].map((generation) => decode(run.origin, generation, '180p').seconds);
    expect(seconds[0]! + seconds[1]!).toBeGreaterThan(6.6);
    expect(seconds[0]! + seconds[1]!).toBeLessThan(7.1);
    for (const generation of [1, 2]) expect(decode(run.origin, generation, '180p').complaints).toBe('');
  });

  it('that stands still is killed by the watchdog, and the stream goes on', async () => {
    const run = await begin();
    const playing = run.play(run.frames(0, 10));
    await sleep(2500);
    const stuck = run.encoders();
    process.kill(stuck[0]!, 'SIGSTOP');
    await playing;
    expect(run.encoders()).not.toContain(stuck[0]);
    await run.finish();
    expect(generations(run)).toEqual([1, 2]);
    expect(run.ended).toHaveLength(1);
    expect(flawsOf(run.origin)).toEqual([]);
    expect(decode(run.origin, 2, '180p').seconds).toBeGreaterThan(1.5);
  });
});

describe('a source that is not like the others', () => {
  it('without sound is on air within two seconds', async () => {
    const run = await begin({ audio: null });
    const startedAt = Date.now();
    await run.play(run.frames(0, 4));
    await run.finish();
    expect((run.origin.chunks[0]?.atMs ?? Number.POSITIVE_INFINITY) - startedAt).toBeLessThan(2000);
    expect(decode(run.origin, 1, '180p')).toMatchObject({ complaints: '', hasAudio: false });
    expect(flawsOf(run.origin)).toEqual([]);
  });

  it('without a picture is a radio', async () => {
    const run = await begin({ video: null });
    await run.play(run.frames(0, 5));
    await run.finish();
    expect(run.origin.begins[0]?.renditions.map(({ name }) => name)).toEqual(['audio']);
    expect(decode(run.origin, 1, 'audio')).toMatchObject({ complaints: '', hasAudio: true, width: null });
    expect(flawsOf(run.origin)).toEqual([]);
  });

  it.each([
    ['portrait', { width: 180, height: 320 }, [180, 320]],
    ['of an odd size', { width: 427, height: 241, pixelFormat: 'yuv444p' }, [426, 240]],
  ] as const)('%s keeps its shape', async (_, size, [width, height]) => {
    const run = await begin(size);
    await run.play(run.frames(0, 3));
    await run.finish();
    const name = run.origin.begins[0]?.renditions[0]?.name ?? '';
    expect(decode(run.origin, 1, name)).toMatchObject({ complaints: '', width, height });
    expect(flawsOf(run.origin)).toEqual([]);
  });

  it('that turns from landscape to portrait goes on in the same box', async () => {
    const run = await begin();
    const upright = makeClip({ seconds: 4, width: 180, height: 320, gopSeconds: 1 });
    await run.play(run.frames(0, 3));
    run.source.emit({ type: 'track', track: upright.video! });
    await run.play(loopFrames(upright, 3), 3000);
    await run.finish();
    expect(generations(run)).toEqual([1]);
    expect(flawsOf(run.origin)).toEqual([]);
    expect(decode(run.origin, 1, '180p')).toMatchObject({ complaints: '', width: 320, height: 180 });
    expect(decode(run.origin, 1, '180p').seconds).toBeGreaterThan(5.6);
  });

  it('whose sound comes late gets it, in a new generation', async () => {
    const run = await begin();
    const isPicture = ({ kind }: Frame): boolean => kind === 'video';
    await run.play(run.frames(0, 3).filter(isPicture));
    await run.play(run.frames(3, 6));
    await run.finish();
    expect(generations(run)).toEqual([1, 2]);
    expect(decode(run.origin, 1, '180p')).toMatchObject({ complaints: '', hasAudio: false });
    expect(decode(run.origin, 2, '180p')).toMatchObject({ complaints: '', hasAudio: true });
    expect(flawsOf(run.origin)).toEqual([]);
  });

  it('whose sound stops goes on without it', async () => {
    const run = await begin();
    await run.play(run.frames(0, 2));
    await run.play(run.frames(2, 8).filter(({ kind }) => kind === 'video'));
    await run.finish();
    expect(generations(run).length).toBeGreaterThan(1);
    expect(flawsOf(run.origin)).toEqual([]);
    const last = run.origin.begins.at(-1)?.generation ?? 0;
    expect(decode(run.origin, last, '180p')).toMatchObject({ complaints: '', hasAudio: false });
    expect(run.ended).toHaveLength(1);
  });

  it('with garbage in its pictures goes on', async () => {
    const run = await begin();
    const random = randomFrom(7);
    const damaged = run.frames(0, 5).map((frame) => {
      if (frame.kind === 'audio' || random() > 0.1) return frame;
      const data = frame.data.slice();
      for (let hit = 0; hit < 20; hit += 1) data[Math.floor(random() * data.length)] = Math.floor(random() * 256);
      return { ...frame, data };
    });
    await run.play(damaged);
    await run.finish();
    expect(run.source.stoppedWith).toBeNull();
    expect(flawsOf(run.origin)).toEqual([]);
    expect(decode(run.origin, 1, '180p').seconds).toBeGreaterThan(3);
  });

  it('that is good is copied, and its copy is the top rendition', async () => {
    const run = await begin({ width: 640, height: 360 }, { allowsCopy: true });
    await run.play(run.frames(0, 5));
    await run.finish();
    expect(run.origin.begins[0]?.renditions[0]).toMatchObject({
      name: '360p',
      isSource: true,
      width: 640,
      height: 360,
    });
    expect(flawsOf(run.origin)).toEqual([]);
    expect(decode(run.origin, 1, '360p').complaints).toBe('');
  });
});

describe('an encoder with too little to run on', () => {
  it('sheds the heaviest rung, and the delay stays bounded', async () => {
    const run = await begin({ width: 640, height: 480, seconds: 4 });
    const playing = run.play(run.frames(0, 13));
    let isThrottling = true;
    // A twentieth of a processor: runs 50 ms of every second.
    const throttling = (async () => {
      await sleep(1500);
      while (isThrottling && run.origin.begins.length < 2) {
        const pids = run.encoders();
        for (const pid of pids) signal(pid, 'SIGSTOP');
        await sleep(950);
        for (const pid of pids) signal(pid, 'SIGCONT');
        await sleep(50);
      }
    })();
    await playing;
    isThrottling = false;
    await throttling;
    await run.finish();
    expect(run.origin.begins[0]?.renditions.map(({ name }) => name)).toEqual(['480p', '360p', 'audio']);
    const lags = run.origin.health.map(({ encoderLagMs }) => encoderLagMs);
    expect(Math.max(...lags)).toBeLessThan(5000);
    // The first to go is the heaviest; the sound and the lightest picture stay.
    expect(run.origin.begins[1]?.renditions.map(({ name }) => name)).toEqual(['360p', 'audio']);
    expect(flawsOf(run.origin)).toEqual([]);
  });
});

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has gone by itself.
  }
}
