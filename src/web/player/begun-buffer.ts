// What hls.js 1.7.4 has to be told to go on with a buffer that others have begun, without a hole and without a picture thrown out.
import type Hls from 'hls.js/light';
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

/**
 * The player knows its first playlist, and will put in what is missing. `parts`: those that it lists.
 * Nobody else puts anything in from here on; for the last of it, which may be on its way in, hls.js waits.
 */
export function goOnWith(begun: FirstBuffer, hls: Hls, parts: readonly PlacedPart[]): void {
  passOverInit(begun);
  const continuity = parts.find(({ url }) => begun.urls.includes(url))?.fragment.cc;
  if (continuity !== undefined) keepClock(begun, hls, continuity);
}

/** hls.js begins with an init segment. The same one again would make the buffer drop what comes, up to the next key frame. */
export function passOverInit({ buffer, init }: Pick<FirstBuffer, 'buffer' | 'init'>): void {
  buffer.appendBuffer = (data) => {
    Reflect.deleteProperty(buffer, 'appendBuffer');
    buffer.appendBuffer(isSame(bytesOf(data), new Uint8Array(init)) ? new Uint8Array(0) : data);
  };
}

/**
 * hls.js counts from the first part that it puts in itself. There the track that begins first is ahead of the other by
 * something else than in the part that the buffer was begun with: by up to a frame of sound, and the buffer had a hole.
 */
function keepClock({ clock }: Pick<FirstBuffer, 'clock'>, hls: Hls, continuity: number): void {
  const { trackId, ticks, ticksPerSecond } = clock;
  const { streamController } = hls as unknown as { streamController: { initPTS: InitPts[] } };
  streamController.initPTS[continuity] ??= { trackId, baseTime: ticks, timescale: ticksPerSecond };
}

interface InitPts {
  trackId: number;
  baseTime: number;
  timescale: number;
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
  readonly fragment: { readonly cc: number };
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
export function markBuffered(parts: readonly PlacedPart[], urls: readonly string[]): void {
  for (const { url, start, end, elementaryStreams } of parts)
    if (urls.includes(url))
      elementaryStreams.audiovideo ??= { startPTS: start, endPTS: end, startDTS: start, endDTS: end };
}
