// RTP payloads of each codec become frames: golden packets, then whatever a broken sender may send.
import { describe, expect, it } from 'vitest';
import { parseAvcC } from '../../../../transcoder/codecs/h264.ts';
import { joinLengthPrefixed, splitLengthPrefixed } from '../../../../transcoder/codecs/nal.ts';
import { Av1Depacketizer } from '../../../../transcoder/ingest/whip/depacketize/av1.ts';
import { createDepacketizer } from '../../../../transcoder/ingest/whip/depacketize/create-depacketizer.ts';
import { H264Depacketizer } from '../../../../transcoder/ingest/whip/depacketize/h264.ts';
import { HevcDepacketizer } from '../../../../transcoder/ingest/whip/depacketize/hevc.ts';
import { Vp8Depacketizer } from '../../../../transcoder/ingest/whip/depacketize/vp8.ts';
import { Vp9Depacketizer } from '../../../../transcoder/ingest/whip/depacketize/vp9.ts';
import { randomFrom } from '../../../support/random.ts';
import { stapA } from '../../../support/rtp-packetizer.ts';
import { PPS, SPS, VIDEO_PLAN } from './simulated-sender.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const typesIn = (data: Uint8Array): number[] => (splitLengthPrefixed(data) ?? []).map((unit) => unit[0]! & 31);

describe('H.264', () => {
  const idr = hex('65 88 01 02 03');

  it('joins headers and slices, leaves out delimiters, and tells size and configuration', () => {
    const frame = new H264Depacketizer().frame([hex('09 f0'), stapA([SPS, PPS]), idr]);
    expect(frame).toMatchObject({ isKey: true, parameters: { width: 320, height: 180 } });
    expect(typesIn(frame!.data)).toEqual([7, 8, 5]);
    expect(parseAvcC(frame!.parameters!.config!)).toMatchObject({ profile: 0x42, lengthSize: 4 });
  });

  it('puts fragments together', () => {
    const frame = new H264Depacketizer().frame([hex('7c 81 88 01'), hex('7c 01 02'), hex('7c 41 03')]);
    expect(frame).toEqual({ isKey: false, parameters: null, data: joinLengthPrefixed([hex('61 88 01 02 03')]) });
  });

  it.each([
    ['without their start', ['7c 01 02 03', '7c 41 03']],
    ['without their end', ['7c 81 88 01', '7c 01 02']],
    ['with another packet in between', ['7c 81 88 01', '41 88 00', '7c 41 03']],
    ['that begin twice', ['7c 81 88 01', '7c 81 88 01']],
  ])('refuses fragments %s', (_what, payloads) => {
    expect(new H264Depacketizer().frame(payloads.map(hex))).toBeNull();
  });

  it('refuses an aggregate whose lengths do not fit, and interleaved packets', () => {
    expect(new H264Depacketizer().frame([hex('18 00 09 41 88')])).toBeNull();
    expect(new H264Depacketizer().frame([hex('19 00 00 41 88')])).toBeNull();
  });

  it('keeps headers that came apart from the key frame, or in the SDP only', () => {
    const apart = new H264Depacketizer();
    expect(apart.opensKeyFrame(idr)).toBe('no');
    expect(apart.frame([SPS, PPS])).toBeNull();
    expect(apart.frame([idr])).toMatchObject({ isKey: true, parameters: { width: 320 } });
    const told = new H264Depacketizer([SPS, PPS]);
    expect(told.opensKeyFrame(idr)).toBe('maybe');
    expect(told.frame([idr])).toMatchObject({ isKey: true, parameters: { width: 320 } });
    expect(new H264Depacketizer().frame([idr])).toBeNull();
  });

  it('starts with headers or with the first slice of a key frame, not in its middle', () => {
    const depacketizer = new H264Depacketizer([SPS, PPS]);
    expect(depacketizer.opensKeyFrame(stapA([SPS, PPS]))).toBe('yes');
    expect(depacketizer.opensKeyFrame(SPS)).toBe('yes');
    expect(depacketizer.opensKeyFrame(hex('7c 85 88'))).toBe('maybe');
    expect(depacketizer.opensKeyFrame(hex('7c 05 88'))).toBe('no');
    expect(depacketizer.opensKeyFrame(hex('65 40'))).toBe('no');
    expect(depacketizer.opensKeyFrame(hex('41 9a'))).toBe('no');
  });
});

describe('VP8', () => {
  const key = '10 02 00 9d 01 2a 80 02 68 01 00';

  it('leaves out every form of descriptor and reads the size of the key frame', () => {
    for (const descriptor of ['10', '90 80 15', '90 80 81 15', '90 e0 81 15 07 20']) {
      const frame = new Vp8Depacketizer().frame([
        hex(`${descriptor} ${key}`),
        hex(`${descriptor.replace(/^(.)0/, (_all, first) => `${first === '1' ? '0' : '8'}0`)} aa bb`),
      ]);
      expect(frame).toMatchObject({ isKey: true, parameters: { width: 640, height: 360, config: null } });
      expect(Buffer.from(frame!.data).toString('hex')).toBe(`${key.replaceAll(' ', '')}aabb`);
    }
  });

  it('knows a frame that is no key frame, and one whose start is missing', () => {
    expect(new Vp8Depacketizer().frame([hex('10 11 22 33')])).toMatchObject({ isKey: false, parameters: null });
    expect(new Vp8Depacketizer().frame([hex('00 11 22 33')])).toBeNull();
    expect(new Vp8Depacketizer().opensKeyFrame(hex(`10 ${key}`))).toBe('yes');
    expect(new Vp8Depacketizer().opensKeyFrame(hex('10 11 22 33'))).toBe('no');
  });
});

