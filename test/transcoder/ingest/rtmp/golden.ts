// Byte tables of RTMP: what the writers must write, the readers must read, and the fuzz test starts from.
import type { AmfValue } from '../../../../transcoder/ingest/rtmp/amf0.ts';
import type { RtmpMessage } from '../../../../transcoder/ingest/rtmp/messages.ts';

export const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
export const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');

export const AMF_BOTH_WAYS: { name: string; hex: string; value: AmfValue }[] = [
  { name: 'a number', hex: '00 3ff0000000000000', value: 1 },
  { name: 'a boolean', hex: '01 01', value: true },
  { name: 'a string', hex: '02 0004 6c697665', value: 'live' },
  { name: 'a string beyond ASCII', hex: '02 0006 c3bce282ac21', value: 'ü€!' },
  { name: 'nothing', hex: '05', value: null },
  { name: 'undefined', hex: '06', value: undefined },
  { name: 'an object', hex: '03 0003 617070 02 0004 6c697665 000009', value: new Map([['app', 'live']]) },
  {
    name: 'an object in an object',
    hex: '03 0001 61 03 0001 62 05 000009 000009',
    value: new Map([['a', new Map([['b', null]])]]),
  },
  { name: 'a strict array', hex: '0a 00000002 02 0004 68766331 02 0004 61763031', value: ['hvc1', 'av01'] },
  { name: 'a date', hex: '0b 4270000000000000 0000', value: new Date(2 ** 40) },
];

export const AMF_READ_ONLY: { name: string; hex: string; value: AmfValue }[] = [
  {
    name: 'an ECMA array, whatever count it claims',
    hex: '08 ffffffff 0001 61 0101 000009',
    value: new Map([['a', true]]),
  },
  { name: 'a short text in the form for long ones', hex: '0c 00000002 6869', value: 'hi' },
  { name: 'an XML document as text', hex: '0f 00000002 6869', value: 'hi' },
  { name: 'what the encoder calls unsupported', hex: '0d', value: undefined },
];

export const AMF_REFUSED: { name: string; hex: string; reason: RegExp }[] = [
  { name: 'half a number', hex: '00 3ff000', reason: /ends in the middle/ },
  { name: 'a string longer than the payload', hex: '02 00ff 6869', reason: /ends in the middle/ },
  { name: 'a long string that claims 4 GB', hex: '0c ffffffff 68', reason: /too long/ },
  { name: 'an object without end', hex: '03 0001 61 05', reason: /ends in the middle/ },
  { name: 'an array that claims 4 billion values', hex: `0a ffffffff ${'05'.repeat(2000)}`, reason: /too many values/ },
  { name: 'values nested without end', hex: '0a 00000001 '.repeat(50), reason: /too deep/ },
  { name: 'a reference', hex: '07 0000', reason: /marker 7/ },
  { name: 'AMF3', hex: '11 01', reason: /marker 17/ },
];

const payload = bytes('010203040506');
const message = (fields: Partial<RtmpMessage>): RtmpMessage => ({
  type: 9,
  streamId: 1,
  timestamp: 0,
  payload,
  ...fields,
});

/** With chunks of 4 bytes. */
export const CHUNKS_BOTH_WAYS: { name: string; chunkStreamId: number; message: RtmpMessage; hex: string }[] = [
  {
    name: 'a message that fits in one chunk',
    chunkStreamId: 3,
    message: message({ type: 20, streamId: 0, payload: bytes('01020304') }),
    hex: '03 000000 000004 14 00000000 01020304',
  },
  {
    name: 'a message in two chunks',
    chunkStreamId: 4,
    message: message({ timestamp: 1000 }),
    hex: '04 0003e8 000006 09 01000000 01020304 c4 0506',
  },
  {
    name: 'an extended timestamp, repeated in the second chunk',
    chunkStreamId: 4,
    message: message({ timestamp: 0x01000000 }),
    hex: '04 ffffff 000006 09 01000000 01000000 01020304 c4 01000000 0506',
  },
  {
    name: 'a timestamp that is exactly the mark of extended ones',
    chunkStreamId: 4,
    message: message({ timestamp: 0xffffff, payload: bytes('0102') }),
    hex: '04 ffffff 000002 09 01000000 00ffffff 0102',
  },
  {
    name: 'a chunk stream id of two bytes',
    chunkStreamId: 64,
    message: message({}),
    hex: '00 00 000000 000006 09 01000000 01020304 c0 00 0506',
  },
  {
    name: 'a chunk stream id of three bytes',
    chunkStreamId: 320,
    message: message({}),
    hex: '01 00 01 000000 000006 09 01000000 01020304 c1 00 01 0506',
  },
  {
    name: 'a message without a payload',
    chunkStreamId: 5,
    message: message({ payload: bytes('') }),
    hex: '05 000000 000000 09 01000000',
  },
];

