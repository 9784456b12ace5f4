// Puts RTMP chunks (5.3) back together to messages: bytes in, whole messages out, never more memory than the limits say.
import { concatBytes, readUint24, readUint32 } from './bytes.ts';
import type { RtmpLimits } from './limits.ts';
import { MESSAGE, type RtmpMessage } from './messages.ts';

type ReaderLimits = Pick<RtmpLimits, 'maxMessageBytes' | 'maxChunkStreams' | 'maxBufferedBytes'>;

/** A refused stream cannot be read on: chunk boundaries are lost. */
export interface ChunkReaderOutput {
  messages: RtmpMessage[];
  refusal: string | null;
}

interface ChunkStream {
  timestamp: number;
  /** What a type 3 chunk that begins a message adds. */
  delta: number;
  /** The extended timestamp field of the last header; null when there was none. */
  extended: number | null;
  length: number;
  type: number;
  streamId: number;
  /** The message being received; null between messages. Grows as bytes come, so a length alone costs nothing. */
  body: Uint8Array | null;
  received: number;
}

const DEFAULT_CHUNK_SIZE = 128;
const FIRST_ALLOCATION = 64 * 1024;
const EXTENDED = 0xffffff;
/** Basic header 3, message header 11, extended timestamp 4. */
const MAX_HEADER_BYTES = 18;
const MESSAGE_HEADER_BYTES = [11, 7, 3, 0];

export class ChunkReader {
  /** Bytes allocated for messages that have begun and not ended. */
  bufferedBytes = 0;
  readonly #limits: ReaderLimits;
  readonly #streams = new Map<number, ChunkStream>();
  #chunkSize = DEFAULT_CHUNK_SIZE;
  /** A header of which a part has come. */
  #header: Uint8Array = new Uint8Array(0);
  /** The chunk whose payload is being read. */
  #current: ChunkStream | null = null;
  #currentLeft = 0;
  #refusal: string | null = null;

  constructor(limits: ReaderLimits) {
    this.#limits = limits;
  }

