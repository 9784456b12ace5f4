// Fragmented MP4 as it comes out of a pipe: bytes in, init segments and fragments out.
import { boxAt, boxesIn, brokenMedia, typeAt, viewOf } from './boxes.ts';
import { codecsOf } from './codecs.ts';

export interface TrackInit {
  id: number;
  kind: 'video' | 'audio';
  timescale: number;
  codecs: string;
  /** Of the sample entry; 0 for audio. */
  width: number;
  height: number;
  defaults: SampleDefaults;
}

export interface Sample {
  durationTicks: number;
  sizeBytes: number;
  /** Presentation minus decode time; negative ones occur (CMAF). */
  offsetTicks: number;
  isSync: boolean;
}

export interface TrackFragment {
  track: TrackInit;
  /** tfdt: decode time of the first sample. */
  startTicks: number;
  samples: Sample[];
  /** Where its first sample lies, from the start of the moof. */
  dataOffset: number;
}

export interface Init {
  type: 'init';
  tracks: TrackInit[];
  /** ftyp and moov. */
  payload: Uint8Array;
}

export interface Fragment {
  type: 'fragment';
  tracks: TrackFragment[];
  /** moof and mdat. */
  payload: Uint8Array;
  moofBytes: number;
}

interface SampleDefaults {
  durationTicks: number;
  sizeBytes: number;
  flags: number;
}

/** A second of 40 Mbit/s with room to spare; what claims more is garbage. */
export const MAX_BOX_BYTES = 7 * 1024 * 1024;
const MAX_INIT_BYTES = 256 * 1024;
const MAX_SAMPLES = 10_000;
const NOT_SYNC = 0x10000;
/** Top-level boxes that say nothing a live stream needs; mfra is the index a finished file ends with. */
const SKIPPED = new Set(['mfra', 'styp', 'sidx', 'free', 'prft', 'emsg']);

/** Reads one pipe. Keeps at most one unfinished box (MAX_BOX_BYTES) and one moof; a box that is unfinished at the end is never seen. */
export class FragmentReader {
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #wantedBytes = 8;
  #ftyp: Uint8Array | null = null;
  #tracks: TrackInit[] | null = null;
  #moof: Uint8Array | null = null;

  /** Throws FootlightError (`internal`) for what is not fragmented MP4; the reader is of no use afterwards. */
  push(bytes: Uint8Array): (Init | Fragment)[] {
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    const events: (Init | Fragment)[] = [];
    while (this.#pendingBytes >= this.#wantedBytes) {
      const joined = join(this.#pending, this.#pendingBytes);
      const size = viewOf(joined).getUint32(0);
      const type = typeAt(joined, 4);
      if (size < 8 || size > MAX_BOX_BYTES) throw brokenMedia(`a ${printable(type)} box claims ${size} bytes`);
      this.#pending = [joined];
      this.#wantedBytes = size;
      if (joined.length < size) break;
      const event = this.#box(type, joined.subarray(0, size));
      if (event) events.push(event);
      this.#pending = joined.length > size ? [joined.subarray(size)] : [];
      this.#pendingBytes = joined.length - size;
      this.#wantedBytes = 8;
    }
    return events;
  }

  #box(type: string, box: Uint8Array): Init | Fragment | null {
    if (type === 'ftyp') this.#ftyp = box;
    else if (type === 'moov') return this.#init(box);
    else if (type === 'moof') this.#moof = box;
    else if (type === 'mdat') return this.#fragment(box);
    else if (!SKIPPED.has(type)) throw brokenMedia(`a box of type ${printable(type)} stands where a fragment should`);
    return null;
  }

