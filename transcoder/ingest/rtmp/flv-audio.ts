// Reads the header of an audio message: the FLV tag (Adobe FLV 10.1, E.4.2) and its enhanced RTMP form with a FourCC.
import { skipModifiers } from './flv-video.ts';

export type FlvAudioCodec = 'aac' | 'opus' | 'mp3';

export type FlvAudio =
  | { type: 'config'; codec: FlvAudioCodec; data: Uint8Array }
  | { type: 'frame'; codec: FlvAudioCodec; data: Uint8Array }
  | { type: 'unsupported'; codec: string }
  | { type: 'nothing' };

const MP3 = 2;
const ENHANCED = 9;
const AAC = 10;
const CODEC_NAMES: Record<number, string> = {
  0: 'uncompressed PCM',
  1: 'ADPCM',
  3: 'uncompressed PCM',
  4: 'Nellymoser',
  5: 'Nellymoser',
  6: 'Nellymoser',
  7: 'G.711 A-law',
  8: 'G.711 mu-law',
  11: 'Speex',
  14: 'MP3 at 8 kHz',
};
const FOUR_CC: Record<string, FlvAudioCodec> = { mp4a: 'aac', Opus: 'opus', '.mp3': 'mp3' };
const PACKET = { config: 0, frame: 1 } as const;

export function readFlvAudio(payload: Uint8Array): FlvAudio {
  const first = payload[0];
  if (first === undefined) return { type: 'nothing' };
  const format = first >> 4;
  if (format === ENHANCED) return readEnhanced(payload);
  if (format === MP3) return { type: 'frame', codec: 'mp3', data: payload.subarray(1) };
  if (format !== AAC) return { type: 'unsupported', codec: CODEC_NAMES[format] ?? `audio format ${format}` };
  if (payload.length < 2) return { type: 'nothing' };
  return { type: payload[1] === PACKET.config ? 'config' : 'frame', codec: 'aac', data: payload.subarray(2) };
}

function readEnhanced(payload: Uint8Array): FlvAudio {
  const header = skipModifiers(payload);
  if (!header || header.offset + 4 > payload.length) return { type: 'nothing' };
  const { packetType, offset } = header;
  if (packetType !== PACKET.config && packetType !== PACKET.frame) return { type: 'nothing' };
  const fourCc = String.fromCharCode(...payload.subarray(offset, offset + 4));
  const codec = FOUR_CC[fourCc];
  if (!codec) return { type: 'unsupported', codec: `audio ${JSON.stringify(fourCc)}` };
  return { type: packetType === PACKET.config ? 'config' : 'frame', codec, data: payload.subarray(offset + 4) };
}
