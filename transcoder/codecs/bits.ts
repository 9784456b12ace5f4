// Reads bits and Exp-Golomb numbers from the parameter sets of codecs. Never throws: `overrun` tells that data was missing.

export class BitReader {
  /** True once more was asked for than there is; everything read since then is 0. */
  overrun = false;
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get position(): number {
    return this.#position;
  }

  /** An unsigned number of up to 32 bits. */
  bits(count: number): number {
    if (this.#position + count > this.#bytes.length * 8) {
      this.overrun = true;
      this.#position = this.#bytes.length * 8;
      return 0;
    }
    let value = 0;
    for (let read = 0; read < count; read += 1) {
      const byte = this.#bytes[this.#position >> 3]!;
      value = value * 2 + ((byte >> (7 - (this.#position & 7))) & 1);
      this.#position += 1;
    }
    return value;
  }

  flag(): boolean {
    return this.bits(1) === 1;
  }

  skip(count: number): void {
    for (let left = count; left > 0; left -= 32) this.bits(Math.min(left, 32));
  }

  /** ue(v) of H.264 9.1. */
  unsignedGolomb(): number {
    let zeros = 0;
    while (!this.overrun && !this.flag()) zeros += 1;
    // The standards allow no number above 2^32 - 2, which has 31 leading zeros (32 for the largest).
    if (this.overrun || zeros > 32) {
      this.overrun = true;
      return 0;
    }
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  /** se(v) of H.264 9.1.1. */
  signedGolomb(): number {
    const code = this.unsignedGolomb();
    return code % 2 === 1 ? (code + 1) / 2 : -(code / 2);
  }
}

/** The payload of a NAL unit (H.264 and HEVC alike) without its emulation prevention bytes (00 00 03 -> 00 00). */
export function withoutEmulationPrevention(nal: Uint8Array): Uint8Array {
  const out = new Uint8Array(nal.length);
  let length = 0;
  let zeros = 0;
  for (const byte of nal) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    out[length] = byte;
    length += 1;
  }
  return out.subarray(0, length);
}
