// Reads HLS playlists into plain values for the linter; on purpose it shares nothing with the code that writes them.
export interface Part {
  uri: string;
  duration: number;
  independent: boolean;
  gap: boolean;
}
export interface Segment {
  msn: number;
  uri: string;
  duration: number;
  gap: boolean;
  discontinuity: boolean;
  /** Unix ms. */
  pdtMs: number | null;
  map: string | null;
  parts: Part[];
}
export interface MediaPlaylist {
  firstLine: string;
  version: number | null;
  targetDuration: number | null;
  mediaSequence: number;
  discontinuitySequence: number | null;
  playlistType: string | null;
  partTarget: number | null;
  serverControl: Record<string, string> | null;
  skippedSegments: number;
  segments: Segment[];
  /** Parts of the segment that is still growing, with the tags that already apply to it. */
  trailing: { parts: Part[]; discontinuity: boolean; pdtMs: number | null; map: string | null };
  preloadHints: Record<string, string>[];
  renditionReports: { uri: string; lastMsn: number; lastPart: number | null }[];
  ended: boolean;
  /** Header tags that came more than once. */
  doubledTags: string[];
  unknownTags: string[];
}
export interface Variant {
  uri: string;
  attributes: Record<string, string>;
}
export interface Multivariant {
  firstLine: string;
  variants: Variant[];
  media: Record<string, string>[];
}

const ONCE = [
  'VERSION',
  'TARGETDURATION',
  'MEDIA-SEQUENCE',
  'DISCONTINUITY-SEQUENCE',
  'PART-INF',
  'SERVER-CONTROL',
  'ENDLIST',
  'SKIP',
];

export function readMediaPlaylist(text: string): MediaPlaylist {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  const list: MediaPlaylist = {
    firstLine: lines[0] ?? '',
    version: null,
    targetDuration: null,
    mediaSequence: 0,
    discontinuitySequence: null,
    playlistType: null,
    partTarget: null,
    serverControl: null,
    skippedSegments: 0,
    segments: [],
    trailing: { parts: [], discontinuity: false, pdtMs: null, map: null },
    preloadHints: [],
    renditionReports: [],
    ended: false,
    doubledTags: [],
    unknownTags: [],
  };
  const seen = new Set<string>();
  let map: string | null = null;
  let next = {
    duration: Number.NaN,
    gap: false,
    discontinuity: false,
    pdtMs: null as number | null,
    parts: [] as Part[],
  };

  for (const line of lines.slice(1)) {
    if (line === '') continue;
    if (!line.startsWith('#')) {
      const msn = list.mediaSequence + list.skippedSegments + list.segments.length;
      list.segments.push({ msn, uri: line, map, ...next });
      next = { duration: Number.NaN, gap: false, discontinuity: false, pdtMs: null, parts: [] };
      continue;
    }
    if (!line.startsWith('#EXT')) continue;
    const [, tag = '', value = ''] = /^#(?:EXT-X-)?([A-Z0-9-]+):?(.*)$/.exec(line) ?? [];
    if (ONCE.includes(tag) && seen.has(tag)) list.doubledTags.push(tag);
    seen.add(tag);
    const attributes = (): Record<string, string> => readAttributes(value);
    if (tag === 'VERSION') list.version = Number(value);
    else if (tag === 'TARGETDURATION') list.targetDuration = Number(value);
    else if (tag === 'MEDIA-SEQUENCE') list.mediaSequence = Number(value);
    else if (tag === 'DISCONTINUITY-SEQUENCE') list.discontinuitySequence = Number(value);
    else if (tag === 'PLAYLIST-TYPE') list.playlistType = value;
    else if (tag === 'PART-INF') list.partTarget = Number(attributes()['PART-TARGET']);
    else if (tag === 'SERVER-CONTROL') list.serverControl = attributes();
    else if (tag === 'SKIP') list.skippedSegments = Number(attributes()['SKIPPED-SEGMENTS']);
    else if (tag === 'MAP') map = attributes().URI ?? null;
    else if (tag === 'EXTINF') next.duration = Number.parseFloat(value);
    else if (tag === 'GAP') next.gap = true;
    else if (tag === 'DISCONTINUITY') next.discontinuity = true;
    else if (tag === 'PROGRAM-DATE-TIME') next.pdtMs = Date.parse(value);
    else if (tag === 'PART') next.parts.push(readPart(attributes()));
    else if (tag === 'PRELOAD-HINT') list.preloadHints.push(attributes());
    else if (tag === 'RENDITION-REPORT') list.renditionReports.push(readReport(attributes()));
    else if (tag === 'ENDLIST') list.ended = true;
    else if (!['EXTM3U', 'INDEPENDENT-SEGMENTS', 'DATERANGE', 'START'].includes(tag)) list.unknownTags.push(tag);
  }
  list.trailing = { parts: next.parts, discontinuity: next.discontinuity, pdtMs: next.pdtMs, map };
  return list;
}

export function readMultivariant(text: string): Multivariant {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  const variants = lines.flatMap((line, at) =>
    line.startsWith('#EXT-X-STREAM-INF:')
      ? [{ attributes: readAttributes(line.slice(18)), uri: lines[at + 1] ?? '' }]
      : [],
  );
  const media = lines.filter((line) => line.startsWith('#EXT-X-MEDIA:')).map((line) => readAttributes(line.slice(13)));
  return { firstLine: lines[0] ?? '', variants, media };
}

function readAttributes(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([A-Z0-9-]+)=("[^"]*"|[^,]*)/g)];
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, value.replace(/^"|"$/g, '')]));
}

const readPart = (attributes: Record<string, string>): Part => ({
  uri: attributes.URI ?? '',
  duration: Number(attributes.DURATION),
  independent: attributes.INDEPENDENT === 'YES',
  gap: attributes.GAP === 'YES',
});

const readReport = (attributes: Record<string, string>) => ({
  uri: attributes.URI ?? '',
  lastMsn: Number(attributes['LAST-MSN']),
  lastPart: attributes['LAST-PART'] === undefined ? null : Number(attributes['LAST-PART']),
});
