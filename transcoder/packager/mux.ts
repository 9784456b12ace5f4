// One audio encode for all renditions: its frames are put beside the video of each, and stand alone in the audio-only one.
// So the audio is the same in every variant, bit for bit (HLS 6.2.4), and a video part never waits for its audio.
import { boxAt, boxesIn, makeBox, viewOf, words } from './boxes.ts';
import type { Fragment, Init, TrackFragment } from './fragments.ts';

/** One AAC frame with its time on the track's timescale. */
export interface AudioFrame {
  startTicks: number;
  durationTicks: number;
  data: Uint8Array;
}

const VIDEO_TRACK = 1;
const AUDIO_TRACK = 2;
const DEFAULT_BASE_IS_MOOF = 0x020000;
/** sample_depends_on = 2: depends on no other, a sync sample. */
const SYNC_SAMPLE = 0x02000000;

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
  return concat(boxAt(video.payload, 'ftyp').bytes, moov);
}

/** The fragment with `frames` as a second track in the same moof and mdat; untouched when there are none. */
export function joinFragment(video: Fragment, frames: readonly AudioFrame[]): Uint8Array {
  if (frames.length === 0) return video.payload;
  const moof = video.payload.subarray(8, video.moofBytes);
  const videoData = video.payload.subarray(video.moofBytes + 8);
  const addedBytes = trafBytes(frames);
  const audioOffset = video.moofBytes + addedBytes + 8 + videoData.length;
  const parts = boxesIn(moof).map((box) => (box.type === 'traf' ? shiftTraf(box.bytes, addedBytes) : box.bytes));
  const newMoof = makeBox('moof', ...parts, audioTraf(AUDIO_TRACK, frames, audioOffset));
  return concat(newMoof, makeBox('mdat', videoData, ...frames.map((frame) => frame.data)));
}

/** A fragment of the audio-only rendition. */
export function audioFragment(frames: readonly AudioFrame[], sequence: number): Uint8Array {
  const mfhd = makeBox('mfhd', words(0, sequence));
  const moofBytes = 8 + mfhd.length + trafBytes(frames);
  const moof = makeBox('moof', mfhd, audioTraf(VIDEO_TRACK, frames, moofBytes + 8));
  return concat(moof, makeBox('mdat', ...frames.map((frame) => frame.data)));
}

/** Takes a fragment of the audio pipe apart. */
export function audioFramesOf(fragment: Fragment): AudioFrame[] {
  const track = fragment.tracks[0] as TrackFragment;
  let startTicks = track.startTicks;
  let at = track.dataOffset;
  return track.samples.map(({ durationTicks, sizeBytes }) => {
    const frame = { startTicks, durationTicks, data: fragment.payload.subarray(at, at + sizeBytes) };
    startTicks += durationTicks;
    at += sizeBytes;
    return frame;
  });
}

/** traf header 8, tfhd 16 + 4, tfdt 20, trun 20 + 8 for each frame. */
const trafBytes = (frames: readonly AudioFrame[]) => 8 + 20 + 20 + 20 + 8 * frames.length;

function audioTraf(trackId: number, frames: readonly AudioFrame[], dataOffset: number): Uint8Array {
  const startTicks = frames[0]?.startTicks ?? 0;
  const tfhd = makeBox('tfhd', words(DEFAULT_BASE_IS_MOOF | 0x20, trackId, SYNC_SAMPLE));
  const tfdt = makeBox('tfdt', words(1 << 24, Math.floor(startTicks / 2 ** 32), startTicks % 2 ** 32));
  const samples = frames.flatMap((frame) => [frame.durationTicks, frame.data.length]);
  const trun = makeBox('trun', words(0x301, frames.length, dataOffset, ...samples));
  return makeBox('traf', tfhd, tfdt, trun);
}

/** Sample data moves back by what the moof grows. */
function shiftTraf(traf: Uint8Array, byBytes: number): Uint8Array {
  const copy = new Uint8Array(traf);
  for (const box of boxesIn(copy.subarray(8))) {
    const view = viewOf(box.body);
    if (box.type === 'trun' && view.getUint32(0) & 1) view.setInt32(8, view.getInt32(8) + byBytes);
  }
  return copy;
}

function patched(bytes: Uint8Array, change: (view: DataView) => void): Uint8Array {
  const copy = new Uint8Array(bytes);
  change(viewOf(copy));
  return copy;
}

const concat = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
