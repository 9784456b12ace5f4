// Opus: the identification header (RFC 7845, 5.1) that Matroska and enhanced RTMP carry.

/** Opus always decodes at this rate (RFC 7845, 5.1: the input rate is a remark only). */
export const OPUS_SAMPLE_RATE = 48_000;

/** `preSkip` in samples at 48 kHz: what the decoder throws away at the start. */
export function buildOpusHead(channels: 1 | 2, preSkip = 312): Uint8Array {
  const bytes = new Uint8Array(19);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  bytes[8] = 1; // version
  bytes[9] = channels;
  view.setUint16(10, preSkip, true);
  view.setUint32(12, OPUS_SAMPLE_RATE, true);
  return bytes; // output gain 0, channel mapping family 0
}

/** Opposite of buildOpusHead; null when the header is not sound. */
export function parseOpusHead(bytes: Uint8Array): { channels: number; preSkip: number } | null {
  if (bytes.length < 19 || MAGIC.some((byte, index) => bytes[index] !== byte)) return null;
  const channels = bytes[9]!;
  if (bytes[8]! >> 4 !== 0 || channels === 0) return null;
  return { channels, preSkip: bytes[10]! | (bytes[11]! << 8) };
}

const MAGIC = [...'OpusHead'].map((letter) => letter.charCodeAt(0));
