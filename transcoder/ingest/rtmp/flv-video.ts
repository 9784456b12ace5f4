// Reads the header of a video message: the FLV tag (Adobe FLV 10.1, E.4.3) and its enhanced RTMP form with a FourCC.
import { readInt24, readUint24 } from './bytes.ts';

export type FlvVideoCodec = 'h264' | 'hevc' | 'av1' | 'vp9';

export type FlvVideo =
  | { type: 'config'; codec: FlvVideoCodec; data: Uint8Array }
  | { type: 'frame'; codec: FlvVideoCodec; isKey: boolean; compositionMs: number; data: Uint8Array }
  | { type: 'unsupported'; codec: string }
  /** End of sequence, metadata, commands to the player, tracks beside the first. */
  | { type: 'nothing' };

const KEY_FRAME = 1;
const COMMAND_FRAME = 5;
const AVC = 7;
const CODEC_NAMES: Record<number, string> = {
  2: 'Sorenson H.263',
  3: 'Screen Video',
  4: 'On2 VP6',
  5: 'On2 VP6 with alpha',
  6: 'Screen Video 2',
};
const FOUR_CC: Record<string, FlvVideoCodec> = { avc1: 'h264', hvc1: 'hevc', av01: 'av1', vp09: 'vp9' };
const PACKET = { config: 0, frame: 1, framesWithoutOffset: 3, modifiers: 7 } as const;

export function readFlvVideo(payload: Uint8Array): FlvVideo {
  const first = payload[0];
  if (first === undefined) return { type: 'nothing' };
  return first & 0x80 ? readEnhanced(payload, (first >> 4) & 7) : readLegacy(payload, first >> 4);
}

function readLegacy(payload: Uint8Array, frameType: number): FlvVideo {
  const codecId = payload[0]! & 15;
  if (codecId !== AVC) return { type: 'unsupported', codec: CODEC_NAMES[codecId] ?? `video codec ${codecId}` };
  if (frameType === COMMAND_FRAME || payload.length < 5) return { type: 'nothing' };
  const data = payload.subarray(5);
  if (payload[1] === PACKET.config) return { type: 'config', codec: 'h264', data };
  if (payload[1] !== PACKET.frame) return { type: 'nothing' };
  const isKey = frameType === KEY_FRAME;
  return { type: 'frame', codec: 'h264', isKey, compositionMs: readInt24(payload, 2), data };
}

function readEnhanced(payload: Uint8Array, frameType: number): FlvVideo {
  const header = skipModifiers(payload);
  if (!header || header.offset + 4 > payload.length) return { type: 'nothing' };
  const { packetType, offset } = header;
  if (packetType !== PACKET.config && packetType !== PACKET.frame && packetType !== PACKET.framesWithoutOffset) {
    return { type: 'nothing' };
  }
  if (frameType === COMMAND_FRAME) return { type: 'nothing' };
  const fourCc = String.fromCharCode(...payload.subarray(offset, offset + 4));
  const codec = FOUR_CC[fourCc];
  if (!codec) return { type: 'unsupported', codec: `video ${JSON.stringify(fourCc)}` };
  if (packetType === PACKET.config) return { type: 'config', codec, data: payload.subarray(offset + 4) };
  // Only codecs with B-frames carry the composition time, and only in packets of type 1.
  const hasOffset = packetType === PACKET.frame && (codec === 'h264' || codec === 'hevc');
  const data = payload.subarray(offset + (hasOffset ? 7 : 4));
  const compositionMs = hasOffset ? readInt24(payload, offset + 4) : 0;
  return { type: 'frame', codec, isKey: frameType === KEY_FRAME, compositionMs, data };
}

/** Enhanced RTMP v2 ModEx packets put modifiers (nanoseconds) before the packet they belong to; null when cut off. */
export function skipModifiers(payload: Uint8Array): { packetType: number; offset: number } | null {
  let packetType = payload[0]! & 15;
  let offset = 1;
  while (packetType === PACKET.modifiers) {
    let size = (payload[offset] ?? 0) + 1;
    offset += 1;
    if (size === 256) {
      size = (readUint24(payload, offset) >> 8) + 1;
      offset += 2;
    }
    offset += size;
    if (offset >= payload.length) return null;
    packetType = payload[offset]! & 15;
    offset += 1;
  }
  return { packetType, offset };
}