  #init(moov: Uint8Array): Init {
    if (!this.#ftyp || this.#tracks) throw brokenMedia('its moov box is out of place');
    if (moov.length + this.#ftyp.length > MAX_INIT_BYTES) throw brokenMedia('its moov box is far too long');
    this.#tracks = readTracks(moov.subarray(8));
    return { type: 'init', tracks: this.#tracks, payload: join([this.#ftyp, moov]) };
  }

  #fragment(mdat: Uint8Array): Fragment {
    const moof = this.#moof;
    if (!moof || !this.#tracks) throw brokenMedia('an mdat box comes without its moof');
    this.#moof = null;
    const payload = join([moof, mdat]);
    const tracks = readTrafs(moof.subarray(8), this.#tracks);
    for (const { dataOffset, samples } of tracks) {
      const end = samples.reduce((sum, sample) => sum + sample.sizeBytes, dataOffset);
      if (dataOffset < moof.length + 8 || end > payload.length)
        throw brokenMedia('samples lie outside of their mdat box');
    }
    return { type: 'fragment', tracks, payload, moofBytes: moof.length };
  }
}

function readTracks(moov: Uint8Array): TrackInit[] {
  const trexes = boxesIn(boxAt(moov, 'mvex').body).filter((box) => box.type === 'trex');
  const defaults = new Map(trexes.map((trex) => [u32(trex.body, 4), trex.body]));
  const tracks = boxesIn(moov).filter((box) => box.type === 'trak');
  if (tracks.length === 0) throw brokenMedia('its moov box holds no track');
  return tracks.map((trak) => {
    const tkhd = boxAt(trak.body, 'tkhd').body;
    const id = u32(tkhd, tkhd[0] === 1 ? 20 : 12);
    const mdia = boxAt(trak.body, 'mdia').body;
    const mdhd = boxAt(mdia, 'mdhd').body;
    const handler = typeAt(boxAt(mdia, 'hdlr').body, 8);
    if (handler !== 'vide' && handler !== 'soun') throw brokenMedia(`a track of kind ${printable(handler)}`);
    const stsd = boxAt(mdia, 'minf', 'stbl', 'stsd').body;
    const timescale = u32(mdhd, mdhd[0] === 1 ? 20 : 12);
    if (timescale === 0) throw brokenMedia('a track has no timescale');
    const trex = defaults.get(id);
    if (!trex) throw brokenMedia('a track has no trex box');
    const isVideo = handler === 'vide';
    return {
      id,
      kind: isVideo ? 'video' : 'audio',
      timescale,
      codecs: codecsOf(stsd),
      width: isVideo ? u32(stsd, 8 + 8 + 24) >>> 16 : 0,
      height: isVideo ? u32(stsd, 8 + 8 + 24) & 0xffff : 0,
      defaults: { durationTicks: u32(trex, 12), sizeBytes: u32(trex, 16), flags: u32(trex, 20) },
    };
  });
}

function readTrafs(moof: Uint8Array, tracks: TrackInit[]): TrackFragment[] {
  const trafs = boxesIn(moof).filter((box) => box.type === 'traf');
  if (trafs.length === 0) throw brokenMedia('a moof box holds no track');
  return trafs.map((traf) => {
    const { track, defaults } = readTfhd(boxAt(traf.body, 'tfhd').body, tracks);
    const truns = boxesIn(traf.body).filter((box) => box.type === 'trun');
    const samples = truns.flatMap((trun) => readTrun(trun.body, defaults));
    if (samples.length === 0) throw brokenMedia('a fragment holds no sample');
    const dataOffset = truns[0] && u32(truns[0].body, 0) & 1 ? u32(truns[0].body, 8) : 0;
    return { track, startTicks: readTfdt(boxAt(traf.body, 'tfdt').body), samples, dataOffset };
  });
}

function readTfhd(tfhd: Uint8Array, tracks: TrackInit[]): { track: TrackInit; defaults: SampleDefaults } {
  const track = tracks.find(({ id }) => id === u32(tfhd, 4));
  if (!track) throw brokenMedia('a fragment belongs to a track that was not announced');
  const flags = u32(tfhd, 0);
  // base_data_offset counts from the start of a file, and a pipe has none.
  if (flags & 1 || !(flags & 0x20000)) throw brokenMedia('a fragment does not count its offsets from its moof');
  let at = flags & 2 ? 12 : 8;
  const next = (flag: number, otherwise: number) => {
    if (!(flags & flag)) return otherwise;
    at += 4;
    return u32(tfhd, at - 4);
  };
  const durationTicks = next(8, track.defaults.durationTicks);
  const sizeBytes = next(16, track.defaults.sizeBytes);
  return { track, defaults: { durationTicks, sizeBytes, flags: next(32, track.defaults.flags) } };
}

/** tfdt is unsigned, but ffmpeg lets times before zero (AAC priming) wrap around: read as signed they are right. */
function readTfdt(tfdt: Uint8Array): number {
  if (tfdt[0] !== 1) return u32(tfdt, 4) | 0;
  if (tfdt.length < 12) throw brokenMedia('a tfdt box is cut off');
  const ticks = Number(viewOf(tfdt).getBigInt64(4));
  if (!Number.isSafeInteger(ticks)) throw brokenMedia('a fragment starts beyond the end of time');
  return ticks;
}

function readTrun(trun: Uint8Array, defaults: SampleDefaults): Sample[] {
  const flags = u32(trun, 0);
  const count = u32(trun, 4);
  if (count > MAX_SAMPLES) throw brokenMedia(`a fragment claims ${count} samples`);
  let at = 8;
  const next = (flag: number, otherwise: number) => {
    if (!(flags & flag)) return otherwise;
    at += 4;
    return u32(trun, at - 4);
  };
  next(1, 0);
  const firstFlags = next(4, defaults.flags);
  return Array.from({ length: count }, (_, i) => {
    const durationTicks = next(0x100, defaults.durationTicks);
    const sizeBytes = next(0x200, defaults.sizeBytes);
    const sampleFlags = next(0x400, i === 0 ? firstFlags : defaults.flags);
    const offsetTicks = next(0x800, 0) | 0;
    return { durationTicks, sizeBytes, offsetTicks, isSync: (sampleFlags & NOT_SYNC) === 0 };
  });
}

function u32(bytes: Uint8Array, at: number): number {
  if (at + 4 > bytes.length) throw brokenMedia('a box is shorter than its fields');
  return viewOf(bytes).getUint32(at);
}

function join(parts: Uint8Array[], totalBytes = parts.reduce((sum, part) => sum + part.length, 0)): Uint8Array {
  if (parts.length === 1 && parts[0]) return parts[0];
  const joined = new Uint8Array(totalBytes);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

const printable = (type: string) => JSON.stringify(type);
