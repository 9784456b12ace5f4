// Live Matroska: frames of any codec become one byte stream that ffmpeg reads without probing (RFC 9559).
import type { AudioTrack, Frame, VideoTrack } from '../media.ts';

const VIDEO_TRACK = 1;
const AUDIO_TRACK = 2;
/** One tick is 0.1 ms: fine enough for frame times, and 16 bits of it span 3.2 s of a cluster. */
const TICKS_PER_MS = 10;
const TIMESTAMP_SCALE_NS = 100_000;
const CLUSTER_TICKS = 20_000;
const RELATIVE_LIMIT = 32_767;
/** The size of what has no known end: Segment and Clusters of a live stream (RFC 8794, section 6.2). */
const UNKNOWN_SIZE = Uint8Array.of(0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);

const VIDEO_CODECS: Record<VideoTrack['codec'], string> = {
  h264: 'V_MPEG4/ISO/AVC',
  hevc: 'V_MPEGH/ISO/HEVC',
  av1: 'V_AV1',
  vp8: 'V_VP8',
  vp9: 'V_VP9',
};
const AUDIO_CODECS: Record<AudioTrack['codec'], string> = { aac: 'A_AAC', opus: 'A_OPUS', mp3: 'A_MPEG/L3' };

/** Element ids, with the length bits they are written with. */
const ID = {
  ebml: 0x1a45dfa3,
  docType: 0x4282,
  docTypeVersion: 0x4287,
  docTypeReadVersion: 0x4285,
  segment: 0x18538067,
  info: 0x1549a966,
  timestampScale: 0x2ad7b1,
  muxingApp: 0x4d80,
  writingApp: 0x5741,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  trackNumber: 0xd7,
  trackUid: 0x73c5,
  trackType: 0x83,
  flagLacing: 0x9c,
  codecId: 0x86,
  codecPrivate: 0x63a2,
  video: 0xe0,
  pixelWidth: 0xb0,
  pixelHeight: 0xba,
  audio: 0xe1,
  samplingFrequency: 0xb5,
  channels: 0x9f,
  cluster: 0x1f43b675,
  timestamp: 0xe7,
  simpleBlock: 0xa3,
} as const;

export class MatroskaWriter {
  readonly #video: VideoTrack | null;
  readonly #audio: AudioTrack | null;
  #clusterTicks: number | null = null;

  constructor(tracks: { video: VideoTrack | null; audio: AudioTrack | null }) {
    this.#video = tracks.video;
    this.#audio = tracks.audio;
  }

  /** What the stream begins with: declared tracks, so that nothing has to be probed. */
  header(): Uint8Array {
    const entries = [this.#video && videoEntry(this.#video), this.#audio && audioEntry(this.#audio)].filter(
      (entry) => entry !== null,
    );
    return concat(
      element(ID.ebml, text(ID.docType, 'matroska'), uint(ID.docTypeVersion, 4), uint(ID.docTypeReadVersion, 2)),
      idBytes(ID.segment),
      UNKNOWN_SIZE,
      element(
        ID.info,
        uint(ID.timestampScale, TIMESTAMP_SCALE_NS),
        text(ID.muxingApp, 'footlight'),
        text(ID.writingApp, 'footlight'),
      ),
      element(ID.tracks, ...entries),
    );
  }

  /** One frame; a new cluster before it at each key frame, each two seconds, and wherever 16 bits would not reach. Presentation times, decode order. */
  frame(frame: Frame): Uint8Array {
    const ticks = Math.round(frame.ptsMs * TICKS_PER_MS);
    const relative = ticks - (this.#clusterTicks ?? 0);
    const isOld = relative >= CLUSTER_TICKS || relative < -RELATIVE_LIMIT;
    const startsCluster = this.#clusterTicks === null || isOld || (frame.kind === 'video' && frame.isKey);
    if (!startsCluster) return simpleBlock(frame, relative);
    this.#clusterTicks = ticks;
    return concat(idBytes(ID.cluster), UNKNOWN_SIZE, uint(ID.timestamp, ticks), simpleBlock(frame, 0));
  }
}

function videoEntry(track: VideoTrack): Uint8Array {
  const size = element(ID.video, uint(ID.pixelWidth, track.width), uint(ID.pixelHeight, track.height));
  return trackEntry(VIDEO_TRACK, 1, VIDEO_CODECS[track.codec], track.config, size);
}

function audioEntry(track: AudioTrack): Uint8Array {
  const frequency = new Uint8Array(8);
  new DataView(frequency.buffer).setFloat64(0, track.sampleRate);
  const sound = element(ID.audio, element(ID.samplingFrequency, frequency), uint(ID.channels, track.channels));
  return trackEntry(AUDIO_TRACK, 2, AUDIO_CODECS[track.codec], track.config, sound);
}

function trackEntry(
  number: number,
  type: number,
  codec: string,
  config: Uint8Array | null,
  specifics: Uint8Array,
): Uint8Array {
  return element(
    ID.trackEntry,
    uint(ID.trackNumber, number),
    uint(ID.trackUid, number),
    uint(ID.trackType, type),
    uint(ID.flagLacing, 0),
    text(ID.codecId, codec),
    ...(config ? [element(ID.codecPrivate, config)] : []),
    specifics,
  );
}

/** Track number, 16 bits of time relative to the cluster, flags (0x80: key frame), data. */
function simpleBlock(frame: Frame, relative: number): Uint8Array {
  const head = new Uint8Array(4);
  head[0] = 0x80 | (frame.kind === 'video' ? VIDEO_TRACK : AUDIO_TRACK);
  new DataView(head.buffer).setInt16(1, relative);
  head[3] = frame.isKey ? 0x80 : 0;
  return concat(idBytes(ID.simpleBlock), sizeBytes(head.length + frame.data.length), head, frame.data);
}

const element = (id: number, ...content: Uint8Array[]): Uint8Array => {
  const size = content.reduce((sum, part) => sum + part.length, 0);
  return concat(idBytes(id), sizeBytes(size), ...content);
};

const text = (id: number, value: string) => element(id, new TextEncoder().encode(value));

function uint(id: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(Math.max(0, value)));
  return element(id, bytes);
}

function idBytes(id: number): Uint8Array {
  const length = id > 0xffffff ? 4 : id > 0xffff ? 3 : id > 0xff ? 2 : 1;
  return Uint8Array.from({ length }, (_, i) => (id / 2 ** (8 * (length - 1 - i))) & 0xff);
}

/** Sizes as 8-byte numbers where they can be large, always valid and never minimal: one form, no cases. */
function sizeBytes(size: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(size));
  bytes[0] = 0x01;
  return bytes;
}

const concat = (...parts: Uint8Array[]): Uint8Array => {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
};
