// The receive machine on bad roads, in simulated time.
import { describe, expect, it } from 'vitest';
import { simulate } from './simulated-sender.ts';

/** 80 ms round trip with up to 10 ms of jitter each way: packets overtake each other. */
const ROAD = { loss: 0.05, oneWayMs: 35, jitterMs: 10 };

describe('5 % loss both ways, 80 ms round trip, jitter, 100,000 packets', () => {
  it.each([
    ['that come again by RTX, as browsers send them', true, 101],
    ['that are sent again as they were, as OBS does it', false, 202],
  ])('every video frame arrives whole, from packets %s', { timeout: 60_000 }, (_how, rtx, seed) => {
    const run = simulate({ ...ROAD, seed, rtx, seconds: 570, firstSequence: 65_000 });
    expect(run.packets).toBeGreaterThan(100_000);
    expect(run.lost).toBeGreaterThan(5000);
    expect(run.badFrames).toBe(0);
    expect(run.stats.framesDropped).toBe(0);
    expect(run.video).toHaveLength(run.sentFrames);
    expect(run.video.filter(({ isKey }) => isKey)).toHaveLength(Math.ceil(run.sentFrames / 60));
    // In order, evenly spaced, through the wrap of the 32-bit timestamps.
    for (let index = 1; index < run.video.length; index += 1) {
      expect(Math.abs(run.video[index]!.ptsMs - run.video[index - 1]!.ptsMs - 1000 / 30)).toBeLessThan(3);
    }
    // One frame is held back for as long as its worst packet takes; nothing piles up.
    expect(run.longestDelayMs).toBeLessThan(700);
    expect(run.largestBuffer).toBeLessThan(400);
    // The loss that the broadcaster sees is the loss of the network, although everything was mended.
    const { packetsLost, packetsReceived, roundTripMs } = run.stats;
    expect(packetsLost / (packetsLost + packetsReceived)).toBeGreaterThan(0.04);
    expect(packetsLost / (packetsLost + packetsReceived)).toBeLessThan(0.06);
    expect(roundTripMs).toBeGreaterThan(65);
    expect(roundTripMs).toBeLessThan(120);
    // Asking twice for everything would cost the uplink: about one request per loss, and its loss again.
    expect(run.nacked).toBeLessThan(run.packets * 0.05 * 1.6);
  });

  it('sound stays with the picture and skips what is lost', () => {
    const run = simulate({ ...ROAD, seed: 5, rtx: true, seconds: 30 });
    expect(run.audio.length / (30 * 50)).toBeGreaterThan(0.9);
    for (let index = 1; index < run.audio.length; index += 1)
      expect(run.audio[index]!.ptsMs).toBeGreaterThan(run.audio[index - 1]!.ptsMs);
    const lastAudio = run.audio.at(-1)!;
    const lastVideo = run.video.at(-1)!;
    // What was captured together is shown together, whatever was lost on the way. The sound says when it was captured.
    const capturedMs = Buffer.from(lastAudio.data).readUInt32BE(4);
    const lastVideoCapturedMs = (run.sentFrames - 1) * (1000 / 30);
    expect(Math.abs(lastAudio.ptsMs - capturedMs - (lastVideo.ptsMs - lastVideoCapturedMs))).toBeLessThan(3);
  });
});

describe('a road that nothing passes for a second', () => {
  it('costs the frames of that second and not more: a key frame is asked for', () => {
    const run = simulate({
      ...ROAD,
      loss: 0,
      seed: 9,
      rtx: true,
      seconds: 10,
      keyFrameEvery: 10_000,
      obeysPli: true,
      blackout: { fromMs: 4000, toMs: 5000 },
    });
    expect(run.badFrames).toBe(0);
    expect(run.plis).toBeGreaterThanOrEqual(1);
    expect(run.plis).toBeLessThanOrEqual(4);
    expect(run.stats.framesDropped).toBeGreaterThan(0);
    expect(run.sentFrames - run.video.length).toBeLessThan(60);
    const hole = run.video.findIndex((frame, index) => index > 0 && frame.ptsMs - run.video[index - 1]!.ptsMs > 100);
    expect(run.video[hole]!.isKey).toBe(true);
  });

  it('waits for the next key frame of an encoder that does not listen (OBS)', () => {
    const run = simulate({
      ...ROAD,
      loss: 0,
      seed: 9,
      rtx: false,
      seconds: 10,
      keyFrameEvery: 30,
      blackout: { fromMs: 4000, toMs: 5000 },
    });
    expect(run.badFrames).toBe(0);
    expect(run.sentFrames - run.video.length).toBeLessThanOrEqual(61);
  });
});
