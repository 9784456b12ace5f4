// One broadcast with a played source and an encoder without pictures: every way in which either may fail.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Health } from '../../../src/protocol/health.ts';
import { PublishGrant } from '../../../src/protocol/ingest.ts';
import { createLog } from '../../../transcoder/log.ts';
import type { PublishItem } from '../../../transcoder/publisher/items.ts';
import { createPlanner } from '../../../transcoder/session/plan.ts';
import { Session } from '../../../transcoder/session/session.ts';
import { fakeEncoders } from '../../support/fake-encoder.ts';
import { AUDIO, audioFrame, FakeSource, VIDEO, videoFrame } from '../../support/fake-source.ts';

const grant = PublishGrant.parse({
  sessionId: 'se_aaaa',
  streamId: 'st_aaaa',
  channelId: 'ch_aaaa',
  latency: 'low',
});
const FRAME_MS = 1000 / 30;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_700_000_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

function broadcast({ protocol = 'rtmp' as 'rtmp' | 'whip', allowsCopy = false, availableUnits = 4 } = {}) {
  const source = new FakeSource(protocol);
  const encoders = fakeEncoders();
  const items: PublishItem[] = [];
  const reports: Health[] = [];
  const ended: string[] = [];
  const log: string[] = [];
  const session = new Session({
    ...{ grant, source, startEncoder: encoders.start, allowsCopy, clock: Date.now },
    log: createLog((line) => log.push(line), Date.now),
    plan: createPlanner({ settings: { passthrough: allowsCopy }, availableUnits: () => availableUnits }),
    publisher: {
      push: (item) => items.push(item),
      health: (health) => reports.push(health),
      poster: () => {},
      close: async (reason) => {
        items.push({ type: 'goodbye', reason });
      },
    },
    onPlan: () => {},
    onEnded: (reason) => ended.push(reason),
  });
  session.start();
  let clockMs = 0;
  let sentFrames = 0;
  /** Plays for some time in real pace: key frames every `gop` pictures. */
  const play = async (
    ms: number,
    {
      gop = 30,
      video = true,
      audio = true,
      offsetMs = 0,
      keys = true,
    }: { gop?: number; video?: boolean; audio?: boolean; offsetMs?: number; keys?: boolean } = {},
  ) => {
    const end = clockMs + ms;
    for (; clockMs < end - 0.01; clockMs += FRAME_MS) {
      const at = clockMs + offsetMs;
      if (video) source.emit({ type: 'frame', frame: videoFrame(at, Date.now(), keys && sentFrames % gop === 0) });
      if (audio) source.emit({ type: 'frame', frame: audioFrame(at, Date.now()) });
      sentFrames += 1;
      await vi.advanceTimersByTimeAsync(FRAME_MS);
    }
  };
  const tracks = ({ video = true, audio = true } = {}) => {
    if (video) source.emit({ type: 'track', track: VIDEO });
    if (audio) source.emit({ type: 'track', track: AUDIO });
  };
  /** The source is away: time passes, its clock runs on. */
  const pause = async (ms: number) => {
    clockMs += ms;
    await vi.advanceTimersByTimeAsync(ms);
  };
  const of = <Type extends PublishItem['type']>(type: Type) =>
    items.filter((item): item is Extract<PublishItem, { type: Type }> => item.type === type);
  return { source, encoders, items, reports, ended, session, play, tracks, pause, of, log };
}

/** Numbers grow, nothing is published twice, every generation begins where the one before ended. */
function expectSoundOrder(items: PublishItem[]): void {
  const seen = new Set<string>();
  let generation = -1;
  let newestMsn = -1;
  let newestPdt = 0;
  for (const item of items) {
    if (item.type === 'begin') {
      expect(item.generation).toBe(generation + 1);
      expect(item.firstMsn).toBe(newestMsn + 1);
      generation = item.generation;
    }
    if (item.type !== 'chunk' && item.type !== 'gap') continue;
    expect(item.generation).toBe(generation);
    const key = `${item.rendition}/${item.msn}/${item.type === 'chunk' ? `${item.part}/${item.chunk}` : 'gap'}`;
    expect(seen.has(key)).toBe(false);
    seen.add(key);
    if (item.msn > newestMsn && item.programDateTimeMs !== undefined) {
      expect(item.programDateTimeMs).toBeGreaterThanOrEqual(newestPdt);
      newestPdt = item.programDateTimeMs;
    }
    newestMsn = Math.max(newestMsn, item.msn);
  }
}

