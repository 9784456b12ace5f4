// The small rules of a session: what is kept, what is fed again, when input is dropped, when to give up.
import { describe, expect, it } from 'vitest';
import { LATENCY_SHAPES } from '../../../src/protocol/latency.ts';
import { GopBuffer } from '../../../transcoder/session/gop-buffer.ts';
import { Opening } from '../../../transcoder/session/opening.ts';
import { Overload } from '../../../transcoder/session/overload.ts';
import { judgeFirstGop } from '../../../transcoder/session/passthrough.ts';
import { createPlanner, measure } from '../../../transcoder/session/plan.ts';
import { rejoin } from '../../../transcoder/session/rejoin.ts';
import { Restarts } from '../../../transcoder/session/restarts.ts';
import { AUDIO, audioFrame, VIDEO, videoFrame } from '../../support/fake-source.ts';

const pictures = (count: number, gop: number, stepMs = 1000 / 30) =>
  Array.from({ length: count }, (_, index) => videoFrame(10_000 + index * stepMs, 0, index % gop === 0));

describe('the GOP that is kept', () => {
  const limits = { maxMs: 4000, maxBytes: 10_000, hasVideo: true };
  it('begins with the newest key frame', () => {
    const gop = new GopBuffer(limits);
    for (const frame of [
      videoFrame(0, 0),
      ...pictures(35, 30).map((frame) => ({ ...frame, data: new Uint8Array(10) })),
    ])
      gop.push(frame);
    expect(gop.frames).toHaveLength(5);
    expect(gop.frames[0]?.isKey).toBe(true);
    expect(gop.bytes).toBe(50);
  });

  it('is given up when it is too long or too large, until the next key frame', () => {
    const large = new GopBuffer(limits);
    for (const frame of pictures(12, 100)) large.push(frame);
    expect([large.frames.length, large.bytes]).toEqual([0, 0]);
    const long = new GopBuffer({ ...limits, maxBytes: 1e9 });
    for (const frame of pictures(130, 1000)) long.push(frame);
    expect(long.frames).toHaveLength(0);
    long.push(videoFrame(20_000, 0, true));
    expect(long.frames).toHaveLength(1);
  });

  it('is the newest second of a radio', () => {
    const gop = new GopBuffer({ ...limits, hasVideo: false });
    for (let ms = 0; ms < 5000; ms += 20) gop.push(audioFrame(ms, 0, 10));
    expect(gop.frames).toHaveLength(51);
    expect(gop.bytes).toBe(510);
  });
});

describe('a GOP that is fed again', () => {
  it('puts its key frame where the old output ended, keeps the order, and lets newer frames keep their time', () => {
    const place = rejoin({ startMs: 14_000, endMs: 14_667 });
    const placed = [14_000, 14_033, 14_633, 14_667, 14_700, 15_000].map((ms) => place(videoFrame(ms, 0))?.ptsMs ?? 0);
    expect(placed[0]).toBe(14_667);
    for (let index = 1; index < placed.length; index += 1) expect(placed[index]).toBeGreaterThan(placed[index - 1]!);
    expect(placed[3]! - 14_667).toBeLessThan(10);
    expect(placed.slice(4)).toEqual([14_700, 15_000]);
    expect(place(audioFrame(14_500, 0))).toBeNull();
    expect(place(audioFrame(14_680, 0))?.ptsMs).toBe(14_680);
  });

  it('is left as it is when nothing of it was seen', () => {
    const frame = videoFrame(15_000, 0);
    expect(rejoin({ startMs: 15_000, endMs: 14_900 })(frame)).toBe(frame);
  });
});

describe('the start of a broadcast', () => {
  it('lets the sound go on alone when announced pictures never become whole', () => {
    const opening = new Opening({ observesFor: null });
    const tracks = { video: VIDEO, audio: AUDIO };
    for (let ms = 0; ms < 4900; ms += 20) expect(opening.take(audioFrame(10_000 + ms, ms), tracks, ms)).toBeNull();
    const start = opening.take(audioFrame(15_000, 5000), tracks, 5001);
    expect(start?.tracks).toEqual({ video: null, audio: AUDIO });
    expect(start?.frames.length).toBeLessThan(60);
  });

  it('throws away what came before the key frame', () => {
    const opening = new Opening({ observesFor: null });
    const tracks = { video: VIDEO, audio: AUDIO };
    opening.take(audioFrame(10_000, 0), tracks, 0);
    opening.take(videoFrame(10_000, 0), tracks, 0);
    const start = opening.take(videoFrame(10_033, 33, true), tracks, 33);
    expect(start?.frames.map(({ dtsMs }) => dtsMs)).toEqual([10_033]);
  });
});

