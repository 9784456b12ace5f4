// What an encoder run is told and what it says: the seam between the session and one ffmpeg process.

import type { PlannedRendition } from '../../src/domain/hls/ladder.ts';
import type { RenditionName } from '../../src/protocol/ids.ts';
import type { RenditionInfo } from '../../src/protocol/ingest.ts';
import type { LatencyShape } from '../../src/protocol/latency.ts';
import type { AudioTrack, Frame, VideoTrack } from '../media.ts';

export type { PlannedRendition };

/** Everything that decides the arguments of one ffmpeg run. */
export interface EncoderPlan {
  video: VideoTrack | null;
  audio: AudioTrack | null;
  /** Output frames per second of the encoded renditions; null without video. */
  frameRate: number | null;
  shape: LatencyShape;
  preset: string;
  renditions: PlannedRendition[];
  /** Estimated cost in cores. */
  costUnits: number;
}

/** Times are seconds on the media timeline (see session): the same clock as the frames that were written. */
export type EncoderEvent =
  | { type: 'init'; rendition: RenditionName; info: RenditionInfo; payload: Uint8Array }
  | {
      type: 'chunk';
      rendition: RenditionName;
      /** Counts from 0 in every run; equal numbers start at the same time in every rendition. */
      segment: number;
      part: number;
      chunk: number;
      endsPart: boolean;
      independent: boolean;
      startSeconds: number;
      durationSeconds: number;
      payload: Uint8Array;
    }
  | { type: 'segment'; rendition: RenditionName; segment: number; parts: number }
  | { type: 'poster'; width: number; height: number; payload: Uint8Array }
  /** The last event. `expected` after end() or kill(). */
  | { type: 'exited'; expected: boolean; detail: string; fault?: EncoderFault };

/**
 * Why a run ended by itself, where a different plan would help. `audio_missing`: audio was announced but none came.
 * `copy_irregular`: a copied source left its beat, so its parts outgrew PART-TARGET; encode it instead.
 */
export type EncoderFault = 'audio_missing' | 'copy_irregular';

/** One run of ffmpeg: frames in, numbered chunks out. Never restarts itself: that is the session's decision. */
export interface Encoder {
  /** Frames in decode order on the media timeline (>= 10 s, never backwards); the first video frame is a key frame. */
  write(frame: Frame): void;
  /** Bytes written but not yet taken by ffmpeg. */
  backlogBytes(): number;
  /** Closes the input: the last part and segment come out, then `exited`. */
  end(): void;
  kill(): void;
}

export type StartEncoder = (plan: EncoderPlan, onEvent: (event: EncoderEvent) => void) => Encoder;