describe('a broadcast', () => {
  it('goes from hello to goodbye: begin, inits, chunks, whole segments, goodbye', async () => {
    const { source, play, tracks, items, of, ended } = broadcast();
    tracks();
    await play(5000);
    source.emit({ type: 'ended', clean: true, reason: 'the encoder said goodbye' });
    await vi.advanceTimersByTimeAsync(10);
    expect(items[0]).toMatchObject({ type: 'begin', generation: 0, firstMsn: 0 });
    expect(of('begin')[0]?.renditions.map(({ name }) => name)).toEqual(['360p', 'audio']);
    expect(items.slice(1, 3).map(({ type }) => type)).toEqual(['init', 'init']);
    expect(of('segment').filter(({ rendition }) => rendition === '360p')).toHaveLength(3);
    expect(items.at(-1)).toMatchObject({ type: 'goodbye', reason: 'the encoder said goodbye' });
    expect(ended).toEqual(['the encoder said goodbye']);
    expectSoundOrder(items);
  });

  it('stamps segments with the capture clock', async () => {
    const { play, tracks, of } = broadcast();
    const startMs = Date.now();
    tracks();
    await play(5000);
    const stamps = of('chunk').flatMap((item) => (item.rendition === '360p' ? (item.programDateTimeMs ?? []) : []));
    expect(stamps).toHaveLength(3);
    stamps.forEach((stamp, index) => {
      expect(Math.abs(stamp - (startMs + index * 2000))).toBeLessThan(5);
    });
  });

  it('waits a second for the sound and then goes on without it', async () => {
    const { play, tracks, encoders } = broadcast();
    tracks({ audio: false });
    await play(900, { audio: false });
    expect(encoders.started).toHaveLength(0);
    await play(300, { audio: false });
    expect(encoders.last().plan).toMatchObject({ audio: null, video: { codec: 'h264' } });
    expect(encoders.last().written[0]).toMatchObject({ kind: 'video', isKey: true, ptsMs: 10_000 });
  });

  it('starts anew when the sound comes late', async () => {
    const { play, tracks, encoders, source, items, ended } = broadcast();
    tracks({ audio: false });
    await play(3000, { audio: false });
    source.emit({ type: 'track', track: AUDIO });
    await play(2000);
    expect(encoders.started).toHaveLength(2);
    expect(encoders.last().plan.audio).toMatchObject({ codec: 'aac' });
    expectSoundOrder(items);
    expect(ended).toEqual([]);
  });

  it('is a radio when there is no picture', async () => {
    const { play, tracks, encoders, of } = broadcast();
    tracks({ video: false });
    await play(4000, { video: false });
    expect(encoders.last().plan).toMatchObject({ video: null });
    expect(of('begin')[0]?.renditions.map(({ name }) => name)).toEqual(['audio']);
    expect(of('chunk').length).toBeGreaterThan(6);
  });

  it('goes on without a track that stops, and takes it back', async () => {
    const { play, tracks, encoders, items } = broadcast();
    tracks();
    await play(2000);
    await play(5000, { audio: false });
    expect(encoders.last().plan.audio).toBeNull();
    await play(2000);
    expect(encoders.last().plan.audio).not.toBeNull();
    expectSoundOrder(items);
  });
});

