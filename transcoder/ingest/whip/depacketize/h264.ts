// H.264 over RTP (RFC 6184): single NAL units, STAP-A and FU-A become one length-prefixed access unit.
import { buildAvcC, H264_NAL, h264NalType, joinLengthPrefixed, parseSps } from '../../../codecs/h264.ts';
import { type CodedFrame, concatenated, type Depacketizer, type Opens, type VideoParameters } from './coded-frame.ts';

export class H264Depacketizer implements Depacketizer {
  /** The newest parameter sets: a sender may send them apart from the key frame, or in the SDP only. */
  #sps: Uint8Array[] = [];
  #pps: Uint8Array[] = [];

  /** `sprop`: the parameter sets of the SDP (sprop-parameter-sets), as NAL units. */
  constructor(sprop: readonly Uint8Array[] = []) {
    this.#remember(sprop);
  }

  opensKeyFrame(payload: Uint8Array): Opens {
    const type = h264NalType(payload);
    if (type === STAP_A) return this.#opens(payload.subarray(3));
    if (type === FU_A) {
      return (payload[1]! & 0x9f) === (0x80 | H264_NAL.idr) && this.#isFirstSlice(payload[2]) ? 'maybe' : 'no';
    }
    return this.#opens(payload);
  }

  frame(payloads: readonly Uint8Array[]): CodedFrame | null {
    const units = unpack(payloads);
    if (!units) return null;
    this.#remember(units);
    const kept = units.filter((unit) => !SILENT.has(h264NalType(unit)));
    if (!kept.some((unit) => h264NalType(unit) >= 1 && h264NalType(unit) <= H264_NAL.idr)) return null;
    const isKey = kept.some((unit) => h264NalType(unit) === H264_NAL.idr);
    const parameters = isKey ? this.#parameters() : null;
    if (isKey && !parameters) return null;
    return { isKey, parameters, data: joinLengthPrefixed(kept) };
  }

  /** An IDR slice is a beginning only with its first macroblock, and if the parameter sets were heard before. */
  #opens(nal: Uint8Array): Opens {
    if (h264NalType(nal) === H264_NAL.sps) return 'yes';
    return h264NalType(nal) === H264_NAL.idr && this.#isFirstSlice(nal[1]) ? 'maybe' : 'no';
  }

  #isFirstSlice(firstByte: number | undefined): boolean {
    return this.#sps.length > 0 && this.#pps.length > 0 && ((firstByte ?? 0) & 0x80) !== 0;
  }

  #remember(units: readonly Uint8Array[]): void {
    const sps = units.filter((unit) => h264NalType(unit) === H264_NAL.sps && parseSps(unit));
    const pps = units.filter((unit) => h264NalType(unit) === H264_NAL.pps);
    // Copies: a parameter set outlives the packet that brought it. 31 and 255 are the most that avcC can count.
    if (sps.length > 0) this.#sps = sps.slice(0, 31).map((unit) => unit.slice());
    if (pps.length > 0) this.#pps = pps.slice(0, 255).map((unit) => unit.slice());
  }

  #parameters(): VideoParameters | null {
    const sps = this.#sps[0] && parseSps(this.#sps[0]);
    if (!sps || this.#pps.length === 0) return null;
    const { width, height, frameRate } = sps;
    return { config: buildAvcC(this.#sps, this.#pps), width, height, frameRate };
  }
}

const STAP_A = 24;
const FU_A = 28;
/** Delimiters, ends and filler: nothing for a decoder behind a container. */
const SILENT: ReadonlySet<number> = new Set([H264_NAL.delimiter, 10, 11, 12]);

function unpack(payloads: readonly Uint8Array[]): Uint8Array[] | null {
  const units: Uint8Array[] = [];
  let fragments: Uint8Array[] = [];
  for (const payload of payloads) {
    const type = h264NalType(payload);
    if (type !== FU_A && fragments.length > 0) return null;
    if (type === STAP_A) {
      if (!unpackAggregate(payload, units)) return null;
    } else if (type === FU_A) {
      if (payload.length < 3) return null;
      const starts = (payload[1]! & 0x80) !== 0;
      if (starts !== (fragments.length === 0)) return null;
      if (starts) fragments.push(Uint8Array.of((payload[0]! & 0xe0) | (payload[1]! & 0x1f)));
      fragments.push(payload.subarray(2));
      if (payload[1]! & 0x40) {
        units.push(concatenated(fragments));
        fragments = [];
      }
    } else if (type >= 1 && type < STAP_A) {
      units.push(payload);
    } else {
      // STAP-B, MTAP and FU-B belong to the interleaved mode, which nobody is offered.
      return null;
    }
  }
  return fragments.length > 0 ? null : units;
}

function unpackAggregate(payload: Uint8Array, units: Uint8Array[]): boolean {
  let position = 1;
  while (position + 2 < payload.length) {
    const length = (payload[position]! << 8) | payload[position + 1]!;
    position += 2;
    if (length === 0 || position + length > payload.length) return false;
    units.push(payload.subarray(position, position + length));
    position += length;
  }
  return position === payload.length;
}
