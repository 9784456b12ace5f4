// What the studio computes: codecs, reconnects, the browser's own numbers, health figures.
import { describe, expect, it } from 'vitest';
import type { Health } from '../../../src/protocol/health.ts';
import { sparkPath } from '../../../src/web/components/spark-path.ts';
import { h264First } from '../../../src/web/studio/codec-preference.ts';
import { healthFigures, rememberHealth } from '../../../src/web/studio/health-figures.ts';
import { reconnectDelayMs, shouldReconnect } from '../../../src/web/studio/reconnect-plan.ts';
import { readSender, senderAdvice } from '../../../src/web/studio/sender-stats.ts';

it('offers H.264 first and keeps retransmission', () => {
  const codecs = [
    { mimeType: 'video/VP8' },
    { mimeType: 'video/rtx' },
    { mimeType: 'video/H264', sdpFmtpLine: 'packetization-mode=0;profile-level-id=42e01f' },
    { mimeType: 'video/H264', sdpFmtpLine: 'packetization-mode=1;profile-level-id=42e01f' },
  ];
  expect(h264First(codecs)).toEqual([codecs[3], codecs[2], codecs[0], codecs[1]]);
});

describe('a broadcast that broke', () => {
  it('tries again when the line broke or the server has no room, not when the key is refused', () => {
    expect(shouldReconnect({ attempt: 0, status: null })).toBe(true);
    expect(shouldReconnect({ attempt: 0, status: 503 })).toBe(true);
    expect(shouldReconnect({ attempt: 0, status: 409 })).toBe(true);
    expect(shouldReconnect({ attempt: 0, status: 401 })).toBe(false);
    expect(shouldReconnect({ attempt: 0, status: 422 })).toBe(false);
  });

  it('gives up in the end', () => {
    expect(shouldReconnect({ attempt: 20, status: null })).toBe(false);
  });

  it('waits longer each time, and at least as long as the server asked', () => {
    const delays = [0, 1, 2, 10].map((attempt) => reconnectDelayMs({ attempt, random: 0.5, retryAfterSeconds: null }));
    expect(delays).toEqual([700, 1400, 2800, 15_000]);
    expect(reconnectDelayMs({ attempt: 0, random: 0.5, retryAfterSeconds: 9 })).toBe(9000);
  });
});

describe("the browser's own numbers", () => {
  const before = { atMs: 1000, bytesSent: 100_000, packetsSent: 100, packetsLost: 0 };
  const outbound = {
    type: 'outbound-rtp',
    kind: 'video',
    timestamp: 2000,
    bytesSent: 350_000,
    packetsSent: 300,
    framesPerSecond: 30,
    qualityLimitationReason: 'cpu',
    codecId: 'c1',
  };

  it('become rates since the last look', () => {
    const { health } = readSender(
      [
        outbound,
        { type: 'codec', id: 'c1', mimeType: 'video/H264' },
        { type: 'remote-inbound-rtp', kind: 'video', roundTripTime: 0.042, packetsLost: 4 },
      ],
      before,
    );
    expect(health).toMatchObject({
      kbps: 2000,
      fps: 30,
      lossPercent: 2,
      roundTripMs: 42,
      codec: 'H264',
      limitedBy: 'cpu',
    });
    expect(senderAdvice(health)).toContain('smaller picture');
  });

  it('make no rate across a reconnect, where the counters start again', () => {
    expect(readSender([{ ...outbound, bytesSent: 10 }], before).health.kbps).toBeNull();
  });

  it('are unknown before the first packet', () => {
    expect(readSender([], null)).toMatchObject({ counters: null, health: { fps: null } });
  });
});

describe('health figures', () => {
  const health: Health = {
    atMs: 1000,
    protocol: 'rtmp',
    videoCodec: 'H.264',
    audioCodec: 'AAC',
    width: 1280,
    height: 720,
    bitrateKbps: 2500,
    fps: 29.97,
    keyframeIntervalSeconds: 2,
    packetLossPercent: null,
    roundTripMs: null,
    droppedFrames: 0,
    encoderLagMs: 64,
    audioVideoSkewMs: -12,
    renditions: ['720p', '360p'],
    passthrough: true,
    warnings: [],
  };
  const report = (changes: Partial<Health> = {}) => ({
    state: 'live' as const,
    viewersWaiting: 0,
    health: { ...health, ...changes },
  });

  it('show what RTMP knows, and leave out what only WHIP knows', () => {
    const figures = healthFigures([report()]);
    expect(figures.map(({ name }) => name)).toEqual(['bitrate', 'fps', 'keyframes', 'drops', 'lag', 'skew']);
    expect(figures[0]).toMatchObject({ text: '2.5 Mbit/s', mood: 'good' });
  });

  it('mark what hurts viewers', () => {
    const figures = healthFigures([report({ keyframeIntervalSeconds: 8, packetLossPercent: 7 })]);
    expect(figures.filter(({ mood }) => mood === 'bad').map(({ name }) => name)).toEqual(['keyframes', 'loss']);
  });

  it('remember one minute, each sample once, and nothing of an encoder that has gone', () => {
    let history = rememberHealth([], report());
    history = rememberHealth(history, report());
    expect(history).toHaveLength(1);
    for (let second = 2; second < 100; second += 1) history = rememberHealth(history, report({ atMs: second * 1000 }));
    expect(history).toHaveLength(60);
    expect(rememberHealth(history, { state: 'interrupted', viewersWaiting: 0, health: null })).toEqual([]);
  });
});

describe('a sparkline', () => {
  it('ends on the right, and lies in the middle when nothing changes', () => {
    expect(sparkPath([5, 5], { width: 100, height: 20 })).toBe('M0.0 10.0 L100.0 10.0');
  });

  it('uses the whole height, and draws nothing for one value', () => {
    expect(sparkPath([0, 10], { width: 100, height: 20 })).toBe('M0.0 18.0 L100.0 2.0');
    expect(sparkPath([1], { width: 100, height: 20 })).toBe('');
  });
});
