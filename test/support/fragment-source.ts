// Fragmented MP4 for tests, byte by byte as an encoder's pipe would give it, without an encoder.

import type { VideoTrack } from '../../transcoder/media.ts';
import { makeBox, words } from '../../transcoder/packager/boxes.ts';
import { FIRST_TRACK, type MediaSample, writeFragment } from '../../transcoder/packager/mux.ts';
import { videoInit } from '../../transcoder/packager/video-init.ts';

/** High profile, level 3.1, no parameter sets: enough for a reader of boxes. */
export const AVCC = Uint8Array.of(1, 0x64, 0x00, 0x1f, 0xff, 0xe0, 0);

export const VIDEO_TRACK: VideoTrack = {
  kind: 'video',
  codec: 'h264',
  config: AVCC,
  width: 640,
  height: 360,
  frameRate: 30,
};

/** ftyp and moov of a video pipe; timescale 90,000. */
export const videoInitBytes = (): Uint8Array => videoInit(VIDEO_TRACK).payload;

export interface FragmentOptions {
  startSeconds: number;
  frames: number;
  isKey?: boolean;
  frameTicks?: number;
  timescale?: number;
  frameBytes?: number;
}

/** moof and mdat of one track. */
export function fragmentBytes(options: FragmentOptions): Uint8Array {
  const { startSeconds, frames, isKey = false, frameTicks = 3000, timescale = 90_000, frameBytes = 10 } = options;
  const samples: MediaSample[] = Array.from({ length: frames }, (_, i) => ({
    durationTicks: frameTicks,
    offsetTicks: 0,
    isSync: isKey && i === 0,
    data: new Uint8Array(frameBytes).fill(i),
  }));
  return writeFragment(1, [{ trackId: FIRST_TRACK, startTicks: Math.round(startSeconds * timescale), samples }]);
}

/** ftyp and moov of an AAC-LC pipe, 48 kHz stereo. */
export function audioInitBytes(): Uint8Array {
  const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  const config = Uint8Array.of(5, 2, 0x11, 0x90);
  const decoder = Uint8Array.of(4, 13 + config.length, 0x40, 0x15, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ...config);
  const es = Uint8Array.of(3, 3 + decoder.length, 0, 1, 0, ...decoder);
  const mp4a = makeBox('mp4a', words(0, 1, 0, 0, 0x20010, 0, 48_000 * 0x10000), makeBox('esds', words(0), es));
  const stbl = makeBox('stbl', makeBox('stsd', words(0, 1), mp4a));
  const mdia = makeBox(
    'mdia',
    makeBox('mdhd', words(0, 0, 0, 48_000, 0, 0)),
    makeBox('hdlr', words(0, 0), ascii('soun'), words(0, 0, 0, 0)),
    makeBox('minf', stbl),
  );
  const trak = makeBox('trak', makeBox('tkhd', words(3, 0, 0, 1, 0, 0)), mdia);
  const mvex = makeBox('mvex', makeBox('trex', words(0, 1, 1, 0, 0, 0)));
  const moov = makeBox('moov', makeBox('mvhd', new Uint8Array(100)), trak, mvex);
  return new Uint8Array(Buffer.concat([makeBox('ftyp', ascii('iso6'), words(0)), moov]));
}

/** `frames` single-frame fragments of the audio pipe. */
export const audioBytes = (firstFrame: number, frames: number, startSeconds = 10): Uint8Array =>
  new Uint8Array(
    Buffer.concat(
      Array.from({ length: frames }, (_, i) =>
        fragmentBytes({
          startSeconds: startSeconds + ((firstFrame + i) * 1024) / 48_000,
          frames: 1,
          isKey: true,
          frameTicks: 1024,
          timescale: 48_000,
          frameBytes: 5,
        }),
      ),
    ),
  );
