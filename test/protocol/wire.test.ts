// The publish frame survives the journey there and back, and nothing else gets through.
import { describe, expect, it } from 'vitest';
import { FootlightError } from '../../src/protocol/errors.ts';
import { PublishFrame } from '../../src/protocol/ingest.ts';
import { decodeFrame, encodeFrame, MAX_FRAME_BYTES } from '../../src/protocol/wire.ts';
import { randomFrom } from '../support/random.ts';

/** One of each frame: the table that writer, reader and fuzzer share. */
const FRAMES = [
  {
    type: 'begin',
    seq: 1,
    generation: 1,
    firstMsn: 0,
    renditions: [
      {
        name: '360p',
        kind: 'video',
        codecs: 'avc1.64001e,mp4a.40.2',
        width: 640,
        height: 360,
        frameRate: 30,
        bandwidth: 900_000,
        averageBandwidth: 800_000,
        isSource: false,
      },
    ],
  },
  { type: 'init', seq: 2, generation: 1, rendition: '360p' },
  {
    type: 'chunk',
    seq: 3,
    generation: 1,
    rendition: '360p',
    msn: 0,
    part: 0,
    chunk: 0,
    endsPart: true,
    durationSeconds: 0.33333,
    independent: true,
    programDateTimeMs: 1_700_000_000_000,
  },
  { type: 'segment', seq: 4, generation: 1, rendition: '360p', msn: 0, parts: 6 },
  {
    type: 'gap',
    seq: 5,
    generation: 1,
    rendition: '360p',
    msn: 1,
    durationSeconds: 2,
    programDateTimeMs: 1_700_000_002_000,
  },
  { type: 'poster', width: 640, height: 360 },
  { type: 'goodbye', seq: 6, reason: 'the encoder left' },
].map((frame) => PublishFrame.parse(frame));

describe('a publish frame', () => {
  it.each(FRAMES)('$type comes out as it went in, payload and all', (frame) => {
    const payload = new Uint8Array([1, 2, 3]);
    const decoded = decodeFrame(encodeFrame(frame, payload));
    expect(decoded.header).toEqual(frame);
    expect([...decoded.payload]).toEqual([1, 2, 3]);
  });

  it.each([
    ['nothing at all', new Uint8Array(0)],
    ['a length that runs past the end', new Uint8Array([0, 0, 1, 0, 123])],
    ['a header that is not JSON', new Uint8Array([0, 0, 0, 2, 123, 123])],
    ['a header that is not UTF-8', new Uint8Array([0, 0, 0, 2, 0xff, 0xfe])],
    ['an unknown type', encodeFrame({ type: 'surprise' } as unknown as PublishFrame)],
    ['more than the largest frame', new Uint8Array(MAX_FRAME_BYTES + 1)],
  ])('with %s is refused as a bad request', (_what, bytes) => {
    expect(() => decodeFrame(bytes)).toThrowError(expect.objectContaining({ code: 'invalid_request' }));
  });

  it('never fails in another way, whatever 20,000 mutations do to it', () => {
    const random = randomFrom(20261122);
    for (let round = 0; round < 20_000; round++) {
      const bytes = encodeFrame(FRAMES[round % FRAMES.length]!, new Uint8Array(8));
      for (let edits = 1 + Math.floor(random() * 4); edits > 0; edits--) {
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      }
      const cut = bytes.subarray(0, Math.floor(random() * (bytes.length + 1)));
      try {
        decodeFrame(cut);
      } catch (error) {
        expect(error).toBeInstanceOf(FootlightError);
      }
    }
  });
});
