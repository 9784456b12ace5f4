// A strict reader's complaints about LL-HLS playlists: one alone, one after another, and side by side.
import type { MediaPlaylist, Multivariant, Part, Segment } from './playlist-reader.ts';

export interface Complaint {
  /** A short name of the rule. */
  rule: string;
  detail: string;
}

/** Rounding of printed decimals; a real overrun is larger. */
const EPSILON = 0.0005;
const PART_SHARE_MIN = 0.85;
const PDT_DRIFT_MS = 100;

export function lintMediaPlaylist(list: MediaPlaylist): Complaint[] {
  const target = list.targetDuration ?? Number.NaN;
  const partTarget = list.partTarget ?? Number.NaN;
  const { segments, trailing } = list;
  const all = segments.reduce((sum, segment) => sum + segment.duration, 0) + list.skippedSegments * target;
  const everyPart = [...segments.flatMap(({ parts }) => parts), ...trailing.parts];
  const uris = [...segments.map(({ uri }) => uri), ...everyPart.map(({ uri }) => uri)];
  return [
    ...check(list.firstLine === '#EXTM3U', 'extm3u', `the first line is "${list.firstLine}"`),
    ...list.doubledTags.map((tag) => complaint('tag-once', `${tag} is there more than once`)),
    ...list.unknownTags.map((tag) => complaint('known-tag', `${tag} is no tag of a media playlist`)),
    ...check(
      list.version !== null && list.version >= (list.skippedSegments > 0 ? 9 : 6),
      'version',
      `VERSION is ${list.version}`,
    ),
    ...check(Number.isInteger(target) && target > 0, 'target-duration', 'TARGETDURATION is missing or no whole number'),
    ...segments
      .filter(({ duration }) => !(Math.round(duration) <= target))
      .map(({ msn, duration }) => complaint('extinf', `segment ${msn} lasts ${duration} s, more than TARGETDURATION`)),
    ...check(list.playlistType === null || list.ended, 'playlist-type', 'a sliding playlist has a PLAYLIST-TYPE'),
    ...check(list.discontinuitySequence !== null, 'discontinuity-sequence', 'DISCONTINUITY-SEQUENCE is missing'),
    ...check(list.ended || list.mediaSequence === 0 || all >= 3 * target, 'three-targets', `only ${all} s are listed`),
    ...check(segments.length > 0, 'no-segment', 'not one whole segment is listed'),
    ...check(new Set(uris).size === uris.length, 'unique-uri', 'a URI is listed twice'),
    ...segments.flatMap((segment) => [
      ...check(segment.map !== null, 'map', `segment ${segment.msn} has no MAP`),
      ...check(segment.pdtMs !== null, 'program-date-time', `segment ${segment.msn} has no PROGRAM-DATE-TIME`),
      ...lintParts(segment.parts, partTarget, `segment ${segment.msn}`),
      ...lintPartSum(segment),
    ]),
    ...lintParts(trailing.parts, partTarget, 'the growing segment', true),
    ...lintOldParts(list, target),
    ...lintDates(segments),
    ...(list.ended ? lintEnd(list) : lintControl(list, target, partTarget)),
  ];
}

function lintParts(parts: Part[], partTarget: number, where: string, isGrowing = false): Complaint[] {
  return parts.flatMap((part, at) => {
    const isLast = at === parts.length - 1;
    const maybeShort = part.gap || isLast || (parts[at + 1]?.independent ?? false);
    return [
      ...check(part.duration <= partTarget + EPSILON, 'part-target', `part ${at} of ${where} lasts ${part.duration} s`),
      ...check(
        maybeShort || part.duration >= partTarget * PART_SHARE_MIN - EPSILON,
        'part-minimum',
        `part ${at} of ${where} lasts only ${part.duration} s`,
      ),
      ...check(
        at > 0 || part.independent || part.gap,
        'independent-start',
        `${where} starts with a part that needs others`,
      ),
      ...check(part.uri !== '' || (isGrowing && part.gap), 'part-uri', `part ${at} of ${where} has no URI`),
    ];
  });
}

