// H.264: the picture size and rate in an SPS, and the avcC record (ISO/IEC 14496-15) that carries SPS and PPS.
import { BitReader, withoutEmulationPrevention } from './bits.ts';

export { joinLengthPrefixed, splitAnnexB, splitLengthPrefixed } from './nal.ts';

export const H264_NAL = { slice: 1, idr: 5, sei: 6, sps: 7, pps: 8, delimiter: 9 } as const;

export interface H264Sps {
  /** Pixels after cropping. */
  width: number;
  height: number;
  /** From the VUI timing; null when it does not say. */
  frameRate: number | null;
  profile: number;
  constraints: number;
  level: number;
  chromaFormat: number;
  bitDepthLuma: number;
  bitDepthChroma: number;
}

export interface AvcConfig {
  profile: number;
  constraints: number;
  level: number;
  /** Bytes of each length prefix in the frames: 1, 2 or 4. */
  lengthSize: number;
  sps: Uint8Array[];
  pps: Uint8Array[];
}

/** The type of a NAL unit, see H264_NAL. */
export const h264NalType = (unit: Uint8Array): number => (unit[0] ?? 0) & 0x1f;

/** Reads a whole SPS NAL unit (with its header byte, without a start code); null when it is no SPS or not a sound one. */
export function parseSps(nal: Uint8Array): H264Sps | null {
  if (h264NalType(nal) !== H264_NAL.sps) return null;
  const bits = new BitReader(withoutEmulationPrevention(nal.subarray(1)));
  const profile = bits.bits(8);
  const constraints = bits.bits(8);
  const level = bits.bits(8);
  bits.unsignedGolomb(); // seq_parameter_set_id

  const format = PROFILES_WITH_CHROMA.has(profile) ? readChroma(bits) : PLAIN_CHROMA;
  bits.unsignedGolomb(); // log2_max_frame_num_minus4
  skipPictureOrder(bits);
  bits.unsignedGolomb(); // max_num_ref_frames
  bits.flag(); // gaps_in_frame_num_value_allowed_flag

  const widthInBlocks = bits.unsignedGolomb() + 1;
  const heightInUnits = bits.unsignedGolomb() + 1;
  const framesOnly = bits.flag();
  if (!framesOnly) bits.flag(); // mb_adaptive_frame_field_flag
  bits.flag(); // direct_8x8_inference_flag
  const crop = bits.flag() ? readCrop(bits) : NO_CROP;
  // Everything that decides the size has been read: a cut-off VUI costs the frame rate only.
  if (bits.overrun) return null;
  const frameRate = bits.flag() ? readFrameRate(bits) : null;

  // 7-19 to 7-22: crop units are chroma samples, doubled vertically for field coding.
  const cropUnitX = format.chromaFormat === 1 || format.chromaFormat === 2 ? 2 : 1;
  const cropUnitY = (format.chromaFormat === 1 ? 2 : 1) * (framesOnly ? 1 : 2);
  const width = widthInBlocks * 16 - cropUnitX * (crop.left + crop.right);
  const height = heightInUnits * 16 * (framesOnly ? 1 : 2) - cropUnitY * (crop.top + crop.bottom);
  if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) return null;
  return { width, height, frameRate, profile, constraints, level, ...format };
}

/** The avcC record for these parameter sets; the frames beside it carry length prefixes of 4 bytes. */
export function buildAvcC(sps: readonly Uint8Array[], pps: readonly Uint8Array[]): Uint8Array {
  const first = sps[0] ?? new Uint8Array(4);
  const bytes: number[] = [1, first[1] ?? 0, first[2] ?? 0, first[3] ?? 0, 0xff, 0xe0 | (sps.length & 0x1f)];
  for (const unit of sps) bytes.push(unit.length >> 8, unit.length & 0xff, ...unit);
  bytes.push(pps.length & 0xff);
  for (const unit of pps) bytes.push(unit.length >> 8, unit.length & 0xff, ...unit);
  const info = parseSps(first);
  // 5.3.3.1.2: profiles other than Baseline, Main and Extended also tell their chroma format and bit depths.
  if (info && info.profile !== 66 && info.profile !== 77 && info.profile !== 88) {
    bytes.push(0xfc | info.chromaFormat, 0xf8 | (info.bitDepthLuma - 8), 0xf8 | (info.bitDepthChroma - 8), 0);
  }
  return Uint8Array.from(bytes);
}

