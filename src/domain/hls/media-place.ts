// Where the bytes of a requested part are: in a segment that is known, still to come, or nowhere.
import type { Part, Segment } from './segments.ts';
import { hintedPart } from './snapshot.ts';
import type { Timeline } from './timeline.ts';

export interface PartRequest {
  rendition: string;
  generation: number;
  msn: number;
  part: number;
}

export type PartPlace =
  | { type: 'known'; segment: Segment; part: Part }
  /** It is the part that is announced: hold the request. */
  | { type: 'coming' }
  /** Not in memory: it may have slid out of the window. */
  | { type: 'unknown' };

export function placeOfPart(timeline: Timeline, { rendition, generation, msn, part }: PartRequest): PartPlace {
  const track = timeline.track(rendition);
  if (!track) return { type: 'unknown' };
  const segment = track.open?.msn === msn ? track.open : track.segment(msn);
  const found = segment?.generation === generation && !segment.isGap ? segment.parts[part] : undefined;
  if (segment && found) return { type: 'known', segment, part: found };
  const hint = hintedPart(timeline, track);
  if (!hint || hint.generation !== generation) return { type: 'unknown' };
  // A segment may turn out longer than usual: who waits for the first part of the next one goes on waiting.
  const isComing = (msn === hint.msn && part === hint.part) || (msn === hint.msn + 1 && part === 0);
  return { type: isComing ? 'coming' : 'unknown' };
}