  receive(bytes: Uint8Array): ChunkReaderOutput {
    const input = this.#header.length === 0 ? bytes : concatBytes([this.#header, bytes]);
    this.#header = new Uint8Array(0);
    const messages: RtmpMessage[] = [];
    let position = 0;
    while (!this.#refusal && position < input.length) {
      if (this.#current) {
        const end = Math.min(input.length, position + this.#currentLeft);
        this.#append(this.#current, input.subarray(position, end));
        this.#currentLeft -= end - position;
        position = end;
      } else {
        const header = input.subarray(position, position + MAX_HEADER_BYTES);
        const length = this.#parseHeader(header);
        if (length === null) this.#header = header.slice();
        position += length ?? header.length;
      }
      if (this.#current && this.#currentLeft === 0 && !this.#refusal) this.#endChunk(this.#current, messages);
    }
    return { messages, refusal: this.#refusal };
  }

  /** Starts the chunk whose header stands at the front; null when more bytes are needed. */
  #parseHeader(header: Uint8Array): number | null {
    const format = header[0]! >> 6;
    const short = header[0]! & 0x3f;
    const basic = short === 0 ? 2 : short === 1 ? 3 : 1;
    if (header.length < basic) return null;
    const id = short > 1 ? short : 64 + header[1]! + (short === 1 ? header[2]! * 256 : 0);

    const known = this.#streams.get(id);
    if (!known && format !== 0 && format !== 1) return this.#refuse('a chunk continues a message that has not begun');
    const fields = basic + MESSAGE_HEADER_BYTES[format]!;
    if (header.length < fields) return null;

    const time = format === 3 ? null : readUint24(header, basic);
    const isExtended = time === null ? known!.extended !== null : time === EXTENDED;
    if (isExtended && header.length < fields + 4) return null;
    const extended = isExtended ? readUint32(header, fields) : null;
    // 5.3.1.3 repeats the extended timestamp on type 3; encoders that leave it out show by a different value.
    const repeats = format !== 3 || extended === known!.extended;

    const stream = known ?? this.#open(id);
    if (!stream) return null;
    if (time !== null) {
      if (stream.body) this.#drop(stream); // a new header in the middle of a message: the rest will not come
      stream.extended = extended;
      const value = extended ?? time;
      stream.delta = value;
      if (format === 0) stream.streamId = littleEndian(header, basic + 7);
      if (format < 2) {
        stream.length = readUint24(header, basic + 3);
        stream.type = header[basic + 6]!;
        if (stream.length > this.#limits.maxMessageBytes) {
          return this.#refuse(`a message of ${stream.length} bytes is larger than the server takes`);
        }
      }
      stream.timestamp = format === 0 ? value : (stream.timestamp + value) % 2 ** 32;
    } else if (!stream.body) {
      // 5.3.1.2.4: type 3 at the start of a message takes the last delta again (after type 0: its timestamp).
      stream.timestamp = (stream.timestamp + stream.delta) % 2 ** 32;
    }
    if (!stream.body && !this.#begin(stream)) return null;
    this.#current = stream;
    this.#currentLeft = Math.min(this.#chunkSize, stream.length - stream.received);
    return fields + (isExtended && repeats ? 4 : 0);
  }

  #open(id: number): ChunkStream | null {
    if (this.#streams.size >= this.#limits.maxChunkStreams) return this.#refuse('too many chunk streams');
    const stream: ChunkStream = {
      timestamp: 0,
      delta: 0,
      extended: null,
      length: 0,
      type: 0,
      streamId: 0,
      body: null,
      received: 0,
    };
    this.#streams.set(id, stream);
    return stream;
  }

  #begin(stream: ChunkStream): boolean {
    const size = Math.min(stream.length, FIRST_ALLOCATION);
    if (!this.#reserve(size)) return false;
    stream.body = new Uint8Array(size);
    stream.received = 0;
    return true;
  }

  #append(stream: ChunkStream, bytes: Uint8Array): void {
    const needed = stream.received + bytes.length;
    const size = stream.body!.length;
    if (needed > size) {
      const grownSize = Math.min(stream.length, Math.max(needed, size * 2));
      if (!this.#reserve(grownSize - size)) return;
      const grown = new Uint8Array(grownSize);
      grown.set(stream.body!.subarray(0, stream.received));
      stream.body = grown;
    }
    stream.body!.set(bytes, stream.received);
    stream.received = needed;
  }

  #endChunk(stream: ChunkStream, messages: RtmpMessage[]): void {
    this.#current = null;
    if (stream.received < stream.length) return;
    const { type, streamId, timestamp } = stream;
    const payload = stream.body!;
    this.#drop(stream);
    if (type === MESSAGE.setChunkSize) this.#setChunkSize(payload);
    else if (type === MESSAGE.abort) this.#abort(payload);
    else messages.push({ type, streamId, timestamp, payload });
  }

  #setChunkSize(payload: Uint8Array): void {
    const size = readUint32(payload, 0);
    // 5.4.1: the first bit is zero and the size at least 1.
    if (size < 1 || size > 0x7fffffff) this.#refuse(`chunk size ${size} is not valid`);
    else this.#chunkSize = size;
  }

  #abort(payload: Uint8Array): void {
    const stream = this.#streams.get(readUint32(payload, 0));
    if (stream?.body) this.#drop(stream);
  }

  #drop(stream: ChunkStream): void {
    this.bufferedBytes -= stream.body!.length;
    stream.body = null;
    stream.received = 0;
  }

  #reserve(bytes: number): boolean {
    if (this.bufferedBytes + bytes > this.#limits.maxBufferedBytes) {
      this.#refuse('too many bytes in unfinished messages');
      return false;
    }
    this.bufferedBytes += bytes;
    return true;
  }

  #refuse(reason: string): null {
    this.#refusal ??= reason;
    return null;
  }
}

const littleEndian = (bytes: Uint8Array, offset: number): number =>
  bytes[offset]! + bytes[offset + 1]! * 0x100 + bytes[offset + 2]! * 0x10000 + bytes[offset + 3]! * 0x1000000;
