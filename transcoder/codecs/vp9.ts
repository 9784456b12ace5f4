// VP9: the picture size in the uncompressed header of a key frame.
import { BitReader } from './bits.ts';

/** Null when the frame is not a sound key frame (VP9 6.2). */
export function parseVp9KeyFrame(frame: Uint8Array): { width: number; height: number } | null {
  const bits = new BitReader(frame);
  if (bits.bits(2) !== 2) return null; // frame_marker
  const profile = bits.bits(1) + 2 * bits.bits(1);
  if (profile === 3) bits.skip(1);
  const showsExisting = bits.flag();
  const isInter = bits.flag();
  bits.skip(2); // show_frame, error_resilient_mode
  if (showsExisting || isInter || bits.bits(24) !== SYNC_CODE) return null;
  if (profile >= 2) bits.skip(1); // ten_or_twelve_bit
  const isRgb = bits.bits(3) === CS_RGB;
  if (!isRgb) bits.skip(1); // color_range
  if (profile % 2 === 1) bits.skip(isRgb ? 1 : 3); // subsampling, reserved
  const width = bits.bits(16) + 1;
  const height = bits.bits(16) + 1;
  return bits.overrun ? null : { width, height };
}

const SYNC_CODE = 0x498342;
const CS_RGB = 7;
