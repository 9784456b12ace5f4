// NAL units in their two wrappings: Annex B start codes, and length prefixes as in MP4, FLV and Matroska.

/** The units between start codes (00 00 01 or 00 00 00 01), without them and without trailing zeros. Views, not copies. */
export function splitAnnexB(bytes: Uint8Array): Uint8Array[] {
  const units: Uint8Array[] = [];
  let start = -1;
  let position = 0;
  while (position + 2 < bytes.length) {
    if (bytes[position + 2]! > 1) {
      position += 3;
    } else if (bytes[position] === 0 && bytes[position + 1] === 0 && bytes[position + 2] === 1) {
      if (start >= 0) pushUnit(units, bytes, start, position);
      position += 3;
      start = position;
    } else {
      position += 1;
    }
  }
  if (start >= 0) pushUnit(units, bytes, start, bytes.length);
  return units;
}

/** The units behind length prefixes; null when a length does not fit. Views, not copies. */
export function splitLengthPrefixed(bytes: Uint8Array, lengthSize = 4): Uint8Array[] | null {
  const units: Uint8Array[] = [];
  let position = 0;
  while (position < bytes.length) {
    if (position + lengthSize > bytes.length) return null;
    let length = 0;
    for (let index = 0; index < lengthSize; index += 1) length = length * 256 + bytes[position + index]!;
    position += lengthSize;
    if (position + length > bytes.length) return null;
    if (length > 0) units.push(bytes.subarray(position, position + length));
    position += length;
  }
  return units;
}

/** Opposite of splitLengthPrefixed, always with prefixes of 4 bytes. */
export function joinLengthPrefixed(units: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(units.reduce((sum, unit) => sum + 4 + unit.length, 0));
  const view = new DataView(out.buffer);
  let position = 0;
  for (const unit of units) {
    view.setUint32(position, unit.length);
    out.set(unit, position + 4);
    position += 4 + unit.length;
  }
  return out;
}

function pushUnit(units: Uint8Array[], bytes: Uint8Array, start: number, end: number): void {
  // The zero before a start code of 4 bytes, and trailing_zero_8bits, do not belong to the unit.
  while (end > start && bytes[end - 1] === 0) end -= 1;
  if (end > start) units.push(bytes.subarray(start, end));
}
