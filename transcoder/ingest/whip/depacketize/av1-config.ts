// The av1C record (AV1 in ISOBMFF, 2.3), made from a sequence header: RTP brings none.
import { BitReader } from '../../../codecs/bits.ts';
import { concatenated } from './coded-frame.ts';

/** `content`: a sequence header that parseSequenceHeader of codecs/av1.ts accepts; `unit`: the same as a whole OBU with its size. */
export function buildAv1C(content: Uint8Array, unit: Uint8Array): Uint8Array {
  const bits = new BitReader(content);
  const profile = bits.bits(3);
  bits.flag(); // still_picture
  const reduced = bits.flag();
  const { level, tier } = reduced ? { level: bits.bits(5), tier: 0 } : readOperatingPoints(bits);
  const widthBits = bits.bits(4) + 1;
  const heightBits = bits.bits(4) + 1;
  bits.skip(widthBits + heightBits);
  if (!reduced && bits.flag()) bits.skip(7); // frame ids
  bits.skip(3); // 128x128 superblocks, filter_intra, intra_edge_filter
  if (!reduced) skipTools(bits);
  bits.skip(3); // superres, cdef, restoration
  return concatenated([Uint8Array.of(0x81, (profile << 5) | level, (tier << 7) | readColor(bits, profile), 0), unit]);
}

function readOperatingPoints(bits: BitReader): { level: number; tier: number } {
  let delayBits = 0;
  if (bits.flag()) {
    bits.skip(64); // timing_info
    if (bits.flag()) bits.unsignedGolomb(); // equal_picture_interval
    if (bits.flag()) {
      delayBits = bits.bits(5) + 1;
      bits.skip(42);
    }
  }
  const hasDisplayDelay = bits.flag();
  const points = bits.bits(5) + 1;
  let first = { level: 0, tier: 0 };
  for (let point = 0; point < points; point += 1) {
    bits.skip(12); // operating_point_idc
    const level = bits.bits(5);
    const tier = level > 7 ? bits.bits(1) : 0;
    if (point === 0) first = { level, tier };
    if (delayBits > 0 && bits.flag()) bits.skip(delayBits * 2 + 1);
    if (hasDisplayDelay && bits.flag()) bits.skip(4);
  }
  return first;
}

function skipTools(bits: BitReader): void {
  bits.skip(4); // interintra, masked compound, warped motion, dual filter
  const orderHint = bits.flag();
  if (orderHint) bits.skip(2); // jnt_comp, ref_frame_mvs
  const choosesScreenTools = bits.flag();
  const screenTools = choosesScreenTools ? 2 : bits.bits(1);
  if (screenTools > 0 && !bits.flag()) bits.skip(1); // seq_force_integer_mv
  if (orderHint) bits.skip(3);
}

/** The third byte of av1C below the tier: depth, monochrome, subsampling and sample position. */
function readColor(bits: BitReader, profile: number): number {
  const highDepth = bits.flag();
  const twelveBit = profile === 2 && highDepth && bits.flag();
  const monochrome = profile !== 1 && bits.flag();
  const described = bits.flag();
  const primaries = described ? bits.bits(8) : 2;
  const transfer = described ? bits.bits(8) : 2;
  const matrix = described ? bits.bits(8) : 2;
  let subsamplingX = 1;
  let subsamplingY = 1;
  let position = 0;
  if (monochrome) {
    bits.flag(); // color_range
  } else if (primaries === 1 && transfer === 13 && matrix === 0) {
    subsamplingX = 0;
    subsamplingY = 0;
  } else {
    bits.flag(); // color_range
    if (profile === 1) {
      subsamplingX = 0;
      subsamplingY = 0;
    } else if (profile === 2) {
      subsamplingX = twelveBit ? bits.bits(1) : 1;
      subsamplingY = twelveBit && subsamplingX ? bits.bits(1) : 0;
    }
    if (subsamplingX && subsamplingY) position = bits.bits(2);
  }
  return (
    (Number(highDepth) << 6) |
    (Number(twelveBit) << 5) |
    (Number(monochrome) << 4) |
    (subsamplingX << 3) |
    (subsamplingY << 2) |
    position
  );
}