/** With chunks of 4 bytes; `expected` are [timestamp, payload]. */
export const CHUNKS_READ_ONLY: { name: string; hex: string; expected: [number, string][] }[] = [
  {
    name: 'time differences in short headers',
    hex: '04 000064 000002 09 01000000 0102  44 000014 000001 09 03  84 000005 04  c4 05',
    expected: [
      [100, '0102'],
      [120, '03'],
      [125, '04'],
      [130, '05'],
    ],
  },
  {
    name: 'no header at all after a full one: its timestamp is the difference',
    hex: '04 000064 000001 09 01000000 01  c4 02',
    expected: [
      [100, '01'],
      [200, '02'],
    ],
  },
  {
    name: 'two chunk streams that alternate',
    hex: '04 000064 000006 09 01000000 01020304  06 000065 000005 08 01000000 0a0b0c0d  c4 0506  c6 0e',
    expected: [
      [100, '010203040506'],
      [101, '0a0b0c0d0e'],
    ],
  },
  {
    name: 'an extended timestamp that is not repeated, as some encoders send',
    hex: '04 ffffff 000006 09 01000000 01000000 01020304 c4 0506  04 000001 000001 09 01000000 07',
    expected: [
      [0x01000000, '010203040506'],
      [1, '07'],
    ],
  },
  {
    name: 'an extended time difference',
    hex: '04 000001 000001 09 01000000 01  44 ffffff 000001 09 01000000 02',
    expected: [
      [1, '01'],
      [0x01000001, '02'],
    ],
  },
  {
    name: 'a timestamp that wraps',
    hex: '04 ffffff 000001 09 01000000 ffffffff 01  44 000003 000001 09 02',
    expected: [
      [0xffffffff, '01'],
      [2, '02'],
    ],
  },
  {
    name: 'a larger chunk size from the next chunk on',
    hex: '02 000000 000004 01 00000000 00000008  04 000000 000006 09 01000000 010203040506',
    expected: [[0, '010203040506']],
  },
  {
    name: 'a message that is aborted and sent again',
    hex: '04 000064 000006 09 01000000 01020304  02 000000 000004 02 00000000 00000004  04 000065 000001 09 01000000 09',
    expected: [[101, '09']],
  },
];

/** A small H.264 and AAC stream as FLV payloads. */
export const AVC_CONFIG = bytes(
  '0164001fffe1001a 6764001facd9405005bb0110000003001000000303c0f1831960 010006 68ebe3cb22c0 fdf8f800',
);
export const AAC_CONFIG = bytes('1190');
export const FLV = {
  avcConfig: Uint8Array.from([0x17, 0, 0, 0, 0, ...AVC_CONFIG]),
  avcKey: bytes('17 01 000043 00000003 658884'),
  avcFrame: bytes('27 01 ffffde 00000003 419a24'),
  avcEnd: bytes('17 02 000000'),
  aacConfig: Uint8Array.from([0xaf, 0, ...AAC_CONFIG]),
  aacFrame: bytes('af 01 21100450'),
  metadata: bytes(
    '02 000d 4073657444617461 4672616d65 02 000a 6f6e4d65746144617461 08 00000001 0009 6672616d6572617465 00 403e000000000000 000009',
  ),
} as const;
