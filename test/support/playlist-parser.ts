// A strict reader of our playlists: every line must be known and stand where the standard wants it. Merges delta updates.

export interface ReadPart {
  uri: string;
  duration: number;
  independent: boolean;
}

export interface ReadSegment {
  msn: number;
  uri: string;
  duration: string;
  programDateTime: string;
  discontinuity: boolean;
  isGap: boolean;
  map: string | null;
  parts: ReadPart[];
}

export interface ReadPlaylist {
  /** The tags that stand before all segments, as written. */
  head: string[];
  targetDuration: number;
  partTarget: number;
  mediaSequence: number;
  discontinuitySequence: number;
  serverControl: Record<string, string>;
  skipped: number;
  segments: ReadSegment[];
  /** The parts of the segment that is not complete. */
  open: Omit<ReadSegment, 'uri' | 'duration'> | null;
  hints: { type: string; uri: string }[];
  reports: { uri: string; msn: number; part: number }[];
  ended: boolean;
  tail: string[];
}

const HEAD = [
  /^#EXTM3U$/,
  /^#EXT-X-VERSION:9$/,
  /^#EXT-X-TARGETDURATION:\d+$/,
  /^#EXT-X-SERVER-CONTROL:/,
  /^#EXT-X-PART-INF:PART-TARGET=[\d.]+$/,
  /^#EXT-X-MEDIA-SEQUENCE:\d+$/,
  /^#EXT-X-DISCONTINUITY-SEQUENCE:\d+$/,
];

export function readPlaylist(text: string): ReadPlaylist {
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const lines = text.slice(0, -1).split('\n');
  const head = lines.splice(0, HEAD.length);
  HEAD.forEach((pattern, index) => {
    if (!pattern.test(head[index] ?? '')) throw new Error(`line ${index + 1} is ${head[index]}, wanted ${pattern}`);
  });
  const number = (index: number) => Number(head[index]!.split(/[:=]/).at(-1));
  const playlist: ReadPlaylist = {
    head,
    targetDuration: number(2),
    serverControl: attributes(head[3]!),
    partTarget: number(4),
    mediaSequence: number(5),
    discontinuitySequence: number(6),
    skipped: 0,
    segments: [],
    open: null,
    hints: [],
    reports: [],
    ended: false,
    tail: [],
  };
  if (lines[0]?.startsWith('#EXT-X-SKIP:')) playlist.skipped = Number(attributes(lines.shift()!)['SKIPPED-SEGMENTS']);
  let map: string | null = null;
  let next = blank(playlist.mediaSequence + playlist.skipped, map);
  let touched = false;
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const tag = line.startsWith('#') ? line.split(':')[0]! : 'URI';
    if (playlist.tail.length > 0 && !/^#EXT-X-(PRELOAD-HINT|RENDITION-REPORT|ENDLIST)/.test(line))
      throw new Error(`${line} stands after the tail`);
    switch (tag) {
      case '#EXT-X-DISCONTINUITY':
        expectBefore(!touched, line);
        next.discontinuity = true;
        break;
      case '#EXT-X-MAP':
        expectBefore(next.parts.length === 0 && next.programDateTime === '', line);
        map = attributes(line).URI ?? null;
        next.map = map;
        break;
      case '#EXT-X-PROGRAM-DATE-TIME':
        expectBefore(next.programDateTime === '', line);
        next.programDateTime = line.slice(tag.length + 1);
        break;
      case '#EXT-X-PART': {
        const { DURATION, URI, INDEPENDENT } = attributes(line);
        next.parts.push({ uri: URI!, duration: Number(DURATION), independent: INDEPENDENT === 'YES' });
        break;
      }
      case '#EXT-X-GAP':
        next.isGap = true;
        break;
      case '#EXTINF': {
        const duration = line.slice(tag.length + 1, -1);
        const uri = lines.shift() ?? '';
        if (uri.startsWith('#')) throw new Error(`${line} has no URI`);
        if (next.programDateTime === '') throw new Error(`segment ${next.msn} has no date`);
        // A gap needs no map, so the one before it says nothing about it.
        playlist.segments.push({ ...next, duration, uri, map: next.isGap ? null : next.map });
        next = blank(next.msn + 1, map);
        touched = false;
        continue;
      }
      case '#EXT-X-PRELOAD-HINT':
        playlist.hints.push({ type: attributes(line).TYPE!, uri: attributes(line).URI! });
        playlist.tail.push(line);
        continue;
      case '#EXT-X-RENDITION-REPORT': {
        const { URI, 'LAST-MSN': msn, 'LAST-PART': part } = attributes(line);
        playlist.reports.push({ uri: URI!, msn: Number(msn), part: Number(part) });
        playlist.tail.push(line);
        continue;
      }
      case '#EXT-X-ENDLIST':
        playlist.ended = true;
        playlist.tail.push(line);
        continue;
      default:
        throw new Error(`unknown line: ${line}`);
    }
    touched = true;
  }
  if (touched) playlist.open = next;
  return playlist;
}

