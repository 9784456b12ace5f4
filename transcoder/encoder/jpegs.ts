// Posters: the JPEGs in a pipe of one after the other.

/** A poster of 640 pixels is some 50 kB; what grows beyond this is not one. */
const MAX_JPEG_BYTES = 2 * 1024 * 1024;
const MARKER = 0xff;
const END_OF_IMAGE = 0xd9;

/** Bytes in, whole JPEGs out. Inside the picture data 0xff is always followed by a stuffed zero, so the end marker is the end. */
export class JpegReader {
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #lastByte = 0;

  /** What is longer than MAX_JPEG_BYTES is thrown away. */
  push(bytes: Uint8Array): Uint8Array[] {
    const images: Uint8Array[] = [];
    let from = 0;
    for (let i = 0; i < bytes.length; i += 1) {
      const byte = bytes[i] ?? 0;
      if (this.#lastByte === MARKER && byte === END_OF_IMAGE) {
        this.#keep(bytes.subarray(from, i + 1));
        if (this.#pendingBytes <= MAX_JPEG_BYTES) images.push(new Uint8Array(Buffer.concat(this.#pending)));
        this.#pending = [];
        this.#pendingBytes = 0;
        from = i + 1;
      }
      this.#lastByte = byte;
    }
    this.#keep(bytes.subarray(from));
    return images;
  }

  #keep(bytes: Uint8Array): void {
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes <= MAX_JPEG_BYTES) this.#pending.push(bytes);
    else this.#pending = [];
  }
}
