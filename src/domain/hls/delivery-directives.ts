// Delivery directives (6.2.5): reads _HLS_*, and decides whether a request is answered, held or refused.
import type { LatencyShape } from '../../protocol/latency.ts';
import type { Skip } from './media-playlist.ts';
import type { Segment } from './segments.ts';

export interface Directives {
  msn?: number;
  part?: number;
  skip?: Skip;
}

export type ParsedDirectives = { ok: true; directives: Directives } | { ok: false; detail: string };

/** What a rendition has at this moment. */
export interface Edge {
  /** Newest complete segment; null before the first. */
  last: Pick<Segment, 'msn' | 'parts'> | null;
  open: Pick<Segment, 'msn' | 'parts' | 'offersParts'> | null;
}

export type Verdict =
  /** `isNewest`: it shows exactly what was waited for and nothing later. */
  { type: 'answer'; isNewest: boolean } | { type: 'hold' } | { type: 'refuse'; detail: string };

const INTEGER = /^\d{1,15}$/;

export function parseDirectives(query: Record<string, string>): ParsedDirectives {
  const { _HLS_msn: msn, _HLS_part: part, _HLS_skip: skip } = query;
  for (const [name, value] of Object.entries({ _HLS_msn: msn, _HLS_part: part }))
    if (value !== undefined && !INTEGER.test(value))
      return { ok: false, detail: `${name} must be a whole number, not "${value}".` };
  if (part !== undefined && msn === undefined) return { ok: false, detail: '_HLS_part needs _HLS_msn beside it.' };
  return {
    ok: true,
    directives: {
      ...(msn === undefined ? {} : { msn: Number(msn) }),
      ...(part === undefined ? {} : { part: Number(part) }),
      ...(skip === 'YES' || skip === 'v2' ? { skip } : {}),
    },
  };
}

export function judge({ msn, part }: Directives, { last, open }: Edge, shape: LatencyShape): Verdict {
  // A playlist without one complete segment is never shown: players take it for a broken one.
  if (!last) return { type: 'hold' };
  if (msn === undefined) return { type: 'answer', isNewest: false };
  // "If the client requests a Media Sequence Number greater than the last Media Segment in the playlist plus two ... the
  // server SHOULD return Bad Request" (6.2.5.2).
  if (msn > last.msn + 2)
    return { type: 'refuse', detail: `Segment ${msn} is too far ahead: the newest one is ${last.msn}.` };
  if (part === undefined) return last.msn >= msn ? { type: 'answer', isNewest: last.msn === msn } : { type: 'hold' };
  const newest = newestPlace({ last, open });
  // "... if it exceeds the last Part of its segment, the server MUST treat it as Part 0 of the following segment."
  const wanted = msn === last.msn && part >= last.parts.length ? { msn: msn + 1, part: 0 } : { msn, part };
  if (isAtOrAfter(newest, wanted))
    return { type: 'answer', isNewest: !isAtOrAfter(newest, { ...wanted, part: wanted.part + 1 }) };
  const partsAhead = (wanted.msn - newest.msn) * shape.partsPerGop * shape.gopsPerSegment + wanted.part - newest.part;
  if (partsAhead > advancePartLimit(shape))
    return {
      type: 'refuse',
      detail: `Part ${part} of segment ${msn} is too far ahead: the newest is ${newest.part} of ${newest.msn}.`,
    };
  return { type: 'hold' };
}

/** "Advance Part Limit: three divided by the Part Target Duration if that is less than one second, or three otherwise." */
export const advancePartLimit = ({ partTargetSeconds }: LatencyShape): number =>
  partTargetSeconds < 1 ? Math.ceil(3 / partTargetSeconds) : 3;

/** The newest part that is listed. */
export function newestPlace({ last, open }: Edge): { msn: number; part: number } {
  if (open?.offersParts && open.parts.length > 0) return { msn: open.msn, part: open.parts.length - 1 };
  return { msn: last?.msn ?? -1, part: Math.max(0, (last?.parts.length ?? 0) - 1) };
}

/** The one part that a live playlist announces as next. */
export function nextPlace({ last, open }: Edge, shape: LatencyShape): { msn: number; part: number } {
  if (!open) return { msn: (last?.msn ?? -1) + 1, part: 0 };
  // The segment frame follows its last part at once, so the part after a full segment is the first of the next.
  const isFull = open.parts.length >= shape.partsPerGop * shape.gopsPerSegment || !open.offersParts;
  return isFull ? { msn: open.msn + 1, part: 0 } : { msn: open.msn, part: open.parts.length };
}

const isAtOrAfter = (place: { msn: number; part: number }, other: { msn: number; part: number }): boolean =>
  place.msn > other.msn || (place.msn === other.msn && place.part >= other.part);
