// MPEG audio layer III: the rate and channels in a frame header (ISO/IEC 11172-3, 2.4.2.3).

/** Null when the bytes do not begin with a layer III frame. */
export function parseMp3Header(bytes: Uint8Array): { sampleRate: number; channels: number } | null {
  if (bytes.length < 4 || bytes[0] !== 0xff || (bytes[1]! & 0xe0) !== 0xe0) return null;
  const version = (bytes[1]! >> 3) & 3;
  const layer = (bytes[1]! >> 1) & 3;
  const rate = SAMPLE_RATES[(bytes[2]! >> 2) & 3];
  if (version === 1 || layer !== 1 || rate === undefined) return null;
  // Version 3 is MPEG-1, 2 is MPEG-2 at half the rate, 0 is MPEG-2.5 at a quarter.
  const sampleRate = version === 3 ? rate : version === 2 ? rate / 2 : rate / 4;
  return { sampleRate, channels: bytes[3]! >> 6 === 3 ? 1 : 2 };
}

const SAMPLE_RATES = [44100, 48000, 32000];
