import { describe, expect, test } from 'vitest';
import { Demuxer, type DemuxerEvent } from '../../../../transcoder/ingest/rtmp/demuxer.ts';
import { MESSAGE } from '../../../../transcoder/ingest/rtmp/messages.ts';
import { TimestampUnwrapper } from '../../../../transcoder/ingest/rtmp/timestamps.ts';
import { AAC_CONFIG, AVC_CONFIG, bytes, FLV } from './golden.ts';

const ARRIVAL_MS = 7;
const concat = (...parts: (Uint8Array | string)[]) =>
  Uint8Array.from(parts.flatMap((part) => [...(typeof part === 'string' ? bytes(part) : part)]));

/** Takes payloads, 40 ms apart, and gives all events. */
function demux(...payloads: [kind: 'audio' | 'video' | 'dataAmf0', payload: Uint8Array][]) {
  const demuxer = new Demuxer();
  const events: DemuxerEvent[] = payloads.flatMap(([kind, payload], index) =>
    demuxer.receive({ type: MESSAGE[kind], streamId: 1, timestamp: index * 40, payload }, ARRIVAL_MS),
  );
  return { events, demuxer };
}

const FOUR_CC = {
  hvc1: '68766331',
  av01: '61763031',
  vp09: '76703039',
  avc1: '61766331',
  Opus: '4f707573',
  mp4a: '6d703461',
};
const HEVC_CONFIG = concat(
  '01016000000090000000 00005af000fcfdf8f800000f 01 21 0001 002b',
  '42010101600000030090000003000003005aa006b201e1d796566924caf0168080000003008000000c8422',
);
const AV1_SEQUENCE = '0a0b00000024c6abdf00be0010';
const VP9_KEY = 'a2498342e035501df60438241c184a10';
const OPUS_HEAD = '4f707573486561640102380180bb0000000000';

describe('H.264 and AAC', () => {
  test('become a track each and frames with their times', () => {
    const { events } = demux(
      ['video', FLV.avcConfig],
      ['audio', FLV.aacConfig],
      ['video', FLV.avcKey],
      ['audio', FLV.aacFrame],
      ['video', FLV.avcFrame],
      ['video', FLV.avcEnd],
    );
    const frame = { arrivalMs: ARRIVAL_MS };
    expect(events).toEqual([
      {
        type: 'track',
        track: { kind: 'video', codec: 'h264', config: AVC_CONFIG, width: 1280, height: 720, frameRate: 30 },
      },
      { type: 'track', track: { kind: 'audio', codec: 'aac', config: AAC_CONFIG, sampleRate: 48000, channels: 2 } },
      // The composition time is 67 ms.
      {
        type: 'frame',
        frame: { ...frame, kind: 'video', dtsMs: 80, ptsMs: 147, isKey: true, data: bytes('00000003 658884') },
      },
      {
        type: 'frame',
        frame: { ...frame, kind: 'audio', dtsMs: 120, ptsMs: 120, isKey: true, data: bytes('21100450') },
      },
      // The composition time is signed: -34 ms.
      {
        type: 'frame',
        frame: { ...frame, kind: 'video', dtsMs: 160, ptsMs: 126, isKey: false, data: bytes('00000003 419a24') },
      },
    ]);
  });

  test('say their parameters again only when they change', () => {
    const smaller = concat(
      '17 00 000000 014d401fffe10017 674d401feca06c1ef37808800001f480007530078c18cb 010005 68ebe3cb20',
    );
    const { events } = demux(
      ['video', FLV.avcConfig],
      ['video', FLV.avcConfig],
      ['audio', FLV.aacConfig],
      ['audio', FLV.aacConfig],
      ['video', smaller],
      ['audio', concat('af 00 1208')],
      ['video', concat('17 00 000000')],
    );
    expect(events).toMatchObject([
      { track: { width: 1280 } },
      { track: { sampleRate: 48000 } },
      { track: { width: 854, height: 480 } },
      { track: { sampleRate: 44100, channels: 1 } },
    ]);
  });

  test('lose frames that are damaged or come before their parameters, and count them', () => {
    const { events, demuxer } = demux(
      ['video', FLV.avcKey],
      ['audio', FLV.aacFrame],
      ['video', FLV.avcConfig],
      ['video', concat('27 01 000000 000000ff 41')],
      ['video', FLV.avcFrame],
    );
    expect(events.map(({ type }) => type)).toEqual(['track', 'frame']);
    expect(demuxer.framesDropped).toBe(3);
  });

  test('with length prefixes of 2 bytes get prefixes of 4', () => {
    const config = AVC_CONFIG.slice();
    config[4] = 0xfd;
    const { events } = demux(['video', concat('17 00 000000', config)], ['video', concat('17 01 000000 0003 658884')]);
    expect(events[0]).toMatchObject({ track: { config: AVC_CONFIG } });
    expect(events[1]).toMatchObject({ frame: { data: bytes('00000003 658884') } });
  });

  test('take the frame rate from the metadata when the codec does not say', () => {
    const { events } = demux(['dataAmf0', FLV.metadata], ['video', concat('90', FOUR_CC.hvc1, HEVC_CONFIG)]);
    expect(events).toMatchObject([{ type: 'track', track: { codec: 'hevc', frameRate: 30 } }]);
  });
});