/** The parts of a segment are the segment. */
function lintPartSum({ msn, duration, parts }: Segment): Complaint[] {
  const sum = parts.reduce((total, part) => total + part.duration, 0);
  return check(
    parts.length === 0 || Math.abs(sum - duration) < 0.05,
    'part-sum',
    `the parts of ${msn} last ${sum} s, not ${duration}`,
  );
}

function lintOldParts({ segments, trailing, ended }: MediaPlaylist, target: number): Complaint[] {
  let age = trailing.parts.reduce((sum, part) => sum + part.duration, 0);
  const complaints: Complaint[] = [];
  for (const segment of [...segments].reverse()) {
    const tooOld = age > 3 * target + EPSILON && segment.parts.length > 0;
    if (tooOld && !ended) complaints.push(complaint('old-parts', `parts of ${segment.msn} are ${age} s from the end`));
    age += segment.duration;
  }
  return complaints;
}

function lintDates(segments: Segment[]): Complaint[] {
  return segments.slice(1).flatMap((segment, at) => {
    const before = segments[at];
    if (!before || segment.pdtMs === null || before.pdtMs === null) return [];
    const expected = before.pdtMs + before.duration * 1000;
    const isForward = segment.pdtMs >= expected - PDT_DRIFT_MS;
    const isClose =
      segment.discontinuity || segment.gap || before.gap || Math.abs(segment.pdtMs - expected) <= PDT_DRIFT_MS;
    return check(
      isForward && isClose,
      'date-drift',
      `segment ${segment.msn} is dated ${segment.pdtMs - expected} ms off`,
    );
  });
}

const lintEnd = ({ preloadHints, trailing }: MediaPlaylist): Complaint[] => [
  ...check(preloadHints.length === 0, 'hint-after-end', 'an ended playlist hints at a part'),
  ...check(trailing.parts.length === 0, 'parts-after-end', 'an ended playlist has parts of a segment that never came'),
];

function lintControl({ serverControl, preloadHints }: MediaPlaylist, target: number, partTarget: number): Complaint[] {
  const control = serverControl ?? {};
  const number = (name: string): number => (control[name] === undefined ? Number.NaN : Number(control[name]));
  const hints = preloadHints.filter(({ TYPE }) => TYPE === 'PART');
  return [
    ...check(partTarget > 0, 'part-inf', 'PART-INF is missing'),
    ...check(control['CAN-BLOCK-RELOAD'] === 'YES', 'block-reload', 'CAN-BLOCK-RELOAD is not YES'),
    ...check(
      number('PART-HOLD-BACK') >= 3 * partTarget - EPSILON,
      'part-hold-back',
      `PART-HOLD-BACK is ${control['PART-HOLD-BACK']}`,
    ),
    ...check(!(number('HOLD-BACK') < 3 * target), 'hold-back', `HOLD-BACK is ${control['HOLD-BACK']}`),
    ...check(!(number('CAN-SKIP-UNTIL') < 6 * target), 'skip-until', `CAN-SKIP-UNTIL is ${control['CAN-SKIP-UNTIL']}`),
    ...check(
      control['CAN-SKIP-DATERANGES'] === undefined || control['CAN-SKIP-UNTIL'] !== undefined,
      'skip-dateranges',
      'CAN-SKIP-DATERANGES without CAN-SKIP-UNTIL',
    ),
    ...check(hints.length === 1 && !!hints[0]?.URI, 'preload-hint', `${hints.length} PART hints instead of one`),
  ];
}

