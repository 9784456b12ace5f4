// AAC: the AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1) that goes before raw frames.
import { BitReader } from './bits.ts';

export interface AacConfig {
  objectType: number;
  /** Of the core: half of what is heard with spectral band replication. */
  sampleRate: number;
  channels: number;
}

/** Null when the record is not sound. */
export function parseAudioSpecificConfig(bytes: Uint8Array): AacConfig | null {
  const bits = new BitReader(bytes);
  let objectType = bits.bits(5);
  if (objectType === 31) objectType = 32 + bits.bits(6);
  const index = bits.bits(4);
  const sampleRate = index === 15 ? bits.bits(24) : SAMPLE_RATES[index];
  const channels = CHANNELS[bits.bits(4)];
  if (bits.overrun || objectType === 0 || !sampleRate || channels === undefined) return null;
  return { objectType, sampleRate, channels };
}

const SAMPLE_RATES = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];
/** By channelConfiguration; 0 leaves it to the stream, where stereo is the likely answer. */
const CHANNELS = [2, 1, 2, 3, 4, 5, 6, 8];
