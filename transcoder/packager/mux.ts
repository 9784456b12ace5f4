// Fragments and init segments of our own making. One audio encode serves all renditions: it is put beside the video of
// each and stands alone in the audio-only one, so that audio is the same in every variant, bit for bit (HLS 6.2.4).
import { boxAt, makeBox, viewOf, words } from './boxes.ts';
import type { Fragment, Init, TrackFragment } from './fragments.ts';

export interface MediaSample {
  durationTicks: number;
  /** Presentation minus decode time. */
  offsetTicks: number;
  isSync: boolean;
  data: Uint8Array;
}

/** Samples in a row, on their track's timescale. */
export interface TrackRun {
  trackId: number;
  startTicks: number;
  samples: readonly MediaSample[];
}

/** Track ids: the first track of every rendition, and the audio beside video. */
export const FIRST_TRACK = 1;
export const AUDIO_TRACK = 2;

const DEFAULT_BASE_IS_MOOF = 0x020000;
/** sample_depends_on = 2, on none; and = 1 with sample_is_non_sync_sample. */
const SYNC_FLAGS = 0x02000000;
const NON_SYNC_FLAGS = 0x01010000;
/** trun: data offset, and duration, size, flags and composition offset of each sample; version 1 for signed offsets. */
const TRUN_FIELDS = 0x0100_0f01;

/** moof and mdat; runs without samples are left out. */
export function writeFragment(sequence: number, runs: readonly TrackRun[]): Uint8Array {
  const filled = runs.filter((run) => run.samples.length > 0);
  const mfhd = makeBox('mfhd', words(0, sequence));
  let dataOffset = filled.reduce((sum, run) => sum + trafBytes(run), 8 + mfhd.length) + 8;
  const trafs = filled.map((run) => {
    const traf = writeTraf(run, dataOffset);
    dataOffset = run.samples.reduce((sum, { data }) => sum + data.length, dataOffset);
    return traf;
  });
  const data = filled.flatMap((run) => run.samples.map((sample) => sample.data));
  return join(makeBox('moof', mfhd, ...trafs), makeBox('mdat', ...data));
}

/** The init segment of a rendition with both tracks. */
export function joinInits(video: Init, audio: Init): Uint8Array {
  const videoMoov = boxAt(video.payload, 'moov').body;
  const audioMoov = boxAt(audio.payload, 'moov').body;
  const mvhd = patched(boxAt(videoMoov, 'mvhd').bytes, (view) => view.setUint32(view.byteLength - 4, AUDIO_TRACK + 1));
  const audioTrak = new Uint8Array(boxAt(audioMoov, 'trak').bytes);
  const tkhd = boxAt(audioTrak.subarray(8), 'tkhd').body;
  viewOf(tkhd).setUint32(tkhd[0] === 1 ? 20 : 12, AUDIO_TRACK);
  const audioTrex = patched(boxAt(audioMoov, 'mvex', 'trex').bytes, (view) => view.setUint32(12, AUDIO_TRACK));
  const mvex = makeBox('mvex', boxAt(videoMoov, 'mvex', 'trex').bytes, audioTrex);
  const moov = makeBox('moov', mvhd, boxAt(videoMoov, 'trak').bytes, audioTrak, mvex);
  return join(boxAt(video.payload, 'ftyp').bytes, moov);
}

/** Takes a track of a fragment apart; the data are views on its payload. */
export function samplesOf({ payload }: Fragment, track: TrackFragment): MediaSample[] {
  let at = track.dataOffset;
  return track.samples.map(({ durationTicks, offsetTicks, isSync, sizeBytes }) => {
    const data = payload.subarray(at, at + sizeBytes);
    at += sizeBytes;
    return { durationTicks, offsetTicks, isSync, data };
  });
}

/** traf header 8, tfhd 16, tfdt 20, trun 20 and 16 for each sample. */
const trafBytes = (run: TrackRun) => 8 + 16 + 20 + 20 + 16 * run.samples.length;

function writeTraf({ trackId, startTicks, samples }: TrackRun, dataOffset: number): Uint8Array {
  const tfhd = makeBox('tfhd', words(DEFAULT_BASE_IS_MOOF, trackId));
  const tfdt = makeBox('tfdt', words(1 << 24, Math.floor(startTicks / 2 ** 32), startTicks % 2 ** 32));
  const fields = samples.flatMap(({ durationTicks, offsetTicks, isSync, data }) => [
    durationTicks,
    data.length,
    isSync ? SYNC_FLAGS : NON_SYNC_FLAGS,
    offsetTicks,
  ]);
  const trun = makeBox('trun', words(TRUN_FIELDS, samples.length, dataOffset, ...fields));
  return makeBox('traf', tfhd, tfdt, trun);
}

function patched(bytes: Uint8Array, change: (view: DataView) => void): Uint8Array {
  const copy = new Uint8Array(bytes);
  change(viewOf(copy));
  return copy;
}

const join = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
