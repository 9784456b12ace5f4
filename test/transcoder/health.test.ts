// The health of a broadcast, and every warning within ten seconds of its cause.
import { describe, expect, it } from 'vitest';
import { Health, type HealthWarning } from '../../src/protocol/health.ts';
import { HealthMeter } from '../../transcoder/health.ts';
import type { Frame, SourceStats } from '../../transcoder/media.ts';
import { AUDIO, audioFrame, VIDEO, videoFrame } from '../support/fake-source.ts';

const STATS: SourceStats = {
  bytesReceived: 0,
  packetsLost: null,
  packetsReceived: null,
  roundTripMs: null,
  framesDropped: 0,
};

interface Scene {
  protocol?: 'rtmp' | 'whip';
  seconds?: number;
  fps?: number;
  gop?: number;
  pictureBytes?: number;
  soundBytes?: number;
  hasVideo?: boolean;
  hasAudio?: boolean;
  shape?: (frame: Frame, index: number) => Frame;
  stats?: (second: number) => SourceStats;
  lagMs?: number;
  dropped?: number;
  shed?: number;
  renditions?: string[];
}

/** Plays a broadcast through the meter and returns the report of its last second. */
function report(scene: Scene = {}): Health {
  const { protocol = 'rtmp', seconds = 9, fps = 30, gop = 30, pictureBytes = 4000, soundBytes = 300 } = scene;
  const { hasVideo = true, hasAudio = true, shape = (frame) => frame, stats = () => STATS } = scene;
  const meter = new HealthMeter({ protocol });
  if (hasVideo) meter.track(VIDEO);
  if (hasAudio) meter.track(AUDIO);
  let health: Health | null = null;
  for (let second = 0; second < seconds; second += 1) {
    for (let picture = 0; picture < fps; picture += 1) {
      const index = second * fps + picture;
      const ms = (index * 1000) / fps;
      if (hasVideo) meter.frame(shape(videoFrame(ms, ms, index % gop === 0, pictureBytes), index));
      if (hasAudio) meter.frame(audioFrame(ms, ms, soundBytes));
    }
    health = meter.sample({
      nowMs: (second + 1) * 1000,
      stats: stats(second),
      droppedFrames: scene.dropped && second === seconds - 1 ? scene.dropped : 0,
      encoderLagMs: scene.lagMs ?? 80,
      audioVideoSkewMs: 4.4,
      renditions: scene.renditions ?? ['360p'],
      passthrough: false,
      shed: scene.shed ?? 0,
    });
  }
  return Health.parse(health);
}

const codes = (scene: Scene): HealthWarning['code'][] => report(scene).warnings.map(({ code }) => code);

describe('the health of a broadcast', () => {
  it('measures a good one and warns of nothing', () => {
    const health = report();
    expect(health).toMatchObject({ videoCodec: 'h264', audioCodec: 'aac', width: 640, height: 360, warnings: [] });
    expect(health.fps).toBeCloseTo(30, 0);
    expect(health.keyframeIntervalSeconds).toBe(1);
    expect(Math.abs(health.bitrateKbps - 1032)).toBeLessThan(30);
    expect(health.packetLossPercent).toBeNull();
  });

  it.each<[HealthWarning['code'], Scene]>([
    ['bitrate_low', { pictureBytes: 100, soundBytes: 100 }],
    ['bitrate_high', { pictureBytes: 40_000 }],
    ['keyframe_interval_long', { gop: 150 }],
    ['keyframe_missing', { gop: 1000, shape: (frame) => ({ ...frame, isKey: false }), renditions: [] }],
    [
      'variable_frame_rate',
      { shape: (frame, index) => ({ ...frame, dtsMs: frame.dtsMs + (index % 3 === 0 ? 28 : 0) }) },
    ],
    [
      'b_frames_on_whip',
      { protocol: 'whip', shape: (frame, index) => ({ ...frame, dtsMs: frame.dtsMs + (index % 2 ? -50 : 0) }) },
    ],
    ['b_frames_on_whip', { protocol: 'whip', shape: (frame) => ({ ...frame, ptsMs: frame.dtsMs + 66 }) }],
    ['audio_missing', { hasAudio: false }],
    ['audio_silent', { soundBytes: 6 }],
    ['video_missing', { hasVideo: false }],
    [
      'packet_loss',
      { protocol: 'whip', stats: (second) => ({ ...STATS, packetsLost: second * 10, packetsReceived: second * 100 }) },
    ],
    ['encoder_lag', { lagMs: 1500 }],
    ['renditions_shed', { shed: 1 }],
    ['frames_dropped', { dropped: 12 }],
  ])('says %s within ten seconds, with advice in words', (code, scene) => {
    const warning = report(scene).warnings.find((one) => one.code === code);
    expect(warning?.advice).toMatch(/^[A-Z0-9].{30,}\.$/);
  });

  it('says clock_jump for ten seconds after one', () => {
    const meter = new HealthMeter({ protocol: 'rtmp' });
    const input = {
      stats: STATS,
      droppedFrames: 0,
      encoderLagMs: 0,
      audioVideoSkewMs: null,
      renditions: [],
      passthrough: false,
      shed: 0,
    };
    meter.clockJump(1000);
    const has = (nowMs: number) => meter.sample({ ...input, nowMs }).warnings.some(({ code }) => code === 'clock_jump');
    expect([has(2000), has(12_000)]).toEqual([true, false]);
  });

  it('does not blame B-frames over RTMP, nor a browser for its rare key frames', () => {
    expect(codes({ shape: (frame) => ({ ...frame, ptsMs: frame.dtsMs + 66 }) })).toEqual([]);
    expect(codes({ protocol: 'whip', gop: 1000 })).toEqual([]);
  });

  it('says what is lost now, not what was lost once', () => {
    const health = report({
      protocol: 'whip',
      seconds: 12,
      stats: (second) => ({
        ...STATS,
        packetsLost: Math.min(second, 3) * 10,
        packetsReceived: second * 100,
        roundTripMs: 42,
      }),
    });
    expect(health).toMatchObject({ packetLossPercent: 0, roundTripMs: 42, warnings: [] });
  });
});
