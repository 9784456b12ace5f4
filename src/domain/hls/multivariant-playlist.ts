// Writes the multivariant playlist: every rendition with its audio, and the audio alone.
import type { RenditionInfo } from '../../protocol/ingest.ts';

export interface Variant {
  info: RenditionInfo;
  /** Bits per second over what is listed; null: what the publisher announced. */
  measured: { peak: number; average: number } | null;
}

/** A first guess that most connections carry; players take the first variant until they have measured. */
const START_BITS_PER_SECOND = 2_000_000;

export function writeMultivariantPlaylist(variants: readonly Variant[]): string {
  const lines = inStartOrder(variants.map(rate)).flatMap(({ info, bandwidth, average }) => [
    `#EXT-X-STREAM-INF:${[
      `BANDWIDTH=${bandwidth}`,
      `AVERAGE-BANDWIDTH=${average}`,
      `CODECS="${info.codecs}"`,
      ...(info.width && info.height ? [`RESOLUTION=${info.width}x${info.height}`] : []),
      ...(info.kind === 'video' && info.frameRate ? [`FRAME-RATE=${info.frameRate.toFixed(3)}`] : []),
    ].join(',')}`,
    `${info.name}/index.m3u8`,
  ]);
  // Nothing here needs more than version 1 (row 25: no higher than needed).
  return `${['#EXTM3U', '#EXT-X-VERSION:1', '#EXT-X-INDEPENDENT-SEGMENTS', ...lines].join('\n')}\n`;
}

interface Rated {
  info: RenditionInfo;
  bandwidth: number;
  average: number;
}

function rate({ info, measured }: Variant): Rated {
  const average = measured?.average ?? info.averageBandwidth;
  return { info, average, bandwidth: Math.max(measured?.peak ?? info.bandwidth, average) };
}

/** The start variant first, the rest from the best down, audio alone last. */
function inStartOrder(rated: Rated[]): Rated[] {
  const video = rated
    .filter(({ info }) => info.kind === 'video')
    .sort((a, b) => height(b) - height(a) || b.bandwidth - a.bandwidth);
  const audio = rated.filter(({ info }) => info.kind === 'audio');
  const start = video.find(({ bandwidth }) => bandwidth <= START_BITS_PER_SECOND) ?? video.at(-1);
  return [...(start ? [start] : []), ...video.filter((one) => one !== start), ...audio];
}

const height = ({ info }: Rated): number => Math.min(info.height ?? 0, info.width ?? 0);
