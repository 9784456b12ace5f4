import { describe, expect, test } from 'vitest';
import {
  buildAvcC,
  h264NalType,
  joinLengthPrefixed,
  parseAvcC,
  parseSps,
  splitAnnexB,
  splitLengthPrefixed,
} from '../../../transcoder/codecs/h264.ts';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));

/** Made by x264; the avcC records are those that ffmpeg writes beside them. */
const STREAMS = [
  {
    name: '1280x720, 30 per second, High',
    sps: '6764001facd9405005bb0110000003001000000303c0f1831960',
    pps: '68ebe3cb22c0',
    avcC: '0164001fffe1001a6764001facd9405005bb0110000003001000000303c0f183196001000668ebe3cb22c0fdf8f800',
    info: { width: 1280, height: 720, frameRate: 30, profile: 100, constraints: 0, level: 31 },
    format: { chromaFormat: 1, bitDepthLuma: 8, bitDepthChroma: 8 },
  },
  {
    name: '1920x1080 cropped from 1088, 60 per second, Constrained Baseline',
    sps: '6742c02ad900780227e5c044000003000400000301e03c60c920',
    pps: '68cb83cb20',
    avcC: '0142c02affe1001a6742c02ad900780227e5c044000003000400000301e03c60c92001000568cb83cb20',
    info: { width: 1920, height: 1080, frameRate: 60, profile: 66, constraints: 192, level: 42 },
    format: { chromaFormat: 1, bitDepthLuma: 8, bitDepthChroma: 8 },
  },
  {
    name: '854x480, 29.97 per second, Main',
    sps: '674d401feca06c1ef37808800001f480007530078c18cb',
    pps: '68ebe3cb20',
    avcC: '014d401fffe10017674d401feca06c1ef37808800001f480007530078c18cb01000568ebe3cb20',
    info: { width: 854, height: 480, frameRate: 30000 / 1001, profile: 77, constraints: 64, level: 31 },
    format: { chromaFormat: 1, bitDepthLuma: 8, bitDepthChroma: 8 },
  },
  {
    name: '853x480 in 4:4:4, where a single column can be cropped',
    sps: '67f4001e919b281b07bc6780880000030008000003019078b16cb0',
    pps: '68ebe3c44844',
    avcC: '01f4001effe1001b67f4001e919b281b07bc6780880000030008000003019078b16cb001000668ebe3c44844fff8f800',
    info: { width: 853, height: 480, frameRate: 25, profile: 244, constraints: 0, level: 30 },
    format: { chromaFormat: 3, bitDepthLuma: 8, bitDepthChroma: 8 },
  },
  {
    name: '1918x1078 in interlaced 4:2:2 with 10 bits',
    sps: '677a003eb6cd94078044f5360220000003002000000c83e3c7b2c0',
    pps: '68fba3cb22c0',
    avcC: '017a003effe1001b677a003eb6cd94078044f5360220000003002000000c83e3c7b2c001000668fba3cb22c0fefafa00',
    info: { width: 1918, height: 1078, frameRate: 50, profile: 122, constraints: 0, level: 62 },
    format: { chromaFormat: 2, bitDepthLuma: 10, bitDepthChroma: 10 },
  },
];

describe.each(STREAMS)('a stream of $name', ({ sps, pps, avcC, info, format }) => {
  test('tells its size and rate', () => {
    expect(parseSps(bytes(sps))).toEqual({ ...info, ...format });
  });

  test('has its parameter sets in the record that MP4 and FLV carry, and out of it again', () => {
    expect(Buffer.from(buildAvcC([bytes(sps)], [bytes(pps)])).toString('hex')).toBe(avcC);
    const { profile, constraints, level } = info;
    expect(parseAvcC(bytes(avcC))).toEqual({
      profile,
      constraints,
      level,
      lengthSize: 4,
      sps: [bytes(sps)],
      pps: [bytes(pps)],
    });
  });

  test('is refused when cut off anywhere before its size is known', () => {
    for (let length = 0; length < 9; length += 1) expect(parseSps(bytes(sps).subarray(0, length))).toBeNull();
    for (let length = 0; length < 30; length += 1) expect(parseAvcC(bytes(avcC).subarray(0, length))).toBeNull();
  });
});

test('a slice is not taken for a sequence parameter set', () => {
  expect(parseSps(bytes('6588843f'))).toBeNull();
});

test('units are found behind start codes of 3 and 4 bytes, without padding', () => {
  const stream = bytes('00000001' + '6742' + '00' + '000001' + '68cb' + '00000001' + '65880001' + '0000');
  expect(splitAnnexB(stream)).toEqual([bytes('6742'), bytes('68cb'), bytes('65880001')]);
  expect(splitAnnexB(stream).map(h264NalType)).toEqual([7, 8, 5]);
  expect(splitAnnexB(bytes('6742'))).toEqual([]);
});

test('units behind length prefixes come apart and together again', () => {
  const joined = bytes('00000002' + '6742' + '00000001' + '68');
  expect(splitLengthPrefixed(joined)).toEqual([bytes('6742'), bytes('68')]);
  expect(joinLengthPrefixed([bytes('6742'), bytes('68')])).toEqual(joined);
  expect(splitLengthPrefixed(bytes('0002' + '6742'), 2)).toEqual([bytes('6742')]);
  expect(splitLengthPrefixed(bytes('00000003' + '6742'))).toBeNull();
});
