import { describe, expect, test } from 'vitest';
import { MatroskaWriter } from '../../../transcoder/encoder/matroska.ts';
import type { AudioTrack, Frame, VideoTrack } from '../../../transcoder/media.ts';

const video: VideoTrack = {
  kind: 'video',
  codec: 'h264',
  config: Uint8Array.of(1, 2, 3),
  width: 640,
  height: 360,
  frameRate: 30,
};
const audio: AudioTrack = { kind: 'audio', codec: 'opus', config: Uint8Array.of(9), sampleRate: 48_000, channels: 2 };
const frame = (kind: Frame['kind'], ptsMs: number, isKey = false): Frame => ({
  kind,
  ptsMs,
  dtsMs: ptsMs,
  isKey,
  data: Uint8Array.of(7, 7),
  arrivalMs: 0,
});
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

const CLUSTER = '1f43b67501ffffffffffffff';
/** SimpleBlock with an 8-byte size: 4 bytes of header and 2 of data. */
const BLOCK = 'a30100000000000006';

describe('live Matroska', () => {
  test('begins with a segment of unknown size, the scale and the declared tracks', () => {
    const header = hex(new MatroskaWriter({ video, audio }).header());
    expect(header.startsWith('1a45dfa3')).toBe(true);
    expect(header).toContain('1853806701ffffffffffffff');
    expect(header).toContain(`2ad7b1${'0100000000000008'}${(100_000).toString(16).padStart(16, '0')}`);
    for (const text of ['matroska', 'V_MPEG4/ISO/AVC', 'A_OPUS'])
      expect(header).toContain(Buffer.from(text).toString('hex'));
    expect(header).toContain('63a20100000000000003010203');
  });

  test('opens a cluster with each key frame and places blocks in ticks of 0.1 ms', () => {
    const writer = new MatroskaWriter({ video, audio });
    expect(hex(writer.frame(frame('video', 10_000, true)))).toBe(
      `${CLUSTER}e7010000000000000800000000000186a0${BLOCK}810000800707`,
    );
    expect(hex(writer.frame(frame('audio', 10_021.34, true)))).toBe(`${BLOCK}8200d5800707`);
    expect(hex(writer.frame(frame('video', 10_033.3)))).toBe(`${BLOCK}81014d000707`);
  });

  test('gives B-frames their own time, before the cluster where it must be', () => {
    const writer = new MatroskaWriter({ video, audio });
    writer.frame(frame('video', 10_066.7, true));
    expect(hex(writer.frame(frame('video', 10_033.3)))).toBe(`${BLOCK}81feb2000707`);
  });

  test('never lets a block lie further from its cluster than 16 bits reach', () => {
    const writer = new MatroskaWriter({ video, audio });
    let clusterTicks = 0;
    for (let ms = 10_000; ms < 200_000; ms += 21.3 + (ms % 7) * 300) {
      const text = hex(writer.frame(frame(ms % 3 > 1 ? 'audio' : 'video', ms)));
      if (text.startsWith(CLUSTER)) clusterTicks = Number.parseInt(text.slice(42, 58), 16);
      const relative = Buffer.from(text.slice(-10, -6), 'hex').readInt16BE();
      expect(clusterTicks + relative).toBe(Math.round(ms * 10));
    }
  });
});