/** `next` is a later answer for the same playlist than `before`; both whole, not delta updates. */
export function lintSuccession(before: MediaPlaylist, next: MediaPlaylist): Complaint[] {
  const kept = new Map(next.segments.map((segment) => [segment.msn, segment]));
  const removed = before.segments.filter(({ msn }) => msn < next.mediaSequence);
  const slidOff = removed.filter(({ discontinuity }) => discontinuity).length;
  const lastBefore = before.segments.at(-1)?.msn ?? before.mediaSequence - 1;
  const lastNext = next.segments.at(-1)?.msn ?? next.mediaSequence - 1;
  return [
    ...check(before.targetDuration === next.targetDuration, 'fixed-target', 'TARGETDURATION changed'),
    ...check(before.partTarget === next.partTarget || next.ended, 'fixed-part-target', 'PART-TARGET changed'),
    ...check(next.mediaSequence >= before.mediaSequence, 'sequence-falls', 'MEDIA-SEQUENCE fell'),
    ...check(lastNext >= lastBefore, 'segment-vanished', 'the newest segment vanished'),
    ...check(
      (next.discontinuitySequence ?? 0) === (before.discontinuitySequence ?? 0) + slidOff ||
        lastNext - lastBefore > before.segments.length,
      'discontinuity-count',
      `DISCONTINUITY-SEQUENCE went from ${before.discontinuitySequence} to ${next.discontinuitySequence}, ${slidOff} slid off`,
    ),
    ...check(!before.ended || next.ended, 'end-taken-back', 'ENDLIST vanished'),
    ...check(!before.ended || lastNext === lastBefore, 'grew-after-end', 'a segment came after ENDLIST'),
    ...before.segments
      .filter(({ msn }) => msn >= next.mediaSequence)
      .flatMap((segment) => lintSame(segment, kept.get(segment.msn))),
    ...lintGrowth(before, next),
  ];
}

function lintSame(before: Segment, now: Segment | undefined): Complaint[] {
  if (!now) return [complaint('segment-hole', `segment ${before.msn} is gone although its neighbours are listed`)];
  const same = ['uri', 'duration', 'gap', 'discontinuity', 'pdtMs', 'map'] as const;
  const changed = same.filter((name) => before[name] !== now[name]);
  const partsChanged = now.parts.length > 0 && JSON.stringify(before.parts) !== JSON.stringify(now.parts);
  return [
    ...changed.map((name) =>
      complaint('segment-changed', `${name} of segment ${before.msn} went from ${before[name]} to ${now[name]}`),
    ),
    ...check(!partsChanged, 'parts-changed', `the parts of segment ${before.msn} changed`),
  ];
}

/** Parts that were listed, and the part that was hinted, are still there or have become a segment. */
function lintGrowth(before: MediaPlaylist, next: MediaPlaylist): Complaint[] {
  const growing = before.mediaSequence + before.skippedSegments + before.segments.length;
  const now = next.segments.find(({ msn }) => msn === growing)?.parts ?? next.trailing.parts;
  const isKnown = growing >= next.mediaSequence && now.length > 0;
  const changed = isKnown && before.trailing.parts.some((part, at) => JSON.stringify(part) !== JSON.stringify(now[at]));
  return check(!changed, 'parts-changed', `parts of the growing segment ${growing} changed`);
}

/** All media playlists of one stream, read at about the same moment, under the URIs that reports use. */
export function lintRenditions(renditions: { name: string; list: MediaPlaylist }[]): Complaint[] {
  const [first, ...others] = renditions;
  if (!first) return [];
  return [
    ...others.flatMap(({ name, list }) => [
      ...check(
        list.targetDuration === first.list.targetDuration,
        'shared-target',
        `${name} has another TARGETDURATION`,
      ),
      ...check(
        sameValue(list.serverControl, first.list.serverControl),
        'shared-control',
        `${name} has another SERVER-CONTROL`,
      ),
      ...check(list.ended === first.list.ended, 'shared-end', `only one of ${first.name} and ${name} has ended`),
      ...lintTwins(first, { name, list }),
    ]),
    ...renditions.flatMap(({ name, list }) => (list.ended ? [] : lintReports(name, list, renditions))),
  ];
}

