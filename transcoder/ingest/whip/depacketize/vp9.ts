// VP9 over RTP (RFC 9628): the descriptors fall away, the size stands in the key frame's own header.
import { parseVp9KeyFrame } from '../../../codecs/vp9.ts';
import { type CodedFrame, concatenated, type Depacketizer, type Opens } from './coded-frame.ts';

export class Vp9Depacketizer implements Depacketizer {
  opensKeyFrame(payload: Uint8Array): Opens {
    const body = bodyOf(payload);
    return body !== null && (payload[0]! & BEGINS) !== 0 && parseVp9KeyFrame(body) !== null ? 'yes' : 'no';
  }

  frame(payloads: readonly Uint8Array[]): CodedFrame | null {
    const bodies = payloads.map(bodyOf);
    if (payloads.length === 0 || (payloads[0]![0]! & BEGINS) === 0 || bodies.includes(null)) return null;
    const data = concatenated(bodies as Uint8Array[]);
    const size = parseVp9KeyFrame(data);
    return { isKey: size !== null, parameters: size && { config: null, ...size, frameRate: null }, data };
  }
}

const BEGINS = 0x08;
const MOST_REFERENCES = 3;

function bodyOf(payload: Uint8Array): Uint8Array | null {
  const flags = payload[0]!;
  const flexible = (flags & 0x10) !== 0;
  let start = 1;
  if (flags & 0x80) start += (payload[start] ?? 0) & 0x80 ? 2 : 1; // I: picture id
  if (flags & 0x20) start += flexible ? 1 : 2; // L: layer indices, and TL0PICIDX without F
  if (flexible && flags & 0x40) {
    // P and F: differences to the references, each with a bit that says whether one more follows.
    for (let count = 0; count < MOST_REFERENCES; count += 1) {
      const more = (payload[start] ?? 0) & 1;
      start += 1;
      if (!more) break;
    }
  }
  if (flags & 0x02) start = afterScalability(payload, start);
  return start < payload.length ? payload.subarray(start) : null;
}

/** V: the scalability structure, which tells sizes that the key frame tells as well. */
function afterScalability(payload: Uint8Array, at: number): number {
  const flags = payload[at] ?? 0;
  let position = at + 1;
  if (flags & 0x10) position += ((flags >> 5) + 1) * 4;
  if (flags & 0x08) {
    const pictures = payload[position] ?? 0;
    position += 1;
    for (let index = 0; index < pictures; index += 1) position += 1 + (((payload[position] ?? 0) >> 2) & 3);
  }
  return position;
}
