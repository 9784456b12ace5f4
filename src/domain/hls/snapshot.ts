// What a timeline shows at this instant: to the writer of a playlist, and to whoever waits for one.
import { type Edge, newestPlace, nextPlace } from './delivery-directives.ts';
import type { MediaSnapshot } from './media-playlist.ts';
import type { Variant } from './multivariant-playlist.ts';
import type { Timeline } from './timeline.ts';
import type { Track } from './track.ts';

export const edgeOf = (track: Track): Edge => ({ last: track.segments.at(-1) ?? null, open: track.open });

/** The part that is announced as next in a rendition; null when none will come. */
export function hintedPart(timeline: Timeline, track: Track): MediaSnapshot['hint'] {
  const { current } = timeline;
  if (!current || !timeline.isMade(track.rendition)) return null;
  const { msn, part } = nextPlace(edgeOf(track), timeline.shape);
  return {
    generation: current.generation,
    ...(msn < current.firstMsn ? { msn: current.firstMsn, part: 0 } : { msn, part }),
  };
}

/** `track` has at least one segment. */
export const mediaSnapshot = (timeline: Timeline, track: Track, ended: boolean): MediaSnapshot => ({
  shape: timeline.shape,
  ended,
  segments: track.segments,
  open: track.open,
  hint: ended ? null : hintedPart(timeline, track),
  // "LAST-MSN and LAST-PART ... at the instant of the response": so they are read here and not remembered.
  reports: timeline.renditions.flatMap(({ name }) => {
    const other = timeline.track(name);
    if (!other || other === track || other.segments.length === 0) return [];
    return [{ rendition: name, ...newestPlace(edgeOf(other)) }];
  }),
});

export const variants = (timeline: Timeline): Variant[] =>
  timeline.renditions.map((info) => ({ info, measured: timeline.track(info.name)?.measuredBandwidth() ?? null }));
