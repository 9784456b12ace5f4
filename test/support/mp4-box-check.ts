// Looks into the boxes of init segments, parts and segments and complains about what a strict player would.
export interface Box {
  type: string;
  start: number;
  /** Of the whole box, header included. */
  size: number;
  /** Offset of the body. */
  body: number;
}
export interface FragmentTrack {
  trackId: number;
  /** Decode time of the first sample, in the track's timescale. */
  decodeTime: number;
  duration: number;
  samples: number;
  startsWithSync: boolean;
}
export interface TrackInfo {
  trackId: number;
  timescale: number;
  handler: string;
  defaultFlags: number;
  defaultDuration: number;
}

const CONTAINERS = new Set(['moov', 'trak', 'mdia', 'mvex', 'moof', 'traf']);
const NOT_SYNC = 0x10000;

export function boxesOf(bytes: Uint8Array, from = 0, to = bytes.length): Box[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const boxes: Box[] = [];
  for (let start = from; start < to; ) {
    if (to - start < 8) throw new Error(`${to - start} stray bytes at ${start}`);
    const small = view.getUint32(start);
    const size = small === 1 ? Number(view.getBigUint64(start + 8)) : small === 0 ? to - start : small;
    if (size < 8 || start + size > to) throw new Error(`the box at ${start} claims ${size} bytes of ${to - start}`);
    boxes.push({ type: nameAt(bytes, start + 4), start, size, body: start + (small === 1 ? 16 : 8) });
    start += size;
  }
  return boxes;
}

/** The tracks of an init segment (ftyp + moov). */
export function tracksOf(init: Uint8Array): TrackInfo[] {
  const types = boxesOf(init).map(({ type }) => type);
  if (types[0] !== 'ftyp' || !types.includes('moov')) throw new Error(`an init segment of ${types.join(', ')}`);
  const view = new DataView(init.buffer, init.byteOffset, init.byteLength);
  const defaults = new Map(
    find(init, ['moov', 'mvex', 'trex']).map(({ body }) => [
      view.getUint32(body + 4),
      { duration: view.getUint32(body + 12), flags: view.getUint32(body + 20) },
    ]),
  );
  return find(init, ['moov', 'trak']).map((trak) => {
    const within = (path: string[]): Box => find(init, path, trak.body, trak.start + trak.size)[0]!;
    const tkhd = within(['tkhd']).body;
    const trackId = view.getUint32(tkhd + (init[tkhd] === 1 ? 20 : 12));
    const mdhd = within(['mdia', 'mdhd']).body;
    return {
      trackId,
      timescale: view.getUint32(mdhd + (init[mdhd] === 1 ? 20 : 12)),
      handler: nameAt(init, within(['mdia', 'hdlr']).body + 8),
      defaultFlags: defaults.get(trackId)?.flags ?? 0,
      defaultDuration: defaults.get(trackId)?.duration ?? 0,
    };
  });
}

/** The tracks of each fragment of a part or segment; throws when it is anything but [styp] (moof mdat)+. */
export function fragmentsOf(bytes: Uint8Array, tracks: TrackInfo[]): FragmentTrack[][] {
  const boxes = boxesOf(bytes).filter(({ type }) => !['styp', 'prft', 'sidx', 'emsg'].includes(type));
  const shape = boxes.map(({ type }) => type).join(' ');
  if (!/^moof mdat( moof mdat)*$/.test(shape)) throw new Error(`a media file of ${shape || 'nothing'}`);
  return boxes.filter(({ type }) => type === 'moof').map((moof) => readMoof(bytes, moof, tracks));
}

function readMoof(bytes: Uint8Array, moof: Box, tracks: TrackInfo[]): FragmentTrack[] {
  return find(bytes, ['traf'], moof.body, moof.start + moof.size).map((traf) => readTraf(bytes, traf, tracks));
}