function lintTwins(a: { name: string; list: MediaPlaylist }, b: { name: string; list: MediaPlaylist }): Complaint[] {
  const numbers = discontinuityNumbers(b.list);
  const twins = new Map(b.list.segments.map((segment) => [segment.msn, segment]));
  return [...discontinuityNumbers(a.list)].flatMap(([msn, number]) => {
    const one = a.list.segments.find((segment) => segment.msn === msn);
    const other = twins.get(msn);
    if (!one || !other) return [];
    const apart = Math.abs((one.pdtMs ?? 0) - (other.pdtMs ?? 0));
    return [
      ...check(
        numbers.get(msn) === number,
        'shared-discontinuity',
        `segment ${msn} has other discontinuity numbers in ${a.name} and ${b.name}`,
      ),
      ...check(
        (one.pdtMs === null) === (other.pdtMs === null) && apart < 400,
        'shared-dates',
        `${msn} is dated ${apart} ms apart in ${a.name} and ${b.name}`,
      ),
    ];
  });
}

function discontinuityNumbers(list: MediaPlaylist): Map<number, number> {
  let number = list.discontinuitySequence ?? 0;
  return new Map(
    list.segments.map(({ msn, discontinuity }) => {
      if (discontinuity) number += 1;
      return [msn, number];
    }),
  );
}

function lintReports(
  name: string,
  list: MediaPlaylist,
  renditions: { name: string; list: MediaPlaylist }[],
): Complaint[] {
  return renditions
    .filter((other) => other.name !== name)
    .flatMap((other) => {
      const report = list.renditionReports.find(
        ({ uri }) => uri.split('?')[0]?.split('/').includes(other.name) || uri.includes(`${other.name}.`),
      );
      if (!report) return [complaint('rendition-report', `${name} does not report ${other.name}`)];
      const newest = list.segments.at(-1)?.msn ?? 0;
      return check(
        Math.abs(report.lastMsn - newest) <= 2,
        'report-age',
        `${name} reports ${other.name} at ${report.lastMsn}`,
      );
    });
}

export function lintMultivariant({ firstLine, variants, media }: Multivariant): Complaint[] {
  const uris = variants.map(({ uri }) => uri);
  return [
    ...check(firstLine === '#EXTM3U', 'extm3u', `the first line is "${firstLine}"`),
    ...check(variants.length > 0, 'no-variant', 'there is no variant'),
    ...check(new Set(uris).size === uris.length, 'unique-uri', 'a variant is listed twice'),
    ...media.flatMap((attributes) =>
      check(
        !!attributes.TYPE && !!attributes['GROUP-ID'] && !!attributes.NAME,
        'media-tag',
        'a MEDIA tag is incomplete',
      ),
    ),
    ...variants.flatMap(({ uri, attributes }) => {
      const has = (name: string): Complaint[] =>
        check(!!attributes[name], 'variant-attribute', `${uri} has no ${name}`);
      const isVideo = /avc1|hvc1|av01|vp09/.test(attributes.CODECS ?? '');
      return [
        ...check(uri !== '' && !uri.startsWith('#'), 'variant-uri', 'a variant has no URI'),
        ...['BANDWIDTH', 'AVERAGE-BANDWIDTH', 'CODECS'].flatMap(has),
        ...(isVideo ? ['RESOLUTION', 'FRAME-RATE'].flatMap(has) : []),
        ...check(
          !(Number(attributes.BANDWIDTH) < Number(attributes['AVERAGE-BANDWIDTH'])),
          'variant-bandwidth',
          `${uri} has a peak below its average`,
        ),
      ];
    }),
  ];
}

/** The whole playlist that a delta update stands for, given the copy that the client holds. */
export function applyDelta(held: MediaPlaylist, delta: MediaPlaylist): MediaPlaylist | null {
  const last = delta.mediaSequence + delta.skippedSegments - 1;
  const skipped = held.segments.filter(({ msn }) => msn >= delta.mediaSequence && msn <= last);
  if (skipped.length !== delta.skippedSegments) return null;
  // Parts of skipped segments are older than the update tells about.
  return { ...delta, skippedSegments: 0, segments: [...skipped, ...delta.segments] };
}

const complaint = (rule: string, detail: string): Complaint => ({ rule, detail });
const check = (isFine: boolean, rule: string, detail: string): Complaint[] => (isFine ? [] : [complaint(rule, detail)]);
const sameValue = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
