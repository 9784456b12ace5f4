// VP8 over RTP (RFC 7741): the descriptors fall away, the size stands in the key frame.
import { type CodedFrame, concatenated, type Depacketizer, type Opens } from './coded-frame.ts';

export class Vp8Depacketizer implements Depacketizer {
  opensKeyFrame(payload: Uint8Array): Opens {
    const body = bodyOf(payload);
    return body !== null && opensFrame(payload) && (body[0]! & 1) === 0 ? 'yes' : 'no';
  }

  frame(payloads: readonly Uint8Array[]): CodedFrame | null {
    const bodies = payloads.map(bodyOf);
    if (payloads.length === 0 || !opensFrame(payloads[0]!) || bodies.includes(null)) return null;
    const data = concatenated(bodies as Uint8Array[]);
    if (data[0]! & 1) return { isKey: false, parameters: null, data };
    // RFC 6386 9.1: start code, then 14 bits of width and 14 bits of height, each below 2 bits of scaling.
    if (data.length < 10 || data[3] !== 0x9d || data[4] !== 0x01 || data[5] !== 0x2a) return null;
    const width = (data[6]! | (data[7]! << 8)) & 0x3fff;
    const height = (data[8]! | (data[9]! << 8)) & 0x3fff;
    if (width === 0 || height === 0) return null;
    return { isKey: true, parameters: { config: null, width, height, frameRate: null }, data };
  }
}

/** S bit, partition 0. */
const opensFrame = (payload: Uint8Array): boolean => (payload[0]! & 0x17) === 0x10;

function bodyOf(payload: Uint8Array): Uint8Array | null {
  let start = 1;
  if (payload[0]! & 0x80) {
    const flags = payload[1] ?? 0;
    start += 1;
    if (flags & 0x80) start += (payload[start] ?? 0) & 0x80 ? 2 : 1; // picture id
    if (flags & 0x40) start += 1; // TL0PICIDX
    if (flags & 0x30) start += 1; // TID, KEYIDX
  }
  return start < payload.length ? payload.subarray(start) : null;
}