describe('VP9', () => {
  // Frame marker, profile 0, key frame, sync code, BT.601 limited, 640x360.
  const key = '82 49 83 42 20 27 f0 16 70';

  it('leaves out the descriptor and its scalability structure, and reads the size', () => {
    for (const descriptor of ['8c 80 15', '8a 15 18 02 80 01 68 01 04 01']) {
      const frame = new Vp9Depacketizer().frame([hex(`${descriptor} ${key}`)]);
      expect(frame).toMatchObject({ isKey: true, parameters: { width: 640, height: 360 } });
      expect(Buffer.from(frame!.data).toString('hex')).toBe(key.replaceAll(' ', ''));
    }
  });

  it('knows a frame that is no key frame, and one whose start is missing', () => {
    expect(new Vp9Depacketizer().frame([hex('cc 15 86 00 00')])).toMatchObject({ isKey: false });
    expect(new Vp9Depacketizer().frame([hex(`84 15 ${key}`)])).toBeNull();
    expect(new Vp9Depacketizer().opensKeyFrame(hex(`8c 15 ${key}`))).toBe('yes');
    expect(new Vp9Depacketizer().opensKeyFrame(hex('8c 15 86 00 00'))).toBe('no');
  });
});

describe('AV1', () => {
  // 640x360, profile 0, level 3.0, written by SVT-AV1.
  const sequence = '08 00 00 00 04 3c ff bc 2d 80 10 10 10 40';
  const keyFrame = '30 10 00 aa bb cc';

  it('adds sizes, leaves out delimiters, and makes av1C', () => {
    const payload = hex(`18 02 12 00 ${'0e'} ${sequence} 06 ${keyFrame}`);
    payload[0] = 0x08;
    const frame = new Av1Depacketizer().frame([payload]);
    expect(frame?.isKey).toBe(true);
    expect(Buffer.from(frame!.data).toString('hex')).toBe(
      `0a0d${sequence.replaceAll(' ', '').slice(2)}3205${keyFrame.replaceAll(' ', '').slice(2)}`,
    );
    expect(frame?.parameters?.config?.[0]).toBe(0x81);
    expect(Buffer.from(frame!.parameters!.config!.subarray(4)).toString('hex')).toBe(
      `0a0d${sequence.replaceAll(' ', '').slice(2)}`,
    );
  });

  it('puts an element together that goes over packets', () => {
    const frame = new Av1Depacketizer().frame([hex('50 30 80 aa'), hex('90 bb cc')]);
    expect(frame).toMatchObject({ isKey: false });
    expect(Buffer.from(frame!.data).toString('hex')).toBe('320480aabbcc');
  });

  it.each([
    ['it goes on from a packet that is missing', ['90 bb cc']],
    ['its last packet is missing', ['50 30 80 aa']],
    ['a length does not fit', ['00 09 30 80']],
    ['it is empty', ['10']],
  ])('refuses a frame when %s', (_what, payloads) => {
    expect(new Av1Depacketizer().frame(payloads.map(hex))).toBeNull();
  });
});

describe('HEVC', () => {
  // 320x180 by x265.
  const vps = hex('40 01 0c 01 ff ff 01 60 00 00 03 00 90 00 00 03 00 00 03 00 3c 95 98 09');
  const sps = hex(
    '42 01 01 01 60 00 00 03 00 90 00 00 03 00 00 03 00 3c a0 0a 08 0b 9f 79 65 66 92 4c ae 6a 02 02 02 08 00 00 03 00 08 00 00 03 00 f0 40',
  );
  const pps = hex('44 01 c1 72 b4 62 40');

  it('makes hvcC from the headers and joins fragments', () => {
    const depacketizer = new HevcDepacketizer();
    const frame = depacketizer.frame([vps, sps, pps, hex('62 01 93 af 01'), hex('62 01 53 02 03')]);
    expect(frame?.isKey).toBe(true);
    expect(splitLengthPrefixed(frame!.data)?.at(-1)).toEqual(hex('26 01 af 01 02 03'));
    expect(frame?.parameters).toMatchObject({ width: 320 });
    expect(Buffer.from(frame!.parameters!.config!.subarray(0, 13)).toString('hex')).toBe(
      '010160000000900000000000' + '3c',
    );
    expect(depacketizer.opensKeyFrame(vps)).toBe('yes');
    expect(depacketizer.opensKeyFrame(hex('26 01 af'))).toBe('maybe');
    expect(depacketizer.opensKeyFrame(hex('02 01 d0'))).toBe('no');
  });

  it('refuses a key frame before its headers', () => {
    expect(new HevcDepacketizer().frame([hex('26 01 af 01')])).toBeNull();
  });
});

it('20,000 random payloads per codec are frames or nothing, never a mistake', () => {
  const random = randomFrom(77);
  const starts = [0x67, 0x65, 0x7c, 0x18, 0x10, 0x90, 0x8c, 0x8a, 0x08, 0x18, 0x40, 0x42, 0x60, 0x62, 0x26];
  for (const codec of ['h264', 'hevc', 'vp8', 'vp9', 'av1'] as const) {
    const depacketizer = createDepacketizer({ ...VIDEO_PLAN, codec });
    for (let run = 0; run < 20_000; run += 1) {
      const payloads = Array.from({ length: 1 + Math.floor(random() * 3) }, () => {
        const bytes = Uint8Array.from({ length: 1 + Math.floor(random() * 40) }, () => Math.floor(random() * 256));
        if (random() < 0.7) bytes[0] = starts[Math.floor(random() * starts.length)]!;
        return random() < 0.1 ? stapA([SPS, bytes]) : bytes;
      });
      depacketizer.opensKeyFrame(payloads[0]!);
      const frame = depacketizer.frame(payloads);
      if (frame?.data.length === 0) throw new Error(`an empty ${codec} frame`);
    }
  }
}, 30_000);