function readTraf(bytes: Uint8Array, traf: Box, tracks: TrackInfo[]): FragmentTrack {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const within = (type: string): Box[] => find(bytes, [type], traf.body, traf.start + traf.size);
  const tfhd = within('tfhd')[0]!.body;
  const tfhdFlags = view.getUint32(tfhd) & 0xffffff;
  const trackId = view.getUint32(tfhd + 4);
  const track = tracks.find((known) => known.trackId === trackId);
  if (!track) throw new Error(`track ${trackId} is not in the init segment`);
  let at = tfhd + 8 + (tfhdFlags & 0x1 ? 8 : 0) + (tfhdFlags & 0x2 ? 4 : 0);
  const take = (flag: number, otherwise: number): number => {
    if (!(tfhdFlags & flag)) return otherwise;
    at += 4;
    return view.getUint32(at - 4);
  };
  const defaultDuration = take(0x8, track.defaultDuration);
  take(0x10, 0);
  const defaultFlags = take(0x20, track.defaultFlags);
  const tfdt = within('tfdt')[0]!.body;
  const decodeTime = bytes[tfdt] === 1 ? Number(view.getBigUint64(tfdt + 4)) : view.getUint32(tfdt + 4);

  let duration = 0;
  let samples = 0;
  let firstFlags: number | null = null;
  for (const { body } of within('trun')) {
    const flags = view.getUint32(body) & 0xffffff;
    const count = view.getUint32(body + 4);
    let cursor = body + 8 + (flags & 0x1 ? 4 : 0);
    const first = flags & 0x4 ? view.getUint32(cursor) : null;
    if (flags & 0x4) cursor += 4;
    for (let sample = 0; sample < count; sample += 1) {
      duration += flags & 0x100 ? view.getUint32(cursor) : defaultDuration;
      cursor += (flags & 0x100 ? 4 : 0) + (flags & 0x200 ? 4 : 0);
      const own = flags & 0x400 ? view.getUint32(cursor) : defaultFlags;
      cursor += (flags & 0x400 ? 4 : 0) + (flags & 0x800 ? 4 : 0);
      firstFlags ??= first ?? own;
    }
    samples += count;
  }
  return { trackId, decodeTime, duration, samples, startsWithSync: ((firstFlags ?? 0) & NOT_SYNC) === 0 };
}

export interface MediaPiece {
  name: string;
  bytes: Uint8Array;
  /** The playlist says that it starts with a key frame. */
  independent: boolean;
  /** The playlist's duration. */
  duration: number;
}

/** Complaints about a run of pieces without a discontinuity: shape, continuity of decode times, sync, durations. */
export function checkMedia(init: Uint8Array, pieces: MediaPiece[]): string[] {
  const tracks = tracksOf(init);
  const expected = new Map<number, number>();
  return pieces.flatMap((piece) => {
    const complaints: string[] = [];
    const fragments = fragmentsOf(piece.bytes, tracks);
    for (const { trackId, decodeTime, duration } of fragments.flat()) {
      const before = expected.get(trackId);
      if (before !== undefined && before !== decodeTime) {
        complaints.push(`${piece.name}: track ${trackId} goes on at ${decodeTime} instead of ${before}`);
      }
      expected.set(trackId, decodeTime + duration);
    }
    const lead = tracks.find(({ handler }) => handler === 'vide') ?? tracks[0]!;
    const led = fragments.flat().filter(({ trackId }) => trackId === lead.trackId);
    if (piece.independent && !led[0]?.startsWithSync) complaints.push(`${piece.name}: does not start with a key frame`);
    const seconds = led.reduce((sum, { duration }) => sum + duration, 0) / lead.timescale;
    if (Math.abs(seconds - piece.duration) > 0.01)
      complaints.push(`${piece.name}: lasts ${seconds} s, listed as ${piece.duration}`);
    return complaints;
  });
}

/** The boxes at a path below the given range. */
function find(bytes: Uint8Array, [type, ...rest]: string[], from = 0, to = bytes.length): Box[] {
  const found = boxesOf(bytes, from, to).filter((box) => box.type === type);
  if (rest.length === 0) return found;
  return found.flatMap((box) => (CONTAINERS.has(box.type) ? find(bytes, rest, box.body, box.start + box.size) : []));
}

const nameAt = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
