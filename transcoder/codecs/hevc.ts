// HEVC: the picture size in an SPS, and the hvcC record (ISO/IEC 14496-15) that carries the parameter sets.
import { BitReader, withoutEmulationPrevention } from './bits.ts';

export const HEVC_NAL = { vps: 32, sps: 33, pps: 34 } as const;

export interface HevcSps {
  /** Pixels after the conformance window. */
  width: number;
  height: number;
}

export interface HevcConfig {
  /** Bytes of each length prefix in the frames: 1, 2 or 4. */
  lengthSize: number;
  units: Uint8Array[];
}

/** The type of a NAL unit, see HEVC_NAL. */
export const hevcNalType = (unit: Uint8Array): number => ((unit[0] ?? 0) >> 1) & 0x3f;

/** Reads a whole SPS NAL unit (with its 2 header bytes, without a start code) as far as the size; null when it is not sound. */
export function parseHevcSps(nal: Uint8Array): HevcSps | null {
  if (hevcNalType(nal) !== HEVC_NAL.sps) return null;
  const bits = new BitReader(withoutEmulationPrevention(nal.subarray(2)));
  bits.skip(4); // sps_video_parameter_set_id
  const subLayers = bits.bits(3);
  bits.skip(1); // sps_temporal_id_nesting_flag
  skipProfileTierLevel(bits, subLayers);
  bits.unsignedGolomb(); // sps_seq_parameter_set_id
  const chromaFormat = bits.unsignedGolomb();
  if (chromaFormat === 3) bits.flag(); // separate_colour_plane_flag
  let width = bits.unsignedGolomb();
  let height = bits.unsignedGolomb();
  if (bits.flag()) {
    // 7.4.3.2.1: the window is told in chroma samples.
    const unitX = chromaFormat === 1 || chromaFormat === 2 ? 2 : 1;
    const unitY = chromaFormat === 1 ? 2 : 1;
    width -= unitX * (bits.unsignedGolomb() + bits.unsignedGolomb());
    height -= unitY * (bits.unsignedGolomb() + bits.unsignedGolomb());
  }
  if (bits.overrun || width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) return null;
  return { width, height };
}

/** The parameter sets in an hvcC record; null when it is not sound. */
export function parseHvcC(bytes: Uint8Array): HevcConfig | null {
  if (bytes.length < 23 || bytes[0] !== 1) return null;
  const lengthSize = (bytes[21]! & 3) + 1;
  if (lengthSize === 3) return null;
  const units: Uint8Array[] = [];
  let position = 23;
  for (let array = 0; array < bytes[22]!; array += 1) {
    if (position + 3 > bytes.length) return null;
    const count = (bytes[position + 1]! << 8) | bytes[position + 2]!;
    position += 3;
    for (let index = 0; index < count; index += 1) {
      if (position + 2 > bytes.length) return null;
      const length = (bytes[position]! << 8) | bytes[position + 1]!;
      position += 2;
      if (position + length > bytes.length) return null;
      units.push(bytes.subarray(position, position + length));
      position += length;
    }
  }
  return { lengthSize, units };
}

const MAX_SIDE = 16_384;

/** 7.3.3 profile_tier_level with profilePresentFlag 1. */
function skipProfileTierLevel(bits: BitReader, subLayers: number): void {
  bits.skip(88 + 8); // general profile and level
  const present: [profile: boolean, level: boolean][] = [];
  for (let layer = 0; layer < subLayers; layer += 1) present.push([bits.flag(), bits.flag()]);
  if (subLayers > 0) bits.skip(2 * (8 - subLayers)); // reserved_zero_2bits
  for (const [profile, level] of present) bits.skip((profile ? 88 : 0) + (level ? 8 : 0));
}