describe('an encoder that dies', () => {
  it('is replaced at once, and the picture goes on where it broke off', async () => {
    const { play, tracks, encoders, items, of } = broadcast();
    tracks();
    await play(3500);
    const before = of('chunk').length;
    encoders.last().exit(false, 'SIGKILL');
    await play(1000);
    expect(encoders.started).toHaveLength(2);
    expect(of('begin')[1]).toMatchObject({ generation: 1, firstMsn: 2 });
    expect(of('chunk').length).toBeGreaterThan(before);
    // The key frame of the GOP is fed again, exactly where the old output ended.
    const fed = encoders.last().written;
    expect(fed[0]).toMatchObject({ kind: 'video', isKey: true });
    expect(fed[0]?.ptsMs).toBeCloseTo(13_333.3, 0);
    for (let index = 1; index < fed.length; index += 1) {
      expect(fed[index]?.dtsMs ?? 0).toBeGreaterThanOrEqual((fed[index - 1]?.dtsMs ?? 0) - 34);
    }
    expectSoundOrder(items);
  });

  it('is replaced at once also when its key frame was nine seconds ago', async () => {
    const { play, tracks, encoders, of, items } = broadcast();
    tracks();
    await play(9000, { gop: 300 });
    encoders.last().exit(false, 'SIGKILL');
    const before = of('chunk').length;
    await play(700, { gop: 300 });
    expect(encoders.started).toHaveLength(2);
    expect(of('chunk').length).toBeGreaterThan(before);
    expectSoundOrder(items);
  });

  it('closes the open segment of every rendition before the new generation begins', async () => {
    const { play, tracks, encoders, of, items } = broadcast();
    tracks();
    await play(3000);
    encoders.last().exit(false, 'SIGKILL');
    await play(500);
    const closed = of('segment').filter(({ generation, msn }) => generation === 0 && msn === 1);
    expect(closed.map(({ rendition, parts }) => [rendition, parts])).toEqual([
      ['360p', 2],
      ['audio', 2],
    ]);
    expect(items.indexOf(closed[1]!)).toBeLessThan(
      items.findIndex((item) => item.type === 'begin' && item.generation === 1),
    );
  });

  it('is given up after the third time in a minute, and the source is let go with the reason', async () => {
    const { play, tracks, encoders, source, ended, items } = broadcast();
    tracks();
    for (let time = 0; time < 3; time += 1) {
      await play(2500);
      encoders.last().exit(false, 'Invalid data');
    }
    await play(500);
    expect(encoders.started).toHaveLength(3);
    expect(source.stoppedWith).toMatch(/failed 3 times within a minute.*Invalid data/);
    expect(ended).toHaveLength(1);
    expect(items.at(-1)?.type).toBe('goodbye');
  });

  it('is killed when no part comes for four seconds while input flows', async () => {
    const { play, tracks, encoders, ended } = broadcast({ allowsCopy: false });
    tracks();
    await play(2000);
    encoders.last().isStalled = true;
    await play(5000);
    expect(encoders.started[0]?.isKilled).toBe(true);
    expect(encoders.started).toHaveLength(2);
    expect(ended).toEqual([]);
  });

  it('is killed when more waits for it than memory has room for', async () => {
    const { play, tracks, encoders } = broadcast();
    tracks();
    await play(2000);
    encoders.last().backlog = 64 * 1024 * 1024;
    await play(200);
    expect(encoders.started[0]?.isKilled).toBe(true);
    expect(encoders.started).toHaveLength(2);
  });

  it('is not blamed for a source that is silent', async () => {
    const { play, tracks, encoders, pause, ended } = broadcast();
    tracks();
    for (let time = 0; time < 4; time += 1) {
      await play(2000);
      await pause(8000);
    }
    await play(1000);
    expect(encoders.started.every(({ isKilled }) => !isKilled)).toBe(true);
    expect(ended).toEqual([]);
  });

  it('is planned without the sound when the sound is what it waits for', async () => {
    const { play, tracks, encoders, ended } = broadcast();
    tracks();
    await play(2000);
    encoders.last().exit(false, 'audio did not come', 'audio_missing');
    await play(300, { audio: false });
    expect(encoders.last().plan.audio).toBeNull();
    expect(ended).toEqual([]);
  });
});

describe('a source whose clock jumps', () => {
  it.each([
    ['back to zero after five seconds', -2000 - 5000, 5000],
    ['hours ahead', 7_200_000, 0],
    ['three seconds back', -3000, 0],
  ])('%s: a new generation follows on the same timeline', async (_, offsetMs, awayMs) => {
    const { play, tracks, encoders, items, pause, of } = broadcast();
    tracks();
    await play(3000);
    if (awayMs) await pause(awayMs);
    await play(3000, { offsetMs });
    expect(encoders.started).toHaveLength(2);
    expect(encoders.started[0]?.isEnded).toBe(true);
    const [first, second] = of('begin');
    expect(second?.firstMsn).toBeGreaterThan(first?.firstMsn ?? 0);
    // On the wall: the time that it was away is on the timeline.
    const startedAt = encoders.last().written[0]?.ptsMs ?? 0;
    expect(Math.abs(startedAt - 13_000 - awayMs)).toBeLessThan(1100);
    expectSoundOrder(items);
  });

  it.each([
    [1500, 1],
    [5000, 2],
  ])('is not to blame when it was away for %i ms and its clock ran on: %i encoder(s)', async (awayMs, count) => {
    const { play, tracks, encoders, pause, items } = broadcast();
    tracks();
    await play(3000);
    await pause(awayMs);
    await play(1500);
    expect(encoders.started).toHaveLength(count);
    expectSoundOrder(items);
  });
});

