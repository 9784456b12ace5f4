// Offers of real clients, and what we answer to them.
import { describe, expect, it } from 'vitest';
import { FootlightError } from '../../../../src/protocol/errors.ts';
import { announce } from '../../../../transcoder/ingest/whip/sdp/announce.ts';
import { type LocalTransport, writeAnswer } from '../../../../transcoder/ingest/whip/sdp/answer.ts';
import { planSession } from '../../../../transcoder/ingest/whip/sdp/plan.ts';
import { checkIfMatch, readTrickle } from '../../../../transcoder/ingest/whip/sdp/trickle.ts';
import { randomFrom } from '../../../support/random.ts';
import { OBS_SIMULCAST, OFFERS } from './offers.ts';

const LOCAL: LocalTransport = {
  iceUfrag: 'usrA',
  icePwd: 'passwordpasswordpassword',
  fingerprint: { algorithm: 'sha-256', value: 'AA:BB' },
  candidates: ['1 1 UDP 2114977791 192.0.2.2 54060 typ host'],
};
const answerTo = (offer: string): string => writeAnswer(planSession(offer), LOCAL, 42);
const codeOf = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    if (error instanceof FootlightError) return error.code;
    throw error;
  }
  return 'accepted';
};

describe('the answer', () => {
  it('takes H.264 and Opus from Chromium, with retransmission and a quick start', () => {
    expect(answerTo(OFFERS.chromium).split('\r\n')).toEqual([
      'v=0',
      'o=- 42 1 IN IP4 127.0.0.1',
      's=-',
      't=0 0',
      'a=group:BUNDLE 0 1',
      'm=audio 9 UDP/TLS/RTP/SAVPF 111',
      'c=IN IP4 0.0.0.0',
      'a=mid:0',
      'a=recvonly',
      'a=rtcp-mux',
      'a=rtcp-mux-only',
      'a=rtcp-rsize',
      'a=rtcp-xr:rcvr-rtt=all',
      'a=rtpmap:111 opus/48000/2',
      'a=fmtp:111 minptime=10;maxaveragebitrate=96000;stereo=1;sprop-stereo=1;useinbandfec=1',
      'a=ice-ufrag:usrA',
      'a=ice-pwd:passwordpasswordpassword',
      'a=ice-options:trickle',
      'a=fingerprint:sha-256 AA:BB',
      'a=setup:passive',
      'a=candidate:1 1 UDP 2114977791 192.0.2.2 54060 typ host',
      'a=end-of-candidates',
      'm=video 9 UDP/TLS/RTP/SAVPF 102 103',
      'c=IN IP4 0.0.0.0',
      'a=mid:1',
      'a=recvonly',
      'a=rtcp-mux',
      'a=rtcp-mux-only',
      'a=rtcp-rsize',
      'a=rtcp-xr:rcvr-rtt=all',
      'a=rtpmap:102 H264/90000',
      'a=rtcp-fb:102 nack',
      'a=rtcp-fb:102 nack pli',
      'a=rtcp-fb:102 goog-remb',
      'a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f;x-google-start-bitrate=2500;x-google-min-bitrate=300',
      'a=rtpmap:103 rtx/90000',
      'a=fmtp:103 apt=102',
      'a=ice-ufrag:usrA',
      'a=ice-pwd:passwordpasswordpassword',
      'a=ice-options:trickle',
      'a=fingerprint:sha-256 AA:BB',
      'a=setup:passive',
      '',
    ]);
  });

  it('takes OBS, whose transport stands at the level of the session and has no candidates', () => {
    const { transport, video, audio } = planSession(OFFERS.obs);
    expect(transport).toMatchObject({
      iceUfrag: 'jBua',
      icePwd: 'sGLRtjGkWyRePzGBIkDWgJ',
      candidates: [],
      ourSetup: 'passive',
    });
    expect(transport.fingerprint.value).toMatch(/^96:C1:/);
    expect(video).toMatchObject({ mid: '1', codec: 'h264', payloadType: 96, rtxPayloadType: null });
    expect(audio).toMatchObject({ mid: '0', payloadType: 111 });
  });

  it('is active towards ffmpeg, which wants to be passive', () => {
    expect(planSession(OFFERS.ffmpeg)).toMatchObject({
      video: { codec: 'h264', payloadType: 106, rtxPayloadType: 105 },
      transport: { ourSetup: 'active' },
    });
    expect(answerTo(OFFERS.ffmpeg).match(/a=setup:active\r\n/g)).toHaveLength(2);
  });

  it("does not mistake GStreamer's bundle-only section for a rejected one, and keeps its parameter sets", () => {
    const plan = planSession(OFFERS.gstreamer);
    expect(plan).toMatchObject({
      video: { mid: 'video0', payloadType: 96, rtxPayloadType: 99 },
      audio: { mid: 'audio1', payloadType: 100 },
    });
    expect(plan.video?.parameterSets.map((unit) => unit[0]! & 31)).toEqual([7, 8]);
    const answer = answerTo(OFFERS.gstreamer);
    expect(answer).toContain('a=group:BUNDLE video0 audio1\r\n');
    expect(answer).not.toMatch(/^m=\w+ 0 /m);
    expect(answer).not.toContain('sprop-parameter-sets');
  });

  it('accepts every layer of OBS in one line that ends in CRLF', () => {
    const answer = answerTo(OBS_SIMULCAST);
    expect(answer.match(/a=simulcast:recv 2;1;0\r\n/g)).toHaveLength(1);
    for (const rid of [0, 1, 2]) expect(answer).toContain(`a=rid:${rid} recv\r\n`);
    expect(answer).toContain('a=extmap:2 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n');
  });

  it.each([
    ['VP8', 'vp8', 96],
    ['VP9', 'vp9', 98],
    ['AV1', 'av1', 45],
  ])('falls back to %s when H.264 is not offered', (_name, codec, payloadType) => {
    const order: Record<string, RegExp> = { vp8: /H264/, vp9: /H264|VP8/, av1: /H264|VP8|VP9/ };
    const offer = OFFERS.chromium.replace(/a=rtpmap:\d+ (\S+)\/90000\r\n/g, (line, name: string) =>
      order[codec]!.test(name) ? '' : line,
    );
    expect(planSession(offer).video).toMatchObject({ codec, payloadType });
  });

  it('takes H.265 when nothing else is offered', () => {
    const offer = OFFERS.obs.replace('H264/90000', 'H265/90000').replace(/a=fmtp:96.*\r\n/, '');
    expect(planSession(offer).video).toMatchObject({ codec: 'hevc', fmtp: '' });
  });

  it('serves a camera without a microphone', () => {
    const offer = OFFERS.obs.replace(/m=audio[\s\S]*?(?=m=video)/, '').replace('BUNDLE 0 1', 'BUNDLE 1');
    expect(planSession(offer)).toMatchObject({ audio: null, video: { mid: '1' }, isBundled: true });
  });
});

