// One video frame, put together from the payloads of its RTP packets; each codec has its own way to do it.
import type { VideoTrack } from '../../../media.ts';

export interface CodedFrame {
  isKey: boolean;
  /** In the form that media.ts asks of a Frame. */
  data: Uint8Array;
  /** On every key frame: what a decoder needs to know first. */
  parameters: VideoParameters | null;
}

export type VideoParameters = Pick<VideoTrack, 'config' | 'width' | 'height' | 'frameRate'>;

export type Opens = 'yes' | 'maybe' | 'no';

export interface Depacketizer {
  /** Could a decoder start with the frame that this payload opens? `maybe`: yes, unless a packet of it came before this one. */
  opensKeyFrame(payload: Uint8Array): Opens;
  /** The whole frame from its payloads, in order, none missing; null when they are not sound or hold nothing to show. */
  frame(payloads: readonly Uint8Array[]): CodedFrame | null;
}

export function concatenated(pieces: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let position = 0;
  for (const piece of pieces) {
    out.set(piece, position);
    position += piece.length;
  }
  return out;
}
