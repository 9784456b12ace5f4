// Writes the media playlist of one rendition, whole or as a delta update.
import type { LatencyShape } from '../../protocol/latency.ts';
import { initUri, partUri, segmentUri } from './object-keys.ts';
import { type Segment, toMicroseconds, totalSeconds } from './segments.ts';

export interface MediaSnapshot {
  shape: LatencyShape;
  ended: boolean;
  /** Complete, oldest first, never empty. */
  segments: readonly Segment[];
  /** The one that grows. */
  open: Segment | null;
  /** The next part that will come; null when none will. */
  hint: { generation: number; msn: number; part: number } | null;
  /** Newest place of every other rendition. */
  reports: { rendition: string; msn: number; part: number }[];
}

/** 'YES' and 'v2' differ only where date ranges are listed, and none are. */
export type Skip = 'YES' | 'v2';

export const skipUntilSeconds = (shape: LatencyShape): number => 6 * shape.targetDurationSeconds;

export function writeMediaPlaylist(snapshot: MediaSnapshot, skip?: Skip): string {
  const { shape, segments, open, hint, ended } = snapshot;
  const first = segments[0] ?? open;
  if (!first) throw new RangeError('A media playlist needs at least one segment.');
  const skipped = skip && !ended ? skippableSegments(snapshot) : 0;
  const body = segmentLines(snapshot, skipped);
  return `${[
    '#EXTM3U',
    // EXT-X-SKIP needs version 9; a playlist and its delta are one resource.
    '#EXT-X-VERSION:9',
    `#EXT-X-TARGETDURATION:${shape.targetDurationSeconds}`,
    serverControl(shape),
    `#EXT-X-PART-INF:PART-TARGET=${shape.partTargetSeconds}`,
    `#EXT-X-MEDIA-SEQUENCE:${first.msn}`,
    // Counts the discontinuities that slid away: not the one that the first segment still carries.
    `#EXT-X-DISCONTINUITY-SEQUENCE:${first.discontinuity - (first.startsDiscontinuity ? 1 : 0)}`,
    ...(skipped > 0 ? [`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}`] : []),
    ...body,
    ...(ended ? ['#EXT-X-ENDLIST'] : []),
    ...(hint && !ended ? hintLines(snapshot, hint) : []),
    ...(ended ? [] : snapshot.reports.map(reportLine)),
  ].join('\n')}\n`;
}

/** Complete segments that lie wholly before the skip boundary. */
function skippableSegments({ shape, segments, open }: MediaSnapshot): number {
  let fromEnd = open ? open.durationSeconds : 0;
  for (let index = segments.length - 1; index >= 0; index -= 1) {
    if (fromEnd >= skipUntilSeconds(shape)) return index + 1;
    fromEnd = toMicroseconds(fromEnd + segments[index]!.durationSeconds);
  }
  return 0;
}

/** The same in every media playlist of the stream (4.4.3.8). */
function serverControl({ targetDurationSeconds, partTargetSeconds }: LatencyShape): string {
  return `#EXT-X-SERVER-CONTROL:${[
    'CAN-BLOCK-RELOAD=YES',
    `CAN-SKIP-UNTIL=${6 * targetDurationSeconds}`,
    'CAN-SKIP-DATERANGES=YES',
    `HOLD-BACK=${3 * targetDurationSeconds}`,
    `PART-HOLD-BACK=${decimal(3 * partTargetSeconds, 3)}`,
  ].join(',')}`;
}

function segmentLines({ shape, segments, open }: MediaSnapshot, skipped: number): string[] {
  const lines: string[] = [];
  const listed =
    open && open.parts.length > 0 && open.offersParts ? [...segments.slice(skipped), open] : segments.slice(skipped);
  let map = segments.slice(0, skipped).findLast(({ isGap }) => !isGap)?.generation;
  let fromEnd = totalSeconds(listed);
  for (const segment of listed) {
    if (segment.startsDiscontinuity) lines.push('#EXT-X-DISCONTINUITY');
    if (!segment.isGap && segment.generation !== map) {
      map = segment.generation;
      lines.push(`#EXT-X-MAP:URI="${initUri(map)}"`);
    }
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.programDateTimeMs).toISOString()}`);
    fromEnd = toMicroseconds(fromEnd - segment.durationSeconds);
    // "The server SHOULD remove EXT-X-PART tags that are more than three target durations from the end" (6.2.2).
    if (segment.offersParts && !segment.isGap && fromEnd < 3 * shape.targetDurationSeconds)
      lines.push(...partLines(segment));
    if (segment === open) continue;
    if (segment.isGap) lines.push('#EXT-X-GAP');
    lines.push(`#EXTINF:${decimal(segment.durationSeconds, 5)},`, segmentUri(segment.generation, segment.msn));
  }
  return lines;
}

const partLines = ({ generation, msn, parts }: Segment): string[] =>
  parts.map(
    ({ durationSeconds, independent }, part) =>
      `#EXT-X-PART:DURATION=${decimal(durationSeconds, 5)},URI="${partUri(generation, msn, part)}"${independent ? ',INDEPENDENT=YES' : ''}`,
  );

function hintLines(
  { segments, open }: MediaSnapshot,
  hint: { generation: number; msn: number; part: number },
): string[] {
  const newest = open ?? segments.findLast(({ isGap }) => !isGap);
  return [
    ...(newest && newest.generation !== hint.generation
      ? [`#EXT-X-PRELOAD-HINT:TYPE=MAP,URI="${initUri(hint.generation)}"`]
      : []),
    `#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${partUri(hint.generation, hint.msn, hint.part)}"`,
  ];
}

const reportLine = ({ rendition, msn, part }: MediaSnapshot['reports'][number]): string =>
  `#EXT-X-RENDITION-REPORT:URI="../${rendition}/index.m3u8",LAST-MSN=${msn},LAST-PART=${part}`;

/** Without trailing zeros: PART-TARGET=0.334, EXTINF:2. */
const decimal = (value: number, digits: number): string => String(Number(value.toFixed(digits)));
