// The init segment of a copied H.264 source: what a muxer would have written, from its avcC.
import type { VideoTrack } from '../media.ts';
import { brokenMedia, makeBox, words } from './boxes.ts';
import { FragmentReader, type Init } from './fragments.ts';
import { FIRST_TRACK } from './mux.ts';

/** Ticks per second of copied renditions. */
export const COPY_TIMESCALE = 90_000;

/** ftyp and moov for samples that are the source's own frames. */
export function videoInit(track: VideoTrack): Init {
  if (!track.config) throw brokenMedia('the copied source has no avcC');
  const { width, height } = track;
  const ftyp = makeBox('ftyp', ascii('iso6'), words(0), ascii('iso6'), ascii('cmfc'), ascii('mp41'));
  const mvhd = makeBox(
    'mvhd',
    words(0, 0, 0, 1000, 0, 0x10000),
    words(0x01000000, 0, 0),
    MATRIX,
    words(0, 0, 0, 0, 0, 0),
    words(2),
  );
  const trak = makeBox(
    'trak',
    trackHeader(width, height),
    makeBox('mdia', mediaHeader(), handler(), mediaInfo(track.config, width, height)),
  );
  const trex = makeBox('trex', words(0, FIRST_TRACK, 1, 0, 0, 0));
  const moov = makeBox('moov', mvhd, trak, makeBox('mvex', trex));
  const init = new FragmentReader().push(new Uint8Array(Buffer.concat([ftyp, moov])))[0];
  if (init?.type !== 'init') throw brokenMedia('the init segment of the copied source cannot be read back');
  return init;
}

const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** No rotation, no scaling. */
const MATRIX = words(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

/** Flags 3: enabled, in the movie. Sizes are 16.16 fixed point. */
const trackHeader = (width: number, height: number) =>
  makeBox('tkhd', words(3, 0, 0, FIRST_TRACK, 0, 0, 0, 0, 0, 0), MATRIX, words(width * 0x10000, height * 0x10000));

/** 0x55c4: language undetermined. */
const mediaHeader = () => makeBox('mdhd', words(0, 0, 0, COPY_TIMESCALE, 0, 0x55c40000));

const handler = () => makeBox('hdlr', words(0, 0), ascii('vide'), words(0, 0, 0), ascii('video\0'));

function mediaInfo(avcC: Uint8Array, width: number, height: number): Uint8Array {
  const dinf = makeBox('dinf', makeBox('dref', words(0, 1), makeBox('url ', words(1))));
  const empty = ['stts', 'stsc', 'stco'].map((type) => makeBox(type, words(0, 0)));
  const stsd = makeBox('stsd', words(0, 1), sampleEntry(avcC, width, height));
  const stbl = makeBox('stbl', stsd, ...empty, makeBox('stsz', words(0, 0, 0)));
  return makeBox('minf', makeBox('vmhd', words(1, 0, 0)), dinf, stbl);
}

/** 72 dpi, one frame per sample, no compressor name, depth 24. */
function sampleEntry(avcC: Uint8Array, width: number, height: number): Uint8Array {
  const size = words(width * 0x10000 + height);
  const name = new Uint8Array(32);
  const head = [
    words(0, 1),
    words(0, 0, 0, 0),
    size,
    words(0x480000, 0x480000, 0),
    Uint8Array.of(0, 1),
    name,
    Uint8Array.of(0, 24, 0xff, 0xff),
  ];
  return makeBox('avc1', ...head, makeBox('avcC', avcC));
}
