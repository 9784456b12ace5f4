// AV1 over RTP (the AOM payload specification): OBU elements become a temporal unit with sizes, without temporal delimiters.
import { parseSequenceHeader } from '../../../codecs/av1.ts';
import { buildAv1C } from './av1-config.ts';
import { type CodedFrame, concatenated, type Depacketizer, type Opens } from './coded-frame.ts';

export class Av1Depacketizer implements Depacketizer {
  opensKeyFrame(payload: Uint8Array): Opens {
    // N: the first packet of a coded video sequence; Z clear: it does not continue an element.
    return (payload[0]! & 0x88) === 0x08 ? 'yes' : 'no';
  }

  frame(payloads: readonly Uint8Array[]): CodedFrame | null {
    const units = unpack(payloads);
    if (!units) return null;
    const kept = units.filter((unit) => !SILENT.has(typeOf(unit)));
    if (!kept.some((unit) => typeOf(unit) === FRAME || typeOf(unit) === FRAME_HEADER)) return null;
    const header = kept.find((unit) => typeOf(unit) === SEQUENCE_HEADER);
    const data = concatenated(kept.map(withSize));
    if (!header) return { isKey: false, parameters: null, data };
    const sequence = parseSequenceHeader(contentOf(header));
    // A sequence header may also be repeated before a frame that is no key frame.
    if (!sequence || !kept.some(isKeyFrame)) return sequence ? { isKey: false, parameters: null, data } : null;
    return { isKey: true, data, parameters: { ...sequence, config: buildAv1C(contentOf(header), withSize(header)) } };
  }
}

const SEQUENCE_HEADER = 1;
const FRAME_HEADER = 3;
const FRAME = 6;
/** Temporal delimiters, tile lists and padding. */
const SILENT: ReadonlySet<number> = new Set([2, 8, 15]);

const typeOf = (unit: Uint8Array): number => (unit[0]! >> 3) & 15;
const hasExtension = (unit: Uint8Array): boolean => (unit[0]! & 4) !== 0;
const hasSize = (unit: Uint8Array): boolean => (unit[0]! & 2) !== 0;

function unpack(payloads: readonly Uint8Array[]): Uint8Array[] | null {
  const units: Uint8Array[] = [];
  let open: Uint8Array[] = [];
  for (const payload of payloads) {
    const elements = elementsOf(payload);
    if (!elements) return null;
    const continues = (payload[0]! & 0x80) !== 0;
    if (continues !== open.length > 0) return null;
    elements.forEach((element, index) => {
      open.push(element);
      // Y: the last element goes on in the next packet.
      if (index < elements.length - 1 || (payload[0]! & 0x40) === 0) {
        units.push(concatenated(open));
        open = [];
      }
    });
  }
  return open.length > 0 || units.some((unit) => unit.length < (hasExtension(unit) ? 2 : 1)) ? null : units;
}

function elementsOf(payload: Uint8Array): Uint8Array[] | null {
  const count = (payload[0]! >> 4) & 3;
  const elements: Uint8Array[] = [];
  let position = 1;
  while (position < payload.length) {
    // W: when elements are counted, the last one has no length.
    const isLast = count > 0 && elements.length === count - 1;
    const length = isLast ? { value: payload.length - position, end: position } : readLeb128(payload, position);
    if (!length || length.value === 0 || length.end + length.value > payload.length) return null;
    elements.push(payload.subarray(length.end, length.end + length.value));
    position = length.end + length.value;
  }
  return elements.length === 0 || (count > 0 && elements.length !== count) ? null : elements;
}

function contentOf(unit: Uint8Array): Uint8Array {
  const start = hasExtension(unit) ? 2 : 1;
  if (!hasSize(unit)) return unit.subarray(start);
  const size = readLeb128(unit, start);
  return size ? unit.subarray(size.end, size.end + size.value) : unit.subarray(unit.length);
}

function withSize(unit: Uint8Array): Uint8Array {
  if (hasSize(unit)) return unit;
  const content = contentOf(unit);
  const header = unit.slice(0, hasExtension(unit) ? 2 : 1);
  header[0] = header[0]! | 2;
  return concatenated([header, leb128(content.length), content]);
}

/** show_existing_frame clear, frame_type KEY_FRAME. */
const isKeyFrame = (unit: Uint8Array): boolean =>
  (typeOf(unit) === FRAME || typeOf(unit) === FRAME_HEADER) && ((contentOf(unit)[0] ?? 0xff) & 0xe0) === 0;

function readLeb128(bytes: Uint8Array, start: number): { value: number; end: number } | null {
  let value = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = bytes[start + index];
    if (byte === undefined) return null;
    value += (byte & 0x7f) * 128 ** index;
    if (byte < 0x80) return { value, end: start + index + 1 };
  }
  return null;
}

function leb128(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest % 128) | 0x80);
  }
}