/** The older playlist with the delta update applied, as a player holds it. */
export function mergeDelta(older: ReadPlaylist, delta: ReadPlaylist): ReadPlaylist {
  if (delta.skipped === 0) return delta;
  const kept = older.segments.filter(
    ({ msn }) => msn >= delta.mediaSequence && msn < delta.mediaSequence + delta.skipped,
  );
  if (kept.length !== delta.skipped) throw new Error(`the delta skips ${delta.skipped}, but ${kept.length} are known`);
  // "Tags that apply to skipped segments stay in force": a map goes on until the next one.
  let map = kept.findLast((segment) => segment.map)?.map ?? null;
  const carried = <Item extends { map: string | null; isGap: boolean }>(item: Item): Item => {
    if (item.isGap) return item;
    map = item.map ?? map;
    return { ...item, map };
  };
  return {
    ...delta,
    skipped: 0,
    // Parts of segments that only the older copy has are more than three target durations old.
    segments: [...kept.map((segment) => ({ ...segment, parts: [] })), ...delta.segments.map(carried)],
    open: delta.open && carried(delta.open),
  };
}

/** Opposite of `readPlaylist`. */
export function writePlaylist({ head, segments, open, tail }: ReadPlaylist): string {
  let map: string | null = null;
  const lines = [...segments, ...(open ? [{ ...open, uri: '', duration: '' }] : [])].flatMap((segment) => {
    const isNewMap = !segment.isGap && segment.map !== map;
    if (!segment.isGap) map = segment.map;
    return [
      ...(segment.discontinuity ? ['#EXT-X-DISCONTINUITY'] : []),
      ...(isNewMap ? [`#EXT-X-MAP:URI="${segment.map}"`] : []),
      `#EXT-X-PROGRAM-DATE-TIME:${segment.programDateTime}`,
      ...segment.parts.map(
        ({ duration, uri, independent }) =>
          `#EXT-X-PART:DURATION=${duration},URI="${uri}"${independent ? ',INDEPENDENT=YES' : ''}`,
      ),
      ...(segment.isGap ? ['#EXT-X-GAP'] : []),
      ...(segment.uri ? [`#EXTINF:${segment.duration},`, segment.uri] : []),
    ];
  });
  return `${[...head, ...lines, ...tail].join('\n')}\n`;
}

export function attributes(line: string): Record<string, string> {
  const list = line.slice(line.indexOf(':') + 1);
  return Object.fromEntries(
    Array.from(list.matchAll(/([A-Z0-9-]+)=("[^"]*"|[^,]*)/g), ([, name, value]) => [
      name!,
      value!.replaceAll('"', ''),
    ]),
  );
}

const blank = (msn: number, map: string | null) => ({
  msn,
  programDateTime: '',
  discontinuity: false,
  isGap: false,
  map,
  parts: [] as ReadPart[],
});

function expectBefore(holds: boolean, line: string): void {
  if (!holds) throw new Error(`${line} stands too late`);
}
