// Real WebRTC and real H.264: an encoder made like OBS publishes to the receiver of a node.
import { afterEach, describe, expect, it } from 'vitest';
import { makeClip } from '../../../support/media-source.ts';
import { WhipPublisher, type WhipPublisherOptions } from '../../../support/whip-publisher.ts';
import { type Receiving, startReceiving } from './receiving.ts';

const clip = () => makeClip({ seconds: 4, width: 640, height: 360, audio: 'opus', gopSeconds: 1, videoKbps: 1500 });

describe('an encoder like OBS', () => {
  let publisher: WhipPublisher | null = null;
  let receiving: Receiving | null = null;

  async function publish(options: Partial<WhipPublisherOptions> = {}, receiverOptions = {}): Promise<Receiving> {
    receiving = startReceiving(receiverOptions);
    publisher = await WhipPublisher.start({ signal: receiving.signal, clip: clip(), ...options });
    return receiving;
  }

  afterEach(() => {
    publisher?.kill();
    receiving?.receiver.close();
  });

  it('is received: size, first key frame, every frame, sound on the same clock', async () => {
    const live = await publish();
    const beganMs = Date.now();
    await live.until('a key frame', () => live.frames('video').length > 0);
    expect(Date.now() - beganMs).toBeLessThan(1000);
    await live.until('4 s of video', () => live.frames('video').length >= 120);

    expect(live.tracks('video')).toMatchObject([{ codec: 'h264', width: 640, height: 360 }]);
    expect(live.tracks('audio')).toMatchObject([{ codec: 'opus', sampleRate: 48_000, channels: 2 }]);
    const video = live.frames('video');
    expect(video[0]).toMatchObject({ isKey: true });
    const expected = clip().frames.filter((frame) => frame.kind === 'video');
    // The parameter sets are repeated before each key frame; everything else is the same, byte by byte.
    expect(Buffer.from(video[1]!.data)).toEqual(Buffer.from(expected[1]!.data));
    for (let index = 1; index < video.length; index += 1) {
      expect(video[index]!.ptsMs - video[index - 1]!.ptsMs).toBeCloseTo(1000 / 30, 0);
    }
    expect(live.source().stats()).toMatchObject({ packetsLost: 0, framesDropped: 0 });
    expect(live.source().stats().bytesReceived).toBeGreaterThan(100_000);
    expect(publisher!.counts.reports).toBeGreaterThanOrEqual(3);
  });

  it('loses 5 % of its packets on a long way, and not one frame', { timeout: 60_000 }, async () => {
    const weather = { seed: 7, loss: 0.05, delayMs: 35, jitterMs: 10 };
    const live = await publish({ weather, firstSequence: 65_400 });
    await live.until('10 s of video', () => live.frames('video').length >= 300, 20_000);
    const video = live.frames('video');
    expect(publisher!.lost).toBeGreaterThan(50);
    for (let index = 1; index < video.length; index += 1) {
      expect(video[index]!.ptsMs - video[index - 1]!.ptsMs).toBeLessThan(50);
    }
    const { framesDropped, packetsLost, roundTripMs } = live.source().stats();
    console.info('5 % loss:', { lost: publisher!.lost, ...publisher!.counts, framesDropped, packetsLost, roundTripMs });
    expect(framesDropped).toBe(0);
    expect(roundTripMs).toBeGreaterThan(50);
    expect(roundTripMs).toBeLessThan(200);
  });

  it('sends sound 80 ms late: its reports put it back in place', async () => {
    const live = await publish({ audioLagMs: 80 });
    await live.until('4 s of sound', () => live.frames('audio').length > 200);
    const firstAudio = live.frames('audio')[0]!;
    const firstVideo = live.frames('video')[0]!;
    expect(firstAudio.ptsMs - firstVideo.ptsMs).toBeGreaterThan(50);
    const audio = live.frames('audio');
    // 20 ms each: frame n of the sound was captured n * 20 ms after the first picture. 190 is in the first round of the clip.
    const drift = audio[190]!.ptsMs - 190 * 20 - firstVideo.ptsMs;
    expect(Math.abs(drift)).toBeLessThan(15);
    for (let index = 1; index < 190; index += 1) expect(audio[index]!.ptsMs).toBeGreaterThan(audio[index - 1]!.ptsMs);
  });

  it('says goodbye with DELETE: the session ends at once, a second DELETE finds nothing', async () => {
    const live = await publish();
    await live.until('video', () => live.frames('video').length > 5);
    expect(await live.signal.remove()).toBe(200);
    expect(live.events.at(-1)).toMatchObject({ type: 'ended', clean: true });
    expect(await live.signal.remove()).toBe(404);
    const count = live.events.length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(live.events.length).toBe(count);
    expect(live.receiver.sessionCount).toBe(0);
  });

  it('falls silent: the session ends, and not as a goodbye', async () => {
    const live = await publish({}, { silenceTimeoutMs: 1000 });
    await live.until('video', () => live.frames('video').length > 5);
    publisher!.fallSilent();
    await live.until('the end', () => live.events.at(-1)?.type === 'ended', 4000);
    expect(live.events.at(-1)).toMatchObject({ type: 'ended', clean: false });
  });

  it('shares one UDP port with another encoder', async () => {
    const port = 20_000 + Math.floor(Math.random() * 20_000);
    const live = await publish({}, { udpPorts: { begin: port, end: port } });
    const events: unknown[] = [];
    const other = await WhipPublisher.start({
      clip: clip(),
      signal: {
        offer: async (offer) => {
          const accepted = await live.receiver.accept({
            sessionId: 'se_othersession' as never,
            offer,
            remoteAddress: '::1',
          });
          accepted.source.start((event) => events.push(event));
          return accepted.answer;
        },
        remove: async () => 200,
      },
    });
    await live.until('video of both', () => live.frames('video').length > 30 && events.length > 60);
    expect(live.answer()).toContain(` ${port} typ host`);
    other.kill();
  });
});

describe('an offer whose encoder never comes', () => {
  it('is freed', async () => {
    const live = startReceiving({ connectTimeoutMs: 300 });
    const ghost = startReceiving();
    const publisher = await WhipPublisher.start({ signal: ghost.signal, clip: clip() });
    publisher.kill();
    ghost.receiver.close();
    await live.signal.offer(GHOST_OFFER);
    expect(live.receiver.sessionCount).toBe(1);
    await live.until('the end', () => live.receiver.sessionCount === 0, 2000);
    expect(live.events).toMatchObject([{ type: 'ended', clean: false }]);
  });
});

const GHOST_OFFER = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'm=video 9 UDP/TLS/RTP/SAVPF 96',
  'c=IN IP4 0.0.0.0',
  'a=mid:0',
  'a=sendonly',
  'a=rtcp-mux',
  'a=ice-ufrag:abcd',
  'a=ice-pwd:abcdefghijklmnopqrstuvwx',
  `a=fingerprint:sha-256 ${Array(32).fill('AB').join(':')}`,
  'a=setup:actpass',
  'a=rtpmap:96 VP8/90000',
  '',
].join('\r\n');