describe('a source that wants to be copied', () => {
  const shape = LATENCY_SHAPES.low;
  it.each([
    [31, 30, 1000 / 30, true],
    [61, 60, 1000 / 30, true],
    [76, 75, 1000 / 30, false],
    [30, 30, 1000 / 30, false],
    [6, 5, 1000 / 30, false],
    [11, 10, 200, false],
  ])('with %i pictures, a key frame every %i, %d ms apart: %s', (count, gop, stepMs, ok) => {
    expect(judgeFirstGop(VIDEO, pictures(count, gop, stepMs), shape).ok).toBe(ok);
  });

  it('is measured', () => {
    expect(measure(pictures(31, 30))).toEqual({ frameRate: 30, bitrateKbps: 240 });
    expect(measure(pictures(5, 30))).toEqual({ frameRate: null, bitrateKbps: null });
  });
});

describe('a ladder under overload', () => {
  const names = (availableUnits: number, shed: number) => {
    const plan = createPlanner({ settings: {}, availableUnits: () => availableUnits });
    const video = { ...VIDEO, width: 1280, height: 720 };
    const measured = { frameRate: 30, bitrateKbps: 2500 };
    const answer = plan({ video, audio: null, shape: LATENCY_SHAPES.low, canCopy: false, measured, shed });
    return answer.ok ? answer.plan.renditions.map(({ name }) => name) : answer.detail;
  };

  it('loses its heaviest rung each time, to the last one', () => {
    expect([0, 1, 2, 5].map((shed) => names(4, shed))).toEqual([
      ['720p', '480p', '360p'],
      ['480p', '360p'],
      ['360p'],
      ['360p'],
    ]);
  });

  it('is lightened from what the node had room for', () => {
    expect(names(0.5, 0)).toEqual(['480p', '360p']);
    expect(names(0.5, 1)).toEqual(['360p']);
  });
});

describe('an encoder that falls behind', () => {
  it('gets no more until a key frame after it has caught up; the second time within 20 s a rung goes', () => {
    const overload = new Overload({ hasVideo: true, canShed: true, lastDropMs: null });
    let ms = 0;
    const offer = (isKey = false) => {
      const frame = videoFrame(10_000 + ms, ms, isKey);
      const verdict = overload.judge(frame, ms);
      if (verdict === 'write') overload.wrote(frame, ms);
      ms += 33;
      return verdict;
    };
    offer(true);
    while (offer() === 'write') expect(ms).toBeLessThan(2200);
    expect(offer(true)).toBe('drop');
    expect(overload.lagMs(ms)).toBeLessThan(2100);
    overload.reached(11_700);
    expect(offer()).toBe('drop');
    expect(offer(true)).toBe('write');
    while (offer() === 'write') expect(ms).toBeLessThan(6000);
    expect(overload.lastDropMs).toBeNull();
    expect(overload.droppedFrames).toBeGreaterThan(2);
  });

  it('loses a rung at once when it needs seconds for what waits already, unless it stands still', () => {
    for (const isWorking of [true, false]) {
      const overload = new Overload({ hasVideo: true, canShed: true, lastDropMs: null });
      const verdicts: string[] = [];
      for (let ms = 0; ms < 6000; ms += 33) {
        const frame = videoFrame(10_000 + ms, ms, ms % 990 === 0);
        const verdict = overload.judge(frame, ms);
        verdicts.push(verdict);
        if (verdict === 'shed') break;
        if (verdict === 'write') overload.wrote(frame, ms);
        // A tenth of what it should make.
        if (isWorking) overload.reached(10_000 + ms / 10);
      }
      const at = (verdict: string) => verdicts.indexOf(verdict) * 33;
      expect(at('drop')).toBeLessThan(2600);
      if (isWorking) expect(at('shed') - at('drop')).toBeLessThan(2100);
      else expect(verdicts).not.toContain('shed');
    }
  });

  it('is not behind because the source was away', () => {
    const overload = new Overload({ hasVideo: true, canShed: true, lastDropMs: null });
    for (let ms = 0; ms < 300; ms += 33) overload.wrote(videoFrame(10_000 + ms, ms), ms);
    expect(overload.lagMs(9000)).toBeLessThan(300);
    expect(overload.judge(videoFrame(19_000, 9000), 9000)).toBe('write');
    overload.wrote(videoFrame(19_000, 9000), 9000);
    expect(overload.judge(videoFrame(19_033, 9033), 9033)).toBe('write');
  });
});

describe('an encoder that fails', () => {
  it('is restarted at once, then after a while, and given up the third time in a minute', () => {
    const restarts = new Restarts();
    expect([0, 1000, 2000].map((at) => restarts.failed(at))).toEqual([
      { type: 'restart', delayMs: 0 },
      { type: 'restart', delayMs: 500 },
      { type: 'give-up', failures: 3 },
    ]);
  });

  it('now and then is restarted for ever', () => {
    const restarts = new Restarts();
    for (let at = 0; at < 1e6; at += 40_000) expect(restarts.failed(at).type).toBe('restart');
  });
});