describe('an offer that cannot be served', () => {
  const secondVideo = OFFERS.obs.slice(OFFERS.obs.indexOf('m=video')).replace('a=mid:1', 'a=mid:2');
  it.each([
    ['two video tracks', `${OFFERS.obs.replace('BUNDLE 0 1', 'BUNDLE 0 1 2')}${secondVideo}`, 'unsupported_media'],
    ['no codec that we receive', OFFERS.obs.replace('H264/90000', 'theora/90000'), 'unsupported_media'],
    ['no Opus', OFFERS.obs.replace('opus/48000/2', 'PCMA/8000'), 'unsupported_media'],
    [
      'a data channel',
      `${OFFERS.obs}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:2\r\n`,
      'unsupported_media',
    ],
    ['a section that is switched off', OFFERS.obs.replace('m=video 9', 'm=video 0'), 'unsupported_media'],
    ['a section that only receives', OFFERS.obs.replace('a=sendonly', 'a=recvonly'), 'unsupported_media'],
    ['tracks on separate transports', OFFERS.obs.replace('a=group:BUNDLE 0 1\r\n', ''), 'unsupported_media'],
    ['nothing to send', OFFERS.obs.slice(0, OFFERS.obs.indexOf('m=audio')), 'unsupported_media'],
    ['plain RTP', OFFERS.obs.replace(/UDP\/TLS\/RTP\/SAVPF/g, 'RTP/AVP'), 'unsupported_media'],
    ['no SDP', '{"type":"offer"}', 'invalid_sdp'],
    ['nothing', '', 'invalid_sdp'],
    ['a line that is none', OFFERS.obs.replace('t=0 0', 'hello'), 'invalid_sdp'],
    ['no ICE', OFFERS.obs.replace(/a=ice-ufrag.*\r\n/, ''), 'invalid_sdp'],
    ['no fingerprint', OFFERS.obs.replace(/a=fingerprint.*\r\n/, ''), 'invalid_sdp'],
    ['a cut fingerprint', OFFERS.obs.replace(':CA:0C:DD:87', ''), 'invalid_sdp'],
    ['a broken media line', OFFERS.obs.replace('m=audio 9', 'm=audio x'), 'invalid_sdp'],
    ['one mid twice', OFFERS.obs.replace('a=mid:1', 'a=mid:0'), 'invalid_sdp'],
    ['one payload type for two codecs', OFFERS.obs.replaceAll('111', '96'), 'invalid_sdp'],
    ['nobody who connects', OFFERS.obs.replace('actpass', 'holdconn'), 'invalid_sdp'],
  ])('is refused: %s', (_what, offer, code) => {
    expect(codeOf(() => planSession(offer))).toBe(code);
  });

  it('whatever 20,000 mutations make of an offer, it is answered or refused with a reason', () => {
    const seed = 20_261;
    const random = randomFrom(seed);
    const offers = [...Object.values(OFFERS), OBS_SIMULCAST];
    const outcomes = new Map<string, number>();
    for (let run = 0; run < 20_000; run += 1) {
      const outcome = codeOf(() => answerTo(mutated(offers[run % offers.length]!, random)));
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    expect([...outcomes.keys()].sort()).toEqual(['accepted', 'invalid_sdp', 'unsupported_media']);
  }, 60_000);
});

describe('trickled candidates', () => {
  const current = planSession(OFFERS.obs).transport;
  const good = '1 1 udp 2113937151 192.0.2.7 50000 typ host';

  it('are taken when they are UDP with an address, the rest is dropped silently', () => {
    const fragment = [
      'a=ice-ufrag:jBua',
      'a=ice-pwd:sGLRtjGkWyRePzGBIkDWgJ',
      'm=audio 9 RTP/AVP 0',
      'a=mid:0',
      `a=candidate:${good}`,
      'a=candidate:2 1 udp 2113937151 1b8f5d2c-0d3a-4a6a-8d3d-3f3b2f3b1c11.local 50001 typ host',
      'a=candidate:3 1 tcp 1518280447 192.0.2.7 9 typ host tcptype active',
      'a=end-of-candidates',
    ].join('\r\n');
    expect(readTrickle(fragment, current)).toEqual([good]);
  });

  it('with new credentials are an ICE restart, which is refused', () => {
    expect(
      codeOf(() =>
        readTrickle(`a=ice-ufrag:other\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\na=candidate:${good}\r\n`, current),
      ),
    ).toBe('unsupported_media');
  });

  it.each(['', 'hello', '{"candidate":""}', 'v=0\r\ns=-\r\n'])('that are no fragment are refused: %j', (fragment) => {
    expect(codeOf(() => readTrickle(fragment, current))).toBe('invalid_sdp');
  });

  it('need the tag of the session, or a star, bare or quoted', () => {
    expect(['"abc"', '*', '"*"', '"x", "abc"'].map((tag) => codeOf(() => checkIfMatch(tag, '"abc"')))).toEqual(
      Array(4).fill('accepted'),
    );
    expect(codeOf(() => checkIfMatch('"old"', '"abc"'))).toBe('stale_etag');
    expect(codeOf(() => checkIfMatch(' ', '"abc"'))).toBe('precondition_required');
  });
});

describe('the announced addresses', () => {
  const local = ['2 1 UDP 2116026111 fd00::2 40001 typ host', '1 1 UDP 2114977791 192.0.2.2 40001 typ host'];

  it('come first, with our port, and IPv4 before IPv6', () => {
    expect(announce(local, ['203.0.113.9']).map((value) => value.split(' ').slice(4, 6).join(':'))).toEqual([
      '203.0.113.9:40001',
      '192.0.2.2:40001',
      'fd00::2:40001',
    ]);
    const priorities = announce(local, ['203.0.113.9']).map((value) => Number(value.split(' ')[3]));
    expect(priorities[0]).toBeGreaterThan(Math.max(...priorities.slice(1)));
    expect(priorities[0]).toBeLessThan(2 ** 31);
  });

  it('are not announced twice', () => {
    expect(announce(local, ['192.0.2.2'])).toHaveLength(2);
  });
});

function mutated(text: string, random: () => number): string {
  let out = text;
  for (let count = 1 + Math.floor(random() * 4); count > 0; count -= 1) {
    const lines = out.split('\r\n');
    const line = Math.floor(random() * lines.length);
    const at = Math.floor(random() * out.length);
    const kind = Math.floor(random() * 6);
    if (kind === 0) lines.splice(line, 1);
    if (kind === 1) lines.splice(line, 0, lines[Math.floor(random() * lines.length)]!);
    if (kind === 2) lines[line] = lines[line]!.slice(0, Math.floor(random() * lines[line]!.length));
    if (kind === 3) lines[line] = lines[line]!.replace(/\d+/, String(Math.floor(random() * 1e10)));
    out = kind < 4 ? lines.join('\r\n') : out;
    if (kind === 4) out = out.slice(0, at) + String.fromCharCode(random() * 0x250) + out.slice(at + 1);
    if (kind === 5) out = out.slice(0, at);
  }
  return out;
}