/** Opposite of buildAvcC; null when the record is not sound or holds no SPS or no PPS. */
export function parseAvcC(bytes: Uint8Array): AvcConfig | null {
  if (bytes.length < 7 || bytes[0] !== 1) return null;
  const lengthSize = (bytes[4]! & 3) + 1;
  if (lengthSize === 3) return null;
  const sps = readUnits(bytes, 6, bytes[5]! & 0x1f);
  if (!sps || sps.end >= bytes.length) return null;
  const pps = readUnits(bytes, sps.end + 1, bytes[sps.end]!);
  if (!pps || sps.units.length === 0 || pps.units.length === 0) return null;
  return {
    profile: bytes[1]!,
    constraints: bytes[2]!,
    level: bytes[3]!,
    lengthSize,
    sps: sps.units,
    pps: pps.units,
  };
}

const MAX_SIDE = 16_384;
const NO_CROP = { left: 0, right: 0, top: 0, bottom: 0 };
const PLAIN_CHROMA = { chromaFormat: 1, bitDepthLuma: 8, bitDepthChroma: 8 };
/** 7.3.2.1.1: the profiles whose SPS carries chroma_format_idc. */
const PROFILES_WITH_CHROMA = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

function readChroma(bits: BitReader) {
  const chromaFormat = bits.unsignedGolomb();
  if (chromaFormat === 3) bits.flag(); // separate_colour_plane_flag
  const bitDepthLuma = bits.unsignedGolomb() + 8;
  const bitDepthChroma = bits.unsignedGolomb() + 8;
  bits.flag(); // qpprime_y_zero_transform_bypass_flag
  if (bits.flag()) {
    const lists = chromaFormat === 3 ? 12 : 8;
    for (let list = 0; list < lists; list += 1) if (bits.flag()) skipScalingList(bits, list < 6 ? 16 : 64);
  }
  // Values outside the standard make the SPS unusable, as missing bits do.
  if (chromaFormat > 3 || bitDepthLuma > 14 || bitDepthChroma > 14) bits.overrun = true;
  return { chromaFormat, bitDepthLuma, bitDepthChroma };
}

function skipScalingList(bits: BitReader, size: number): void {
  let last = 8;
  let next = 8;
  for (let index = 0; index < size && next !== 0; index += 1) {
    next = (last + bits.signedGolomb() + 256) % 256;
    if (next !== 0) last = next;
  }
}

function skipPictureOrder(bits: BitReader): void {
  const type = bits.unsignedGolomb();
  if (type === 0) {
    bits.unsignedGolomb(); // log2_max_pic_order_cnt_lsb_minus4
  } else if (type === 1) {
    bits.flag(); // delta_pic_order_always_zero_flag
    bits.signedGolomb(); // offset_for_non_ref_pic
    bits.signedGolomb(); // offset_for_top_to_bottom_field
    const cycle = bits.unsignedGolomb();
    for (let index = 0; index < cycle && !bits.overrun; index += 1) bits.signedGolomb();
  }
}

function readCrop(bits: BitReader) {
  const left = bits.unsignedGolomb();
  const right = bits.unsignedGolomb();
  const top = bits.unsignedGolomb();
  const bottom = bits.unsignedGolomb();
  return { left, right, top, bottom };
}

/** Annex E.1.1 up to the timing; null when there is none or it makes no sense. */
function readFrameRate(bits: BitReader): number | null {
  if (bits.flag() && bits.bits(8) === 255) bits.skip(32); // aspect_ratio_idc, Extended_SAR
  if (bits.flag()) bits.flag(); // overscan
  if (bits.flag()) {
    bits.skip(4); // video_format, video_full_range_flag
    if (bits.flag()) bits.skip(24); // colour description
  }
  if (bits.flag()) {
    bits.unsignedGolomb(); // chroma_sample_loc_type_top_field
    bits.unsignedGolomb(); // chroma_sample_loc_type_bottom_field
  }
  if (!bits.flag()) return null;
  const unitsInTick = bits.bits(32);
  const timeScale = bits.bits(32);
  const rate = timeScale / (2 * unitsInTick); // a frame is two fields, two ticks
  return bits.overrun || !(rate >= 1 && rate <= 300) ? null : rate;
}

function readUnits(bytes: Uint8Array, start: number, count: number): { units: Uint8Array[]; end: number } | null {
  const units: Uint8Array[] = [];
  let position = start;
  for (let index = 0; index < count; index += 1) {
    if (position + 2 > bytes.length) return null;
    const length = (bytes[position]! << 8) | bytes[position + 1]!;
    position += 2;
    if (position + length > bytes.length) return null;
    units.push(bytes.subarray(position, position + length));
    position += length;
  }
  return { units, end: position };
}
