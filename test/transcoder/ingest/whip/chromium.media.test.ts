// A real browser publishes with each of its codecs to the receiver of a node.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Receiving, startReceiving } from './receiving.ts';

const CODECS = [
  ['H264', 'h264'],
  ['VP8', 'vp8'],
  ['VP9', 'vp9'],
  ['AV1', 'av1'],
] as const;

describe('a browser', () => {
  let browser: Browser;
  let page: Page;
  let server: Server;
  let receiving: Receiving;

  beforeAll(async () => {
    server = createServer((_request, response) =>
      response.setHeader('content-type', 'text/html').end('<!doctype html>'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: [
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        '--no-sandbox',
        '--disable-gpu',
        '--autoplay-policy=no-user-gesture-required',
      ],
    });
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });

  afterEach(async () => {
    // A camera that is still open would give its old size to the next test.
    await page.evaluate('window.stream?.getTracks().forEach((track) => track.stop()); window.peer?.close()');
    receiving?.receiver.close();
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it.each(CODECS)('publishes %s: its first key frame is here within 2 s, then every frame', async (name, codec) => {
    receiving = startReceiving();
    const offer = (await page.evaluate(publishScript({ codec: name, simulcast: false }))) as string;
    const beganMs = Date.now();
    const answer = await receiving.signal.offer(offer);
    await page.evaluate(`window.peer.setRemoteDescription({ type: 'answer', sdp: ${JSON.stringify(answer)} })`);
    await receiving.until('a key frame', () => receiving.frames('video').some(({ isKey }) => isKey), 4000);
    const firstKeyMs = Date.now() - beganMs;
    await receiving.until(
      '60 frames and a second of sound',
      () => receiving.frames('video').length >= 60 && receiving.frames('audio').length > 50,
    );

    expect(firstKeyMs).toBeLessThan(2000);
    expect(receiving.tracks('video')[0]).toMatchObject({ codec, width: 640, height: 360 });
    expect(receiving.tracks('audio')).toMatchObject([{ codec: 'opus' }]);
    const keysBefore = receiving.frames('video').filter(({ isKey }) => isKey).length;
    receiving.source().requestKeyFrame();
    await receiving.until(
      'another key frame',
      () => receiving.frames('video').filter(({ isKey }) => isKey).length > keysBefore,
      3000,
    );
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const stats = receiving.source().stats();
    console.info(name, { firstKeyMs, frames: receiving.frames('video').length, ...stats });
    expect(stats.framesDropped).toBe(0);
    // Nothing was lost, so only our own probe can tell.
    expect(stats.roundTripMs).toBeGreaterThanOrEqual(0);
    const remote = (await page.evaluate(REMOTE_VIEW)) as {
      kind: string;
      fractionLost: number;
      roundTripTime: number;
    }[];
    expect(remote.map(({ kind }) => kind).sort()).toEqual(['audio', 'video']);
    expect(remote.every(({ fractionLost }) => fractionLost < 0.1)).toBe(true);
  });

  it('sends three layers: only the largest is used', async () => {
    receiving = startReceiving();
    const offer = (await page.evaluate(publishScript({ codec: 'VP8', simulcast: true }))) as string;
    const answer = await receiving.signal.offer(offer);
    expect(answer).toMatch(/a=simulcast:recv q;h;f\r\n/);
    await page.evaluate(`window.peer.setRemoteDescription({ type: 'answer', sdp: ${JSON.stringify(answer)} })`);
    await receiving.until('60 frames', () => receiving.frames('video').length >= 60);
    expect(receiving.tracks('video').map(({ kind, ...rest }) => (rest as { width?: number }).width)).toEqual([960]);
    expect(receiving.source().stats().framesDropped).toBe(0);
  });

  it('trickles: a candidate for the right tag is taken, a stale one and a restart are not', async () => {
    receiving = startReceiving();
    const offer = (await page.evaluate(publishScript({ codec: 'VP8', simulcast: false }))) as string;
    const bare = offer.replace(/a=candidate:.*\r\n/g, '');
    const answer = await receiving.signal.offer(bare);
    const { receiver, sessionId } = receiving;
    const candidates = (offer.match(/a=candidate:.*\r\n/g) ?? []).join('');
    expect(() => receiver.trickle(sessionId, '"other"', candidates)).toThrow(
      expect.objectContaining({ code: 'stale_etag' }),
    );
    expect(() => receiver.trickle(sessionId, '', candidates)).toThrow(
      expect.objectContaining({ code: 'precondition_required' }),
    );
    const restart = `a=ice-ufrag:zzzz\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n${candidates}`;
    expect(() => receiver.trickle(sessionId, '*', restart)).toThrow(
      expect.objectContaining({ code: 'unsupported_media' }),
    );
    receiver.trickle(sessionId, receiving.etag(), candidates);
    await page.evaluate(`window.peer.setRemoteDescription({ type: 'answer', sdp: ${JSON.stringify(answer)} })`);
    await receiving.until('video', () => receiving.frames('video').length > 10);
    receiver.trickle(sessionId, '*', 'a=candidate:1 1 tcp 1 192.0.2.9 9 typ host tcptype active\r\n');
  });
});

/** Below 960x540 the browser sends two layers only. */
const LARGE = '{ width: 960, height: 540, frameRate: 15 }';
const SMALL = '{ width: 640, height: 360, frameRate: 30 }';

const publishScript = ({ codec, simulcast }: { codec: string; simulcast: boolean }) => `(async () => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: ${simulcast ? LARGE : SMALL} });
  const peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  window.peer = peer;
  window.stream = stream;
  peer.addTransceiver(stream.getAudioTracks()[0], { direction: 'sendonly' });
  const sendEncodings = ${simulcast} ? [{ rid: 'q', scaleResolutionDownBy: 4 }, { rid: 'h', scaleResolutionDownBy: 2 }, { rid: 'f' }] : undefined;
  const video = peer.addTransceiver(stream.getVideoTracks()[0], { direction: 'sendonly', sendEncodings });
  const all = RTCRtpSender.getCapabilities('video').codecs;
  const wanted = all.filter(({ mimeType }) => mimeType === 'video/${codec}' || mimeType === 'video/rtx');
  video.setCodecPreferences(wanted);
  await peer.setLocalDescription();
  while (peer.iceGatheringState !== 'complete') await new Promise((resolve) => peer.addEventListener('icegatheringstatechange', resolve, { once: true }));
  return peer.localDescription.sdp;
})()`;

/** What our receiver reports told the browser. */
const REMOTE_VIEW = `(async () => [...(await window.peer.getStats()).values()]
  .filter(({ type }) => type === 'remote-inbound-rtp')
  .map(({ kind, fractionLost, roundTripTime }) => ({ kind, fractionLost, roundTripTime })))()`;
