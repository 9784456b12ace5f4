// Cuts messages into RTMP chunks (5.3.1): one with a full header (type 0), then continuations (type 3).
import { concatBytes, uint32 } from './bytes.ts';
import type { RtmpMessage } from './messages.ts';

const EXTENDED = 0xffffff;

export function writeMessage(message: RtmpMessage, chunkStreamId: number, chunkSize: number): Uint8Array {
  const { payload, timestamp, type, streamId } = message;
  const isExtended = timestamp >= EXTENDED;
  const extended = isExtended ? [uint32(timestamp)] : [];
  const parts: Uint8Array[] = [
    basicHeader(0, chunkStreamId),
    uint24(isExtended ? EXTENDED : timestamp),
    uint24(payload.length),
    Uint8Array.of(type),
    // 5.3.1.2.1: the message stream id is the one little-endian number of RTMP.
    uint32(streamId).reverse(),
    ...extended,
    payload.subarray(0, chunkSize),
  ];
  for (let offset = chunkSize; offset < payload.length; offset += chunkSize) {
    parts.push(basicHeader(3, chunkStreamId), ...extended, payload.subarray(offset, offset + chunkSize));
  }
  return concatBytes(parts);
}

/** 5.3.1.1: ids 2-63 in one byte, up to 319 in two, up to 65599 in three. */
export function basicHeader(format: number, chunkStreamId: number): Uint8Array {
  const high = format << 6;
  if (chunkStreamId < 64) return Uint8Array.of(high | chunkStreamId);
  const rest = chunkStreamId - 64;
  return rest < 256 ? Uint8Array.of(high, rest) : Uint8Array.of(high | 1, rest & 0xff, rest >> 8);
}

const uint24 = (value: number): Uint8Array => uint32(value).subarray(1);
