import { describe, expect, test } from 'vitest';
import { concatBytes, uint32 } from '../../../../transcoder/ingest/rtmp/bytes.ts';
import { ChunkReader } from '../../../../transcoder/ingest/rtmp/chunk-reader.ts';
import { basicHeader, writeMessage } from '../../../../transcoder/ingest/rtmp/chunk-writer.ts';
import { DEFAULT_RTMP_LIMITS } from '../../../../transcoder/ingest/rtmp/limits.ts';
import type { RtmpMessage } from '../../../../transcoder/ingest/rtmp/messages.ts';
import { bytes, CHUNKS_BOTH_WAYS, CHUNKS_READ_ONLY, hex } from './golden.ts';

const CHUNK_SIZE = 4;
const chunkSizeOf4 = bytes('02 000000 000004 01 00000000 00000004');

const readAll = (data: Uint8Array, stepBytes = data.length): RtmpMessage[] => {
  const reader = new ChunkReader(DEFAULT_RTMP_LIMITS);
  reader.receive(chunkSizeOf4);
  const messages: RtmpMessage[] = [];
  for (let position = 0; position < data.length; position += stepBytes) {
    const output = reader.receive(data.subarray(position, position + stepBytes));
    expect(output.refusal).toBeNull();
    messages.push(...output.messages);
  }
  expect(reader.bufferedBytes).toBe(0);
  return messages;
};

describe('chunks', () => {
  test.each(CHUNKS_BOTH_WAYS)('write and read $name', ({ hex: golden, message, chunkStreamId }) => {
    expect(hex(writeMessage(message, chunkStreamId, CHUNK_SIZE))).toBe(golden.replaceAll(' ', ''));
    expect(readAll(bytes(golden))).toEqual([message]);
  });

  test.each(CHUNKS_READ_ONLY)('read $name', ({ hex: golden, expected }) => {
    expect(readAll(bytes(golden)).map(({ timestamp, payload }) => [timestamp, hex(payload)])).toEqual(expected);
  });

  test.each([1, 2, 3, 5, 7])('read the same when they come %d bytes at a time', (stepBytes) => {
    for (const { hex: golden } of [...CHUNKS_BOTH_WAYS, ...CHUNKS_READ_ONLY]) {
      expect(readAll(bytes(golden), stepBytes)).toEqual(readAll(bytes(golden)));
    }
  });

  test('carry a message of a megabyte whole', () => {
    const payload = Uint8Array.from({ length: 1_000_003 }, (_, index) => (index * 7) & 0xff);
    const message = { type: 9, streamId: 1, timestamp: 5, payload };
    expect(readAll(writeMessage(message, 6, CHUNK_SIZE), 1460)[0]!.payload).toEqual(payload);
  });
});

describe('a chunk reader refuses', () => {
  const refusalOf = (...parts: Uint8Array[]) =>
    new ChunkReader(DEFAULT_RTMP_LIMITS).receive(concatBytes(parts)).refusal;
  const header = (id: number, length: number) =>
    concatBytes([basicHeader(0, id), bytes('000000'), uint32(length).subarray(1), bytes('09 01000000')]);

  test('a message larger than 8 MB', () => {
    expect(refusalOf(header(4, 8 * 1024 * 1024 + 1))).toMatch(/larger than/);
    expect(refusalOf(header(4, 8 * 1024 * 1024))).toBeNull();
  });

  test('a continuation of nothing', () => {
    expect(refusalOf(bytes('c4 0102'))).toMatch(/has not begun/);
  });

  test('a chunk size of nothing', () => {
    expect(refusalOf(bytes('02 000000 000004 01 00000000 00000000'))).toMatch(/chunk size/);
  });

  test('more than 64 chunk streams', () => {
    const streams = (count: number) => Array.from({ length: count }, (_, index) => header(index + 3, 0));
    expect(refusalOf(...streams(64))).toBeNull();
    expect(refusalOf(...streams(65))).toMatch(/too many chunk streams/);
  });

  test('many large messages that never end, long before they fill the memory', () => {
    const reader = new ChunkReader(DEFAULT_RTMP_LIMITS);
    const chunk = new Uint8Array(0x700000);
    let sentBytes = 0;
    let refusal = reader.receive(bytes('02 000000 000004 01 00000000 00700000')).refusal;
    for (let id = 3; id < 60 && !refusal; id += 1) {
      // A first chunk of 7 MB for a message of nearly 8 MB, on another chunk stream each time.
      refusal = reader.receive(concatBytes([header(id, 0x7ffff0), chunk])).refusal;
      sentBytes += chunk.length;
    }
    expect(refusal).toMatch(/unfinished messages/);
    expect(sentBytes).toBeLessThan(2 * DEFAULT_RTMP_LIMITS.maxBufferedBytes);
  });

  test('nothing for a length alone: memory follows what has come', () => {
    const reader = new ChunkReader(DEFAULT_RTMP_LIMITS);
    reader.receive(header(4, 8 * 1024 * 1024));
    expect(reader.bufferedBytes).toBeLessThanOrEqual(64 * 1024);
  });
});