describe('a source that would keep us busy for ever', () => {
  it('by sound that comes but fails: it stays out, longer each time', async () => {
    const { play, tracks, encoders, ended } = broadcast();
    tracks();
    await play(2000);
    for (let time = 0; time < 3; time += 1) {
      encoders.last().exit(false, 'audio did not come', 'audio_missing');
      await play(3000);
      expect(encoders.last().plan.audio).toBeNull();
      await play(5000 * (time + 1));
      expect(encoders.last().plan.audio).not.toBeNull();
    }
    expect(encoders.started).toHaveLength(7);
    expect(ended).toEqual([]);
  });

  it('by a clock that jumps again and again: it is let go', async () => {
    const { play, tracks, source, ended } = broadcast();
    tracks();
    for (let jump = 0; jump < 25; jump += 1) await play(300, { offsetMs: jump * -5000 });
    expect(source.stoppedWith).toMatch(/clock of your encoder jumps again and again/);
    await vi.advanceTimersByTimeAsync(2000);
    expect(ended).toHaveLength(1);
  });
});

describe('too much work', () => {
  it('drops input to a key frame first, then sheds the heaviest rung; the delay stays bounded', async () => {
    const { play, source, encoders, reports, items } = broadcast();
    source.emit({ type: 'track', track: { ...VIDEO, width: 1280, height: 720 } });
    source.emit({ type: 'track', track: AUDIO });
    await play(2000);
    expect(encoders.last().names).toEqual(['720p', '480p', '360p', 'audio']);
    encoders.last().isStalled = true;
    await play(2500);
    expect(encoders.started).toHaveLength(1);
    encoders.last().resume();
    await play(1500);
    const frames = encoders.last().written.filter(({ kind }) => kind === 'video');
    const holes = frames.filter((frame, index) => index > 0 && frame.ptsMs - (frames[index - 1]?.ptsMs ?? 0) > 100);
    expect(holes.length).toBeGreaterThanOrEqual(1);
    expect(holes.every(({ isKey }) => isKey)).toBe(true);
    encoders.last().isStalled = true;
    await play(2500);
    expect(encoders.started).toHaveLength(2);
    expect(encoders.last().names).toEqual(['480p', '360p', 'audio']);
    expect(Math.max(...reports.map(({ encoderLagMs }) => encoderLagMs))).toBeLessThan(4000);
    await play(1500);
    expect(reports.at(-1)?.warnings.map(({ code }) => code)).toContain('renditions_shed');
    expectSoundOrder(items);
  });

  it('is no failure of the encoder while the next key frame is far away', async () => {
    const { play, tracks, encoders, of, log } = broadcast();
    tracks();
    await play(1000, { gop: 300 });
    encoders.last().isStalled = true;
    await play(2500, { gop: 300 });
    encoders.last().resume();
    await play(6000, { gop: 300 });
    const before = of('chunk').length;
    await play(2500, { gop: 300 });
    expect(of('chunk').length).toBeGreaterThan(before);
    expect(encoders.started).toHaveLength(1);
    expect(log.filter((line) => line.includes('failed'))).toEqual([]);
  });

  it('does not hide an encoder that stands still for good', async () => {
    const { play, tracks, encoders } = broadcast();
    tracks();
    await play(1000, { gop: 300 });
    encoders.last().isStalled = true;
    await play(4500, { gop: 300 });
    expect(encoders.started[0]?.isKilled).toBe(true);
  });

  it('restarts no encoder when there is no rung left to give up', async () => {
    const { play, tracks, encoders, of } = broadcast();
    tracks();
    await play(1000);
    expect(encoders.last().names).toEqual(['360p', 'audio']);
    for (let times = 0; times < 3; times += 1) {
      encoders.last().isStalled = true;
      await play(2500);
      encoders.last().resume();
      await play(1500);
    }
    expect(encoders.started).toHaveLength(1);
    expect(of('begin')).toHaveLength(1);
  });
});

