// New parameter sets for a running encoder: its container header is written once, so they go in-band before a key frame.
import { parseAvcC } from '../codecs/h264.ts';
import { parseHvcC } from '../codecs/hevc.ts';
import { joinLengthPrefixed } from '../codecs/nal.ts';
import type { Frame, VideoTrack } from '../media.ts';

/** The key frame with its track's parameter sets in front; unchanged where the codec carries them in-band anyway. */
export function withParameterSets(frame: Frame, track: VideoTrack): Frame {
  const units = parameterSets(track);
  if (units.length === 0) return frame;
  const head = joinLengthPrefixed(units);
  const data = new Uint8Array(head.length + frame.data.length);
  data.set(head, 0);
  data.set(frame.data, head.length);
  return { ...frame, data };
}

function parameterSets(track: VideoTrack): Uint8Array[] {
  if (!track.config) return [];
  if (track.codec === 'h264') {
    const config = parseAvcC(track.config);
    return config ? [...config.sps, ...config.pps] : [];
  }
  return track.codec === 'hevc' ? (parseHvcC(track.config)?.units ?? []) : [];
}
