// ISO base media boxes: finding them in bytes, and building new ones.
import { FootlightError } from '../../src/protocol/errors.ts';

export interface Box {
  type: string;
  /** From the start of the bytes that were walked. */
  start: number;
  /** The whole box, header included. */
  bytes: Uint8Array;
  /** What is inside; for full boxes it starts with version and flags. */
  body: Uint8Array;
}

/** The boxes that lie side by side in `bytes`; throws when one does not fit. */
export function boxesIn(bytes: Uint8Array): Box[] {
  const view = viewOf(bytes);
  const boxes: Box[] = [];
  for (let start = 0; start < bytes.length; ) {
    if (start + 8 > bytes.length) throw brokenMedia('a box header is cut off');
    const size = view.getUint32(start);
    // Sizes 0 (to the end) and 1 (64 bits) never occur inside what an encoder writes to a pipe.
    if (size < 8 || start + size > bytes.length) throw brokenMedia(`a box claims ${size} bytes`);
    const whole = bytes.subarray(start, start + size);
    boxes.push({ type: typeAt(bytes, start + 4), start, bytes: whole, body: whole.subarray(8) });
    start += size;
  }
  return boxes;
}

/** The box at `path`, each step inside the one before. */
export function boxAt(bytes: Uint8Array, ...path: string[]): Box {
  let inside = bytes;
  let found: Box | undefined;
  for (const type of path) {
    found = boxesIn(inside).find((box) => box.type === type);
    if (!found) throw brokenMedia(`there is no ${type} box`);
    inside = found.body;
  }
  if (!found) throw brokenMedia('an empty path was asked for');
  return found;
}

/** A box around `parts`. */
export function makeBox(type: string, ...parts: Uint8Array[]): Uint8Array {
  const size = parts.reduce((sum, part) => sum + part.length, 8);
  const bytes = new Uint8Array(size);
  viewOf(bytes).setUint32(0, size);
  for (let i = 0; i < 4; i += 1) bytes[4 + i] = type.charCodeAt(i);
  let at = 8;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Big-endian 32-bit words, as most fields are. */
export function words(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = viewOf(bytes);
  values.forEach((value, i) => {
    view.setUint32(4 * i, value >>> 0);
  });
  return bytes;
}

export const typeAt = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export const brokenMedia = (what: string): FootlightError =>
  new FootlightError(
    'internal',
    `The encoder's output cannot be read: ${what}. The encoder was probably killed or is not a version that is known to work; it has to be started again.`,
  );
