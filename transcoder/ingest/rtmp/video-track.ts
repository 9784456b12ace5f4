// From the codec configuration of an encoder to a video track, and from its payloads to frames as media.ts wants them.
import { findSequenceHeader, OBU, splitObus } from '../../codecs/av1.ts';
import { joinLengthPrefixed, parseAvcC, parseSps, splitLengthPrefixed } from '../../codecs/h264.ts';
import { HEVC_NAL, hevcNalType, parseHevcSps, parseHvcC } from '../../codecs/hevc.ts';
import { parseVp9KeyFrame } from '../../codecs/vp9.ts';
import type { VideoTrack } from '../../media.ts';
import { concatBytes } from './bytes.ts';
import type { FlvVideoCodec } from './flv-video.ts';

export interface VideoFormat {
  /** Size 0 while only the first key frame can tell it (VP9; AV1 without a sequence header in its configuration). */
  track: VideoTrack;
  /** Bytes of each length prefix as sent; 0 for codecs without NAL units. */
  lengthSize: number;
}

/** Null when the configuration is not sound. */
export function readVideoFormat(codec: FlvVideoCodec, config: Uint8Array): VideoFormat | null {
  switch (codec) {
    case 'h264':
      return readAvc(config);
    case 'hevc':
      return readHevc(config);
    case 'av1': {
      if (config.length < 4) return null;
      const sequence = findSequenceHeader(config.subarray(4));
      return { track: track(codec, config, sequence ?? NO_SIZE, sequence?.frameRate), lengthSize: 0 };
    }
    case 'vp9':
      return { track: track(codec, null, NO_SIZE), lengthSize: 0 };
  }
}

/** The size a key frame tells of itself; null when it does not. */
export function sizeOfKeyFrame(codec: FlvVideoCodec, data: Uint8Array): { width: number; height: number } | null {
  if (codec === 'av1') return findSequenceHeader(data);
  return codec === 'vp9' ? parseVp9KeyFrame(data) : null;
}

/** The frame in the form of media.ts; null when it is damaged or empty. */
export function normalizeFrame({ track: { codec }, lengthSize }: VideoFormat, data: Uint8Array): Uint8Array | null {
  if (data.length === 0) return null;
  if (codec === 'av1') return withoutTemporalDelimiters(data);
  if (lengthSize === 0) return data;
  const units = splitLengthPrefixed(data, lengthSize);
  if (!units || units.length === 0) return null;
  return lengthSize === 4 ? data : joinLengthPrefixed(units);
}

const NO_SIZE = { width: 0, height: 0 };

function readAvc(config: Uint8Array): VideoFormat | null {
  const avcC = parseAvcC(config);
  const sps = avcC && parseSps(avcC.sps[0]!);
  if (!avcC || !sps) return null;
  return { track: track('h264', withLengthSize4(config, 4), sps, sps.frameRate), lengthSize: avcC.lengthSize };
}

function readHevc(config: Uint8Array): VideoFormat | null {
  const hvcC = parseHvcC(config);
  const unit = hvcC?.units.find((candidate) => hevcNalType(candidate) === HEVC_NAL.sps);
  const sps = unit && parseHevcSps(unit);
  if (!hvcC || !sps) return null;
  return { track: track('hevc', withLengthSize4(config, 21), sps), lengthSize: hvcC.lengthSize };
}

function track(
  codec: FlvVideoCodec,
  config: Uint8Array | null,
  { width, height }: { width: number; height: number },
  frameRate: number | null = null,
): VideoTrack {
  return { kind: 'video', codec, config, width, height, frameRate };
}

/** Frames leave here with prefixes of 4 bytes, so the record must say so. */
function withLengthSize4(config: Uint8Array, offset: number): Uint8Array {
  const copy = config.slice();
  copy[offset] = copy[offset]! | 3;
  return copy;
}

function withoutTemporalDelimiters(data: Uint8Array): Uint8Array | null {
  const units = splitObus(data);
  if (!units) return null;
  const kept = units.filter(({ type }) => type !== OBU.temporalDelimiter);
  if (kept.length === 0) return null;
  return kept.length === units.length ? data : concatBytes(kept.map(({ whole }) => whole));
}
