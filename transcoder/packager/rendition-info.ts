// What playlists say of a rendition: codecs and size from its init segment, rates from its plan.
import type { RenditionInfo } from '../../src/protocol/ingest.ts';
import type { PlannedRendition } from '../encoder/events.ts';
import type { Init } from './fragments.ts';

/** The encoder may spend a second's bits at once (bufsize), which shows in one segment of two; audio is nearly constant. */
const PEAK_FACTOR = 1.4;
const AUDIO_PEAK_FACTOR = 1.1;
/** Boxes around the samples. */
const BOXES_FACTOR = 1.03;

export interface InfoRequest {
  planned: PlannedRendition;
  own: Init;
  /** The audio beside video. */
  audio: Init | null;
  frameRate: number | null;
}

export function renditionInfo({ planned, own, audio, frameRate }: InfoRequest): RenditionInfo {
  const track = own.tracks[0];
  const videoKbps = planned.video?.bitrateKbps ?? 0;
  const audioKbps = planned.audioBitrateKbps ?? 0;
  const isVideo = planned.video !== null;
  return {
    name: planned.name,
    kind: isVideo ? 'video' : 'audio',
    codecs: [track?.codecs, audio?.tracks[0]?.codecs].filter(Boolean).join(','),
    width: isVideo && track ? track.width : null,
    height: isVideo && track ? track.height : null,
    frameRate: isVideo ? frameRate : null,
    bandwidth: Math.round(1000 * (videoKbps * PEAK_FACTOR + audioKbps * AUDIO_PEAK_FACTOR)),
    averageBandwidth: Math.round(1000 * (videoKbps + audioKbps) * BOXES_FACTOR),
    isSource: planned.video?.copied ?? false,
  };
}
