import { expect, test } from 'vitest';
import { parseAudioSpecificConfig } from '../../../transcoder/codecs/aac.ts';
import { findSequenceHeader, splitObus } from '../../../transcoder/codecs/av1.ts';
import { parseHevcSps, parseHvcC } from '../../../transcoder/codecs/hevc.ts';
import { parseMp3Header } from '../../../transcoder/codecs/mp3.ts';
import { buildOpusHead, parseOpusHead } from '../../../transcoder/codecs/opus.ts';
import { parseVp9KeyFrame } from '../../../transcoder/codecs/vp9.ts';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));

test('HEVC tells its size after the conformance window, in 8 and 10 bits', () => {
  const main = '42010101600000030090000003000003005aa006b201e1d796566924caf0168080000003008000000c8422';
  const main10 = '42010102200000030090000003000003005aa006b201e1d6d96566924caf016808000003000800000300f040';
  expect(parseHevcSps(bytes(main))).toEqual({ width: 854, height: 480 });
  expect(parseHevcSps(bytes(main10))).toEqual({ width: 854, height: 480 });
  expect(parseHevcSps(bytes(main).subarray(0, 20))).toBeNull();
});

test('an hvcC record gives its parameter sets, and is refused when cut off', () => {
  const record = bytes(
    '0101600000009000000000005af000fcfdf8f800000f02' + '200001' + '0003' + '400102' + '210001' + '0002' + '4201',
  );
  expect(parseHvcC(record)).toEqual({ lengthSize: 4, units: [bytes('400102'), bytes('4201')] });
  expect(parseHvcC(record.subarray(0, record.length - 1))).toBeNull();
});

test('AV1 tells its size in the sequence header', () => {
  const header = bytes('0a0b00000024c6abdf00be0010');
  expect(findSequenceHeader(header)).toEqual({ width: 854, height: 480, frameRate: null });
  // A temporal delimiter before it, as in a key frame.
  expect(findSequenceHeader(Uint8Array.from([0x12, 0x00, ...header]))).toMatchObject({ width: 854 });
  expect(splitObus(header.subarray(0, 8))).toBeNull();
});

test('VP9 tells its size in key frames only', () => {
  expect(parseVp9KeyFrame(bytes('a2498342e035501df60438241c184a10'))).toEqual({ width: 854, height: 480 });
  expect(parseVp9KeyFrame(bytes('86004092'))).toBeNull();
});

test('AAC tells rate and channels, also in the long forms', () => {
  expect(parseAudioSpecificConfig(bytes('120856e500'))).toEqual({ objectType: 2, sampleRate: 44100, channels: 1 });
  expect(parseAudioSpecificConfig(bytes('1190'))).toEqual({ objectType: 2, sampleRate: 48000, channels: 2 });
  // Index 15: the rate itself in 24 bits.
  expect(parseAudioSpecificConfig(bytes('17805dc010'))).toEqual({ objectType: 2, sampleRate: 48000, channels: 2 });
  expect(parseAudioSpecificConfig(bytes('11'))).toBeNull();
});

test('Opus heads are written and read', () => {
  expect(Buffer.from(buildOpusHead(2)).toString('hex')).toBe('4f707573486561640102380180bb0000000000');
  expect(parseOpusHead(buildOpusHead(2, 312))).toEqual({ channels: 2, preSkip: 312 });
  expect(parseOpusHead(buildOpusHead(1).subarray(0, 18))).toBeNull();
});

test('MP3 frames tell rate and channels for MPEG 1, 2 and 2.5', () => {
  expect(parseMp3Header(bytes('fffb9064'))).toEqual({ sampleRate: 44100, channels: 2 });
  expect(parseMp3Header(bytes('fff384c4'))).toEqual({ sampleRate: 24000, channels: 1 });
  expect(parseMp3Header(bytes('ffe38000'))).toEqual({ sampleRate: 11025, channels: 2 });
  expect(parseMp3Header(bytes('00112233'))).toBeNull();
});
