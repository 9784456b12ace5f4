// What playing begins with, read from the first playlists: which media, where each part lies on the player's timeline, and where to start.
import { firstRendition } from '../../domain/hls/first-rendition.ts';

export interface Beginning {
  /** The newest EXT-X-MAP, absolute. */
  initUrl: string;
  /** From the key frame that a player starts at, oldest first, with the one that is still being made. */
  parts: BeginningPart[];
  /** Where a player starts: the timeline is that of hls.js, on which the first playlist begins at 0. */
  startSeconds: number;
}

export interface BeginningPart {
  url: string;
  atSeconds: number;
  /** The next one: its answer waits until it is made (RFC 8216bis 4.4.5.3). */
  isHinted: boolean;
}

/** A player starts this much nearer to the edge than its hold-back: about what the first parts need to arrive and be decoded. */
const START_LEAD_SECONDS = 0.2;
/** Of the hold-back: short hold-backs give less away. */
const START_LEAD_SHARE = 0.15;
/** The start is nearer to the edge than the hold-back, by less than this leaves. */
const START_SHARE = 0.6;
/** So many listed parts at most: key frames are two seconds apart at most, parts of 0.2 s at least. */
const PARTS_MAX = 12;
const HINTED_MAP = '#EXT-X-PRELOAD-HINT:TYPE=MAP';
const HINTED_PART = '#EXT-X-PRELOAD-HINT:TYPE=PART';

/** How far behind the edge a player starts. */
export const startDistance = (holdBackSeconds: number): number =>
  holdBackSeconds - Math.min(START_LEAD_SECONDS, holdBackSeconds * START_LEAD_SHARE);

/** The first rendition of a multivariant playlist; `codecs` null: the playlist does not say. */
export function firstVariant(playlist: string, url: string): { url: string; codecs: string | null } | null {
  const renditionUrl = firstRendition(playlist, url);
  if (renditionUrl === null) return null;
  const line = playlist.split('\n').find((one) => one.startsWith('#EXT-X-STREAM-INF:')) ?? '';
  return { url: renditionUrl, codecs: /[:,]CODECS="([^"]+)"/.exec(line)?.[1] ?? null };
}

interface ListedPart {
  line: string;
  atSeconds: number;
  seconds: number;
}

/** Null: there is nothing to begin with, or it has ended and begins at its beginning, not at an edge. */
export function beginningOf(playlist: string, url: string): Beginning | null {
  // An ended playlist still lists the parts of its last seconds.
  if (playlist.includes('#EXT-X-ENDLIST')) return null;
  const { map, parts, hinted, endSeconds } = listed(playlist);
  const holdBackSeconds = numberOf(playlist, 'PART-HOLD-BACK');
  const first = parts[startOf(parts, holdBackSeconds * START_SHARE)];
  const initUri = map === null ? null : uriOf(map);
  if (initUri === null || !first) return null;
  const chosen = parts.slice(parts.indexOf(first)).slice(-PARTS_MAX);
  const placed = ({ line, atSeconds }: ListedPart, isHinted: boolean): BeginningPart[] => {
    const uri = uriOf(line);
    return uri === null ? [] : [{ url: new URL(uri, url).href, atSeconds, isHinted }];
  };
  return {
    initUrl: new URL(initUri, url).href,
    // It comes about when the player's code does, and what plays until that is at work has so much more in front of it.
    parts: [...chosen.flatMap((part) => placed(part, false)), ...(hinted ? placed(hinted, true) : [])],
    startSeconds: Math.max(first.atSeconds, endSeconds - startDistance(holdBackSeconds)),
  };
}

/** The parts behind the newest map: what lies before it was made by another encoder. */
function listed(playlist: string): {
  map: string | null;
  parts: ListedPart[];
  hinted: ListedPart | null;
  endSeconds: number;
} {
  let map: string | null = null;
  let parts: ListedPart[] = [];
  let hinted: ListedPart | null = null;
  let segmentAt = 0;
  let endSeconds = 0;
  for (const line of playlist.split('\n')) {
    if (line.startsWith('#EXT-X-MAP:')) {
      map = line;
      parts = [];
    } else if (line.startsWith('#EXT-X-PART:')) {
      const seconds = numberOf(line, 'DURATION');
      if (!line.includes('GAP=YES')) parts.push({ line, atSeconds: endSeconds, seconds });
      endSeconds += seconds;
    } else if (line.startsWith(HINTED_MAP)) {
      // The next part is by another encoder.
      break;
    } else if (line.startsWith(HINTED_PART)) {
      hinted = { line, atSeconds: endSeconds, seconds: 0 };
    } else if (line.startsWith('#EXTINF:')) {
      segmentAt += Number.parseFloat(line.slice('#EXTINF:'.length));
      endSeconds = segmentAt;
    }
  }
  return { map, parts, hinted, endSeconds };
}

/** The last INDEPENDENT part that begins at least this far behind the end. */
function startOf(parts: readonly ListedPart[], behindSeconds: number): number {
  let seconds = 0;
  for (let index = parts.length - 1; index >= 0; index -= 1) {
    seconds += parts[index]!.seconds;
    if (seconds >= behindSeconds && parts[index]!.line.includes('INDEPENDENT=YES')) return index;
  }
  return 0;
}

const uriOf = (line: string): string | null => /URI="([^"]+)"/.exec(line)?.[1] ?? null;

const numberOf = (text: string, attribute: string): number =>
  Number(new RegExp(`[:,]${attribute}=([0-9.]+)`).exec(text)?.[1] ?? 0);
