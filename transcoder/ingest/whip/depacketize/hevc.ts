// HEVC over RTP (RFC 7798): single NAL units, aggregation and fragmentation units become one length-prefixed access unit.
import { withoutEmulationPrevention } from '../../../codecs/bits.ts';
import { HEVC_NAL, hevcNalType, parseHevcSps } from '../../../codecs/hevc.ts';
import { joinLengthPrefixed } from '../../../codecs/nal.ts';
import { type CodedFrame, concatenated, type Depacketizer, type Opens, type VideoParameters } from './coded-frame.ts';

export class HevcDepacketizer implements Depacketizer {
  #sets = new Map<number, Uint8Array>();

  opensKeyFrame(payload: Uint8Array): Opens {
    const type = hevcNalType(payload);
    if (type === AGGREGATE) return this.#opens(hevcNalType(payload.subarray(4)), payload[6]);
    if (type === FRAGMENT) return (payload[2]! & 0x80) !== 0 ? this.#opens(payload[2]! & 0x3f, payload[3]) : 'no';
    return this.#opens(type, payload[2]);
  }

  frame(payloads: readonly Uint8Array[]): CodedFrame | null {
    const units = unpack(payloads);
    if (!units) return null;
    for (const unit of units) if (isParameterSet(hevcNalType(unit))) this.#sets.set(hevcNalType(unit), unit.slice());
    const kept = units.filter((unit) => !SILENT.has(hevcNalType(unit)));
    if (!kept.some((unit) => hevcNalType(unit) < 32)) return null;
    const isKey = kept.some((unit) => isRandomAccess(hevcNalType(unit)));
    const parameters = isKey ? this.#parameters() : null;
    if (isKey && !parameters) return null;
    return { isKey, parameters, data: joinLengthPrefixed(kept) };
  }

  #opens(type: number, afterHeader: number | undefined): Opens {
    if (type === HEVC_NAL.vps) return 'yes';
    if (type === HEVC_NAL.sps) return 'maybe';
    // first_slice_segment_in_pic_flag
    const isFirst = ((afterHeader ?? 0) & 0x80) !== 0;
    return isRandomAccess(type) && this.#sets.size === 3 && isFirst ? 'maybe' : 'no';
  }

  #parameters(): VideoParameters | null {
    const sps = this.#sets.get(HEVC_NAL.sps);
    const size = sps && parseHevcSps(sps);
    if (!size || this.#sets.size !== 3) return null;
    return { config: buildHvcC(sps, this.#sets), ...size, frameRate: null };
  }
}

const AGGREGATE = 48;
const FRAGMENT = 49;
/** Delimiters, ends and filler. */
const SILENT: ReadonlySet<number> = new Set([35, 36, 37, 38]);
const isParameterSet = (type: number): boolean => type >= HEVC_NAL.vps && type <= HEVC_NAL.pps;
/** IDR, CRA and BLA pictures. */
const isRandomAccess = (type: number): boolean => type >= 16 && type <= 21;

function unpack(payloads: readonly Uint8Array[]): Uint8Array[] | null {
  const units: Uint8Array[] = [];
  let fragments: Uint8Array[] = [];
  for (const payload of payloads) {
    if (payload.length < 3) return null;
    const type = hevcNalType(payload);
    if (type !== FRAGMENT && fragments.length > 0) return null;
    if (type === AGGREGATE) {
      let position = 2;
      while (position + 2 < payload.length) {
        const length = (payload[position]! << 8) | payload[position + 1]!;
        position += 2;
        if (length < 2 || position + length > payload.length) return null;
        units.push(payload.subarray(position, position + length));
        position += length;
      }
      if (position !== payload.length) return null;
    } else if (type === FRAGMENT) {
      const starts = (payload[2]! & 0x80) !== 0;
      if (starts !== (fragments.length === 0)) return null;
      if (starts) fragments.push(Uint8Array.of((payload[0]! & 0x81) | ((payload[2]! & 0x3f) << 1), payload[1]!));
      fragments.push(payload.subarray(3));
      if (payload[2]! & 0x40) {
        units.push(concatenated(fragments));
        fragments = [];
      }
    } else if (type < AGGREGATE) {
      units.push(payload);
    } else {
      return null;
    }
  }
  return fragments.length > 0 ? null : units;
}

/** ISO/IEC 14496-15 8.3.3; the general profile, tier and level are the 12 bytes behind the first one of the SPS. */
function buildHvcC(sps: Uint8Array, sets: ReadonlyMap<number, Uint8Array>): Uint8Array {
  const general = withoutEmulationPrevention(sps.subarray(2)).subarray(1, 13);
  // Main 10 is the only profile beyond 8 bits that senders offer.
  const extraBits = (general[0]! & 0x1f) === 2 ? 2 : 0;
  const head = [1, ...general, 0xf0, 0, 0xfc, 0xfd, 0xf8 | extraBits, 0xf8 | extraBits, 0, 0, 0x0f, 3];
  const arrays = [HEVC_NAL.vps, HEVC_NAL.sps, HEVC_NAL.pps].flatMap((type) => {
    const set = sets.get(type)!;
    return [0x80 | type, 0, 1, set.length >> 8, set.length & 0xff, ...set];
  });
  return Uint8Array.from([...head, ...arrays]);
}
