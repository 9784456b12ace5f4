// AMF0: the values in RTMP commands and metadata, read with limits and written.
import { concatBytes } from './bytes.ts';

export type AmfValue = number | boolean | string | null | undefined | Date | AmfValue[] | AmfObject;
/** A Map, so that no name an encoder sends can mean anything to the language. */
export type AmfObject = Map<string, AmfValue>;

export type AmfResult = { ok: true; values: AmfValue[] } | { ok: false; reason: string };

const MARKER = {
  number: 0,
  boolean: 1,
  string: 2,
  object: 3,
  null: 5,
  undefined: 6,
  ecmaArray: 8,
  objectEnd: 9,
  strictArray: 10,
  date: 11,
  longString: 12,
  unsupported: 13,
  xmlDocument: 15,
} as const;

const MAX_DEPTH = 8;
const MAX_VALUES = 1_024;
const MAX_STRING_BYTES = 64 * 1024;
const utf8 = new TextDecoder();

/** All values in a payload. References, typed objects and AMF3 are refused: no encoder needs them to publish. */
export function readAmf0(bytes: Uint8Array): AmfResult {
  const reader = new Amf0Reader(bytes);
  const values: AmfValue[] = [];
  while (!reader.atEnd && !reader.failure) values.push(reader.value(0));
  return reader.failure ? { ok: false, reason: reader.failure } : { ok: true, values };
}

/** Opposite of readAmf0: Maps become objects, arrays become strict arrays. */
export function writeAmf0(values: readonly AmfValue[]): Uint8Array {
  return concatBytes(values.map(writeValue));
}

class Amf0Reader {
  /** Why reading stopped; every value read since then is undefined. */
  failure: string | null = null;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;
  #count = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.#position >= this.#bytes.length;
  }

  value(depth: number): AmfValue {
    this.#count += 1;
    if (depth > MAX_DEPTH) return this.#fail('AMF values are nested too deep');
    if (this.#count > MAX_VALUES) return this.#fail('AMF payload has too many values');
    const marker = this.#uint(1);
    switch (marker) {
      case MARKER.number:
        return this.#double();
      case MARKER.boolean:
        return this.#uint(1) !== 0;
      case MARKER.string:
        return this.#string(this.#uint(2));
      case MARKER.longString:
      case MARKER.xmlDocument:
        return this.#string(this.#uint(4));
      case MARKER.object:
        return this.#object(depth);
      case MARKER.ecmaArray:
        this.#uint(4); // the count is a remark only: the end marker decides
        return this.#object(depth);
      case MARKER.strictArray:
        return this.#strictArray(depth);
      case MARKER.date: {
        const date = new Date(this.#double());
        this.#uint(2); // time zone, reserved
        return date;
      }
      case MARKER.null:
        return null;
      case MARKER.undefined:
      case MARKER.unsupported:
        return undefined;
      default:
        return this.#fail(`AMF marker ${marker} is not supported`);
    }
  }

  #object(depth: number): AmfObject {
    const object: AmfObject = new Map();
    while (!this.failure) {
      const name = this.#string(this.#uint(2)) ?? '';
      if (name === '' && this.#bytes[this.#position] === MARKER.objectEnd) {
        this.#position += 1;
        break;
      }
      const value = this.value(depth + 1);
      if (!this.failure) object.set(name, value);
    }
    return object;
  }

  #strictArray(depth: number): AmfValue[] {
    const count = this.#uint(4);
    const array: AmfValue[] = [];
    while (array.length < count && !this.failure) array.push(this.value(depth + 1));
    return array;
  }

  #string(length: number): string | undefined {
    if (length > MAX_STRING_BYTES) return this.#fail('AMF string is too long');
    if (!this.#has(length)) return undefined;
    this.#position += length;
    return utf8.decode(this.#bytes.subarray(this.#position - length, this.#position));
  }

  #double(): number {
    if (!this.#has(8)) return 0;
    this.#position += 8;
    return this.#view.getFloat64(this.#position - 8);
  }

  #uint(size: 1 | 2 | 4): number {
    if (!this.#has(size)) return 0;
    const at = this.#position;
    this.#position += size;
    return size === 1 ? this.#view.getUint8(at) : size === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }

  #has(count: number): boolean {
    if (this.#position + count <= this.#bytes.length) return !this.failure;
    this.#fail('AMF payload ends in the middle of a value');
    return false;
  }

  #fail(reason: string): undefined {
    this.failure ??= reason;
    this.#position = this.#bytes.length;
  }
}

function writeValue(value: AmfValue): Uint8Array {
  if (value === null) return Uint8Array.of(MARKER.null);
  if (value === undefined) return Uint8Array.of(MARKER.undefined);
  if (typeof value === 'boolean') return Uint8Array.of(MARKER.boolean, value ? 1 : 0);
  if (typeof value === 'number') return concatBytes([Uint8Array.of(MARKER.number), double(value)]);
  if (typeof value === 'string') return writeString(value);
  if (value instanceof Date) {
    return concatBytes([Uint8Array.of(MARKER.date), double(value.getTime()), Uint8Array.of(0, 0)]);
  }
  if (Array.isArray(value)) {
    return concatBytes([Uint8Array.of(MARKER.strictArray), uint(4, value.length), ...value.map(writeValue)]);
  }
  const members = [...value].flatMap(([name, member]) => {
    const text = Buffer.from(name);
    return [uint(2, text.length), text, writeValue(member)];
  });
  return concatBytes([Uint8Array.of(MARKER.object), ...members, Uint8Array.of(0, 0, MARKER.objectEnd)]);
}

function writeString(text: string): Uint8Array {
  const bytes = Buffer.from(text);
  return bytes.length > 0xffff
    ? concatBytes([Uint8Array.of(MARKER.longString), uint(4, bytes.length), bytes])
    : concatBytes([Uint8Array.of(MARKER.string), uint(2, bytes.length), bytes]);
}

function double(value: number): Uint8Array {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setFloat64(0, value);
  return out;
}

function uint(size: 2 | 4, value: number): Uint8Array {
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  if (size === 2) view.setUint16(0, value);
  else view.setUint32(0, value);
  return out;
}