describe('enhanced RTMP', () => {
  test('carries HEVC, with a composition time only in packets of type 1', () => {
    const { events } = demux(
      ['video', concat('90', FOUR_CC.hvc1, HEVC_CONFIG)],
      ['video', concat('91', FOUR_CC.hvc1, '000022 00000003 260101')],
      ['video', concat('a3', FOUR_CC.hvc1, '00000003 020101')],
      ['video', concat('a1', FOUR_CC.hvc1, 'ffffde 00000003 020102')],
      ['video', concat('94', FOUR_CC.hvc1, '0102')],
      ['video', concat('92', FOUR_CC.hvc1)],
    );
    expect(events).toMatchObject([
      { type: 'track', track: { codec: 'hevc', width: 854, height: 480, config: HEVC_CONFIG } },
      { frame: { dtsMs: 40, ptsMs: 74, isKey: true, data: bytes('00000003 260101') } },
      { frame: { dtsMs: 80, ptsMs: 80, isKey: false, data: bytes('00000003 020101') } },
      { frame: { dtsMs: 120, ptsMs: 86, isKey: false, data: bytes('00000003 020102') } },
    ]);
    expect(events).toHaveLength(4);
  });

  test('carries AV1, whose temporal delimiters are taken out', () => {
    const { events } = demux(
      ['video', concat('90', FOUR_CC.av01, '81040c00', AV1_SEQUENCE)],
      ['video', concat('91', FOUR_CC.av01, '1200', AV1_SEQUENCE, '3202abcd')],
      ['video', concat('a3', FOUR_CC.av01, '1200', '3202abce')],
    );
    expect(events).toMatchObject([
      { type: 'track', track: { codec: 'av1', width: 854, height: 480 } },
      { frame: { ptsMs: 40, isKey: true, data: concat(AV1_SEQUENCE, '3202abcd') } },
      { frame: { ptsMs: 80, isKey: false, data: bytes('3202abce') } },
    ]);
  });

  test('waits for the first key frame where only that tells the size', () => {
    const { events, demuxer } = demux(
      ['video', concat('90', FOUR_CC.vp09, '01000000 011e8702020200 0000')],
      ['video', concat('a1', FOUR_CC.vp09, '86004092')],
      ['video', concat('91', FOUR_CC.vp09, VP9_KEY)],
      ['video', concat('91', FOUR_CC.vp09, VP9_KEY)],
    );
    expect(events.map(({ type }) => type)).toEqual(['track', 'frame', 'frame']);
    expect(events[0]).toMatchObject({ track: { codec: 'vp9', config: null, width: 854, height: 480 } });
    expect(demuxer.framesDropped).toBe(1);
  });

  test('carries Opus and AAC by their FourCC', () => {
    const { events } = demux(
      ['audio', concat('90', FOUR_CC.Opus, OPUS_HEAD)],
      ['audio', concat('91', FOUR_CC.Opus, 'f8fffe')],
      ['audio', concat('90', FOUR_CC.mp4a, AAC_CONFIG)],
      ['audio', concat('91', FOUR_CC.mp4a, '2110')],
    );
    expect(events).toMatchObject([
      { track: { codec: 'opus', sampleRate: 48000, channels: 2, config: bytes(OPUS_HEAD) } },
      { frame: { kind: 'audio', data: bytes('f8fffe') } },
      { track: { codec: 'aac', config: AAC_CONFIG } },
      { frame: { kind: 'audio', data: bytes('2110') } },
    ]);
  });

  test('may put modifiers before a packet', () => {
    const { events } = demux(
      ['video', FLV.avcConfig],
      // A nanosecond offset of 3 bytes, then a packet of type 1.
      ['video', concat('97 02 0003e8 01', FOUR_CC.avc1, '000000 00000003 658884')],
    );
    expect(events[1]).toMatchObject({ frame: { isKey: true, data: bytes('00000003 658884') } });
  });
});

test('MP3 tells its rate in its frames', () => {
  const { events } = demux(['audio', concat('2f fffb9064 00')], ['audio', concat('2f fffb9064 01')]);
  expect(events).toMatchObject([
    { track: { codec: 'mp3', config: null, sampleRate: 44100, channels: 2 } },
    { frame: { data: bytes('fffb9064 00') } },
    { frame: { ptsMs: 40 } },
  ]);
});

test.each([
  ['Sorenson H.263', 'video', '22 0000'],
  ['On2 VP6', 'video', '14 00'],
  ['Speex', 'audio', 'b6 00'],
  ['video "vvc1"', 'video', '90 76766331 00'],
  ['audio "ac-3"', 'audio', '91 61632d33 00'],
  ['h264 video with parameters', 'video', '17 00 000000 01640000'],
] as const)('%s is refused in words for the person at the encoder', (name, kind, payload) => {
  const { events } = demux([kind, bytes(payload)]);
  expect(events).toEqual([{ type: 'unsupported', reason: expect.stringContaining(name) }]);
});

describe('timestamps', () => {
  const unwrap = (...timestamps: number[]) => {
    const unwrapper = new TimestampUnwrapper();
    return timestamps.map((timestamp) => unwrapper.unwrap(timestamp));
  };

  test('go on after 49.7 days, twice', () => {
    const nearEnd = 2 ** 32 - 10;
    expect(unwrap(nearEnd, 5, 2 ** 31, nearEnd, 3)).toEqual([
      nearEnd,
      nearEnd + 15,
      2 ** 32 + 2 ** 31,
      2 ** 33 - 10,
      2 ** 33 + 3,
    ]);
  });

  test('may step back around the wrap, as audio and video alternate', () => {
    expect(unwrap(2 ** 32 - 1, 4, 2 ** 32 - 2, 6)).toEqual([2 ** 32 - 1, 2 ** 32 + 4, 2 ** 32 - 2, 2 ** 32 + 6]);
  });

  test('that jump are passed on as they are', () => {
    expect(unwrap(100_000, 0, 7_200_000)).toEqual([100_000, 0, 7_200_000]);
  });
});