describe('a source that may be copied', () => {
  it('is the top rendition as it is, when its key frames are regular', async () => {
    const { play, tracks, encoders } = broadcast({ allowsCopy: true });
    tracks();
    await play(500);
    expect(encoders.started).toHaveLength(0);
    await play(700);
    expect(encoders.last().plan.renditions[0]).toMatchObject({ video: { copied: true, width: 640, height: 360 } });
    expect(encoders.last().written[0]).toMatchObject({ isKey: true, ptsMs: 10_000 });
  });

  it('is transcoded when its key frames are too far apart', async () => {
    const { play, tracks, encoders } = broadcast({ allowsCopy: true });
    tracks();
    await play(2500, { gop: 150 });
    expect(encoders.last().plan.renditions.some(({ video }) => video?.copied)).toBe(false);
  });

  it('is never copied from a browser', async () => {
    const { play, tracks, encoders, source } = broadcast({ protocol: 'whip', allowsCopy: true });
    tracks();
    await play(500);
    expect(encoders.last().plan.renditions.some(({ video }) => video?.copied)).toBe(false);
    expect(source.keyFramesAsked).toBeGreaterThan(0);
  });

  it('starts anew after a gap that a part could not hold', async () => {
    const { play, tracks, encoders, pause, items } = broadcast({ allowsCopy: true });
    tracks();
    await play(3000);
    await pause(1000);
    await play(3000);
    expect(encoders.started).toHaveLength(2);
    expect(encoders.last().plan.renditions[0]?.video?.copied).toBe(true);
    expectSoundOrder(items);
  });

  it('is transcoded from the moment its key frames stop coming', async () => {
    const { play, tracks, encoders, items } = broadcast({ allowsCopy: true });
    tracks();
    await play(3000);
    await play(3000, { keys: false });
    expect(encoders.last().plan.renditions.some(({ video }) => video?.copied)).toBe(false);
    expectSoundOrder(items);
  });
});

describe('a track that changes', () => {
  it('in size only goes on in the same encoder, with the new parameter sets in front of the key frame', async () => {
    const { play, tracks, encoders, source } = broadcast();
    tracks();
    await play(2000);
    const config = Uint8Array.of(1, 66, 0, 31, 255, 225, 0, 4, 0x67, 66, 0, 40, 1, 0, 2, 0x68, 2);
    source.emit({ type: 'track', track: { ...VIDEO, config, width: 360, height: 640 } });
    await play(1000);
    expect(encoders.started).toHaveLength(1);
    const key = encoders.last().written.findLast(({ isKey, kind }) => isKey && kind === 'video');
    expect([...(key?.data.subarray(0, 14) ?? [])]).toEqual([0, 0, 0, 4, 0x67, 66, 0, 40, 0, 0, 0, 2, 0x68, 2]);
  });

  it('in codec starts a new encoder', async () => {
    const { play, tracks, encoders, source, items } = broadcast();
    tracks();
    await play(2000);
    source.emit({ type: 'track', track: { ...VIDEO, codec: 'hevc' } });
    await play(1500);
    expect(encoders.started).toHaveLength(2);
    expect(encoders.last().plan.video?.codec).toBe('hevc');
    expectSoundOrder(items);
  });
});

describe('the end', () => {
  it('comes when the origin says stop: the encoder is let go with the words', async () => {
    const { play, tracks, session, source, ended } = broadcast();
    tracks();
    await play(1000);
    session.stop('The stream was ended.');
    session.stop('again');
    await vi.advanceTimersByTimeAsync(10);
    expect(source.stoppedWith).toBe('The stream was ended.');
    expect(ended).toEqual(['The stream was ended.']);
  });

  it('comes to a source that never sent anything', async () => {
    const { source, ended, items } = broadcast();
    source.emit({ type: 'ended', clean: false, reason: 'the connection was lost' });
    await vi.advanceTimersByTimeAsync(10);
    expect(ended).toEqual(['the connection was lost']);
    expect(items.map(({ type }) => type)).toEqual(['goodbye']);
  });

  it('comes to a source that sends nothing to begin with', async () => {
    const { play, tracks, source, ended, of } = broadcast();
    tracks({ audio: false });
    await play(29_000, { audio: false, keys: false });
    expect(source.stoppedWith).toBeNull();
    await play(2000, { audio: false, keys: false });
    expect(source.stoppedWith).toMatch(/neither a key frame nor usable sound/);
    expect(of('goodbye')).toHaveLength(1);
    expect(ended).toHaveLength(1);
  });

  it('comes to a source that never sends another key frame when one is needed', async () => {
    const { play, tracks, source } = broadcast();
    tracks({ audio: false });
    await play(3000, { audio: false });
    await play(1, { audio: false, keys: false, offsetMs: 60_000 });
    await play(31_000, { audio: false, keys: false, offsetMs: 60_000 });
    expect(source.stoppedWith).toMatch(/neither a key frame nor usable sound/);
  });

  it('comes to one broadcast only when something in it breaks', async () => {
    const { play, tracks, encoders, ended, source } = broadcast();
    tracks();
    await play(1000);
    encoders.last().write = () => {
      throw new Error('boom');
    };
    await play(100);
    await vi.advanceTimersByTimeAsync(2000);
    expect(ended).toHaveLength(1);
    expect(source.stoppedWith).toMatch(/Something broke/);
  });
});
