// AV1: open bitstream units (OBUs), and the picture size and rate in a sequence header.
import { BitReader } from './bits.ts';

export const OBU = { sequenceHeader: 1, temporalDelimiter: 2 } as const;

export interface Obu {
  type: number;
  /** Header, size field and payload. */
  whole: Uint8Array;
  payload: Uint8Array;
}

export interface Av1Sequence {
  width: number;
  height: number;
  /** From the timing information; null when there is none. */
  frameRate: number | null;
}

/** The units of a low-overhead stream (every OBU but the last must carry its size); null when a size does not fit. */
export function splitObus(bytes: Uint8Array): Obu[] | null {
  const units: Obu[] = [];
  let position = 0;
  while (position < bytes.length) {
    const header = bytes[position]!;
    let start = position + (header & 4 ? 2 : 1); // obu_extension_flag
    let end = bytes.length;
    if (header & 2) {
      const size = readLeb128(bytes, start);
      if (!size) return null;
      start = size.end;
      end = start + size.value;
    }
    if (header & 0x80 || start > end || end > bytes.length) return null;
    const whole = bytes.subarray(position, end);
    units.push({ type: (header >> 3) & 15, whole, payload: bytes.subarray(start, end) });
    position = end;
  }
  return units;
}

/** The sequence header among the OBUs of a key frame or of an av1C record (behind its first 4 bytes); null without one. */
export function findSequenceHeader(obus: Uint8Array): Av1Sequence | null {
  const unit = splitObus(obus)?.find(({ type }) => type === OBU.sequenceHeader);
  return unit ? parseSequenceHeader(unit.payload) : null;
}

/** AV1 5.5.1 up to the size; null when it is not sound. */
export function parseSequenceHeader(payload: Uint8Array): Av1Sequence | null {
  const bits = new BitReader(payload);
  bits.skip(3 + 1); // seq_profile, still_picture
  let frameRate: number | null = null;
  if (bits.flag()) {
    bits.skip(5); // reduced_still_picture_header: only seq_level_idx
  } else {
    let delayBits = 0;
    if (bits.flag()) {
      frameRate = readTimingInfo(bits);
      if (bits.flag()) delayBits = readDecoderModel(bits);
    }
    skipOperatingPoints(bits, delayBits);
  }
  const widthBits = bits.bits(4) + 1;
  const heightBits = bits.bits(4) + 1;
  const width = bits.bits(widthBits) + 1;
  const height = bits.bits(heightBits) + 1;
  return bits.overrun ? null : { width, height, frameRate };
}

function readLeb128(bytes: Uint8Array, start: number): { value: number; end: number } | null {
  let value = 0;
  for (let index = 0; index < 8 && start + index < bytes.length; index += 1) {
    const byte = bytes[start + index]!;
    value += (byte & 0x7f) * 128 ** index;
    if (!(byte & 0x80)) return { value, end: start + index + 1 };
  }
  return null;
}

/** 5.5.3; null for streams whose pictures are not evenly spaced. */
function readTimingInfo(bits: BitReader): number | null {
  const unitsInTick = bits.bits(32);
  const timeScale = bits.bits(32);
  if (!bits.flag()) return null; // equal_picture_interval
  const ticksPerPicture = bits.unsignedGolomb() + 1; // uvlc() has the form of ue(v)
  const rate = timeScale / (unitsInTick * ticksPerPicture);
  return rate >= 1 && rate <= 300 ? rate : null;
}

/** 5.5.4: how many bits the delays of an operating point have. */
function readDecoderModel(bits: BitReader): number {
  const delayBits = bits.bits(5) + 1;
  bits.skip(32 + 5 + 5);
  return delayBits;
}

function skipOperatingPoints(bits: BitReader, delayBits: number): void {
  const delayPresent = bits.flag(); // initial_display_delay_present_flag
  const count = bits.bits(5) + 1;
  for (let point = 0; point < count; point += 1) {
    bits.skip(12); // operating_point_idc
    if (bits.bits(5) > 7) bits.flag(); // seq_tier
    if (delayBits > 0 && bits.flag()) bits.skip(2 * delayBits + 1);
    if (delayPresent && bits.flag()) bits.skip(4);
  }
}
