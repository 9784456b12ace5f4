// Where the bytes of a stream lie in R2, and what its URLs look like below its playlist.
import type { StreamId } from '../../protocol/ids.ts';

/** All that is kept of a stream lies below it. */
export const mediaPrefix = (streamId: StreamId): string => `streams/${streamId}/`;

export const segmentKey = (streamId: StreamId, rendition: string, generation: number, msn: number): string =>
  `${mediaPrefix(streamId)}${rendition}/g${generation}/${msn}.m4s`;

export const posterKey = (streamId: StreamId): string => `${mediaPrefix(streamId)}poster.jpg`;

// Relative to the media playlist. The generation is in every path, so that an immutable URL never holds two bodies.
export const initUri = (generation: number): string => `g${generation}/init.mp4`;
export const segmentUri = (generation: number, msn: number): string => `g${generation}/${msn}.m4s`;
export const partUri = (generation: number, msn: number, part: number): string => `g${generation}/${msn}.${part}.m4s`;
