// Timed frames: what every source turns its bytes into, whatever the protocol.
import type { IngestProtocol } from '../src/protocol/ingest.ts';

export interface VideoTrack {
  kind: 'video';
  codec: 'h264' | 'hevc' | 'av1' | 'vp8' | 'vp9';
  /** avcC, hvcC or av1C; null for VP8 and VP9. */
  config: Uint8Array | null;
  /** Pixels as coded and cropped; from the parameter sets or the first key frame. */
  width: number;
  height: number;
  /** Announced by the source; null when it does not say. */
  frameRate: number | null;
}

export interface AudioTrack {
  kind: 'audio';
  codec: 'aac' | 'opus' | 'mp3';
  /** AudioSpecificConfig for AAC, OpusHead for Opus; null for MP3. */
  config: Uint8Array | null;
  sampleRate: number;
  channels: number;
}

export type Track = VideoTrack | AudioTrack;

/** H.264 and HEVC: length-prefixed NAL units (4 bytes). AV1: OBUs with sizes, no temporal delimiters. AAC: raw, no ADTS. */
export interface Frame {
  kind: 'video' | 'audio';
  /** On the source's own clock, in ms with fractions; audio and video share it. */
  ptsMs: number;
  dtsMs: number;
  isKey: boolean;
  data: Uint8Array;
  /** When its last byte reached us: Unix ms. */
  arrivalMs: number;
}

export type SourceEvent =
  /** A track and its parameters; again whenever they change (a new size, a new configuration). */
  | { type: 'track'; track: Track }
  | { type: 'frame'; frame: Frame }
  /** The last event. `clean`: the encoder said goodbye. */
  | { type: 'ended'; clean: boolean; reason: string };

export interface SourceStats {
  bytesReceived: number;
  /** Since the session began; null where the protocol cannot know. */
  packetsLost: number | null;
  packetsReceived: number | null;
  roundTripMs: number | null;
  framesDropped: number;
}

/** One encoder's connection. Events come in order, never after `ended`. */
export interface Source {
  readonly protocol: IngestProtocol;
  readonly remoteAddress: string;
  /** Call once; events that came earlier are delivered first. */
  start(onEvent: (event: SourceEvent) => void): void;
  /** Lets the encoder go; `ended` follows. Idempotent. */
  stop(reason: string): void;
  /** Asks for a key frame where the protocol can (WHIP: PLI); otherwise nothing. */
  requestKeyFrame(): void;
  stats(): SourceStats;
}
