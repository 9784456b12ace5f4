// What hls.js 1.7.4 has to be told to go on with a buffer that others have begun, without a hole and without a picture thrown out.
import type { FirstBuffer } from '../read-ahead/first-picture.ts';

/** As hls.js describes a buffer of its own with sound and picture. */
export const trackOf = ({ buffer, codecs }: Pick<FirstBuffer, 'buffer' | 'codecs'>) => ({
  id: 'main' as const,
  container: 'video/mp4',
  codec: soundFirst(codecs),
  buffer,
  listeners: [],
});

/** As hls.js names the codecs of what it reads: by another name it would change the type of the buffer, which begins that anew. */
const soundFirst = (codecs: string): string =>
  codecs
    .split(',')
    .sort((one, other) => Number(isSound(other)) - Number(isSound(one)))
    .join(',');

const isSound = (codec: string): boolean => /^(mp4a|opus|flac|ac-3|ec-3)/i.test(codec);

/** hls.js begins with an init segment. The same one again would make the buffer drop what comes, up to the next key frame. */
export function passOverInit({ buffer, init }: Pick<FirstBuffer, 'buffer' | 'init'>): void {
  buffer.appendBuffer = (data) => {
    Reflect.deleteProperty(buffer, 'appendBuffer');
    buffer.appendBuffer(isSame(bytesOf(data), new Uint8Array(init)) ? new Uint8Array(0) : data);
  };
}

const bytesOf = (data: BufferSource): Uint8Array =>
  ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);

const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, index) => byte === other[index]);

/** A part that may be in the buffer already. */
export interface PlacedPart {
  readonly url: string;
  readonly start: number;
  readonly end: number;
  readonly elementaryStreams: { audiovideo: PartTimes | null };
}

interface PartTimes {
  startPTS: number;
  endPTS: number;
  startDTS: number;
  endDTS: number;
}

/**
 * The parts that stood in the buffer before hls.js took it over. Unmarked, it would put them in once more, beginning
 * with a key frame: which throws out the pictures behind it, those on the screen too.
 */
export function markBuffered(parts: readonly PlacedPart[], urls: ReadonlySet<string>): void {
  for (const { url, start, end, elementaryStreams } of parts)
    if (urls.has(url)) elementaryStreams.audiovideo ??= { startPTS: start, endPTS: end, startDTS: start, endDTS: end };
}
