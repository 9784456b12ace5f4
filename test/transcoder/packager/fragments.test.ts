import { describe, expect, test } from 'vitest';
import { FootlightError } from '../../../src/protocol/errors.ts';
import { makeBox, viewOf, words } from '../../../transcoder/packager/boxes.ts';
import { type Fragment, FragmentReader, type Init } from '../../../transcoder/packager/fragments.ts';
import { joinInits, samplesOf, writeFragment } from '../../../transcoder/packager/mux.ts';
import { audioBytes, audioInitBytes, fragmentBytes, videoInitBytes } from '../../support/fragment-source.ts';

const concat = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

const initOf = (bytes: Uint8Array) => new FragmentReader().push(bytes)[0] as Init;
const readWith = (init: Uint8Array, ...fragments: Uint8Array[]) =>
  new FragmentReader().push(concat(init, ...fragments)).slice(1) as Fragment[];

describe('reading an encoder pipe', () => {
  const stream = concat(
    videoInitBytes(),
    fragmentBytes({ startSeconds: 10, frames: 10, isKey: true }),
    fragmentBytes({ startSeconds: 10 + 1 / 3, frames: 10 }),
    makeBox('mfra', new Uint8Array(16)),
  );

  test.each([1, 7, 100, stream.length])('gives the same fragments in pieces of %i bytes', (size) => {
    const reader = new FragmentReader();
    const events = [];
    for (let at = 0; at < stream.length; at += size) events.push(...reader.push(stream.subarray(at, at + size)));
    expect(events.map(({ type }) => type)).toEqual(['init', 'fragment', 'fragment']);
    const [init, first, second] = events as [Init, Fragment, Fragment];
    expect(init.tracks[0]).toMatchObject({
      id: 1,
      kind: 'video',
      timescale: 90_000,
      codecs: 'avc1.64001f',
      width: 640,
      height: 360,
    });
    expect(first.tracks[0]).toMatchObject({ startTicks: 900_000 });
    expect(first.tracks[0]?.samples.map(({ isSync }) => isSync)).toEqual([true, ...Array(9).fill(false)]);
    expect(second.tracks[0]).toMatchObject({ startTicks: 930_000 });
    expect(second.tracks[0]?.samples[0]).toEqual({ durationTicks: 3000, sizeBytes: 10, offsetTicks: 0, isSync: false });
  });

  test('says nothing of a box that was cut off at the end', () => {
    expect(new FragmentReader().push(stream.subarray(0, stream.length - 60)).map(({ type }) => type)).toEqual([
      'init',
      'fragment',
    ]);
  });

  test('reads the audio codec from its esds box', () => {
    expect(initOf(audioInitBytes()).tracks[0]).toMatchObject({ kind: 'audio', timescale: 48_000, codecs: 'mp4a.40.2' });
  });

  test('reads a time before zero that an encoder let wrap around', () => {
    const fragment = new Uint8Array(fragmentBytes({ startSeconds: 0, frames: 1 }));
    const at = Buffer.from(fragment).indexOf('tfdt') + 8;
    viewOf(fragment).setBigInt64(at, -1024n);
    expect(readWith(videoInitBytes(), fragment)[0]?.tracks[0]?.startTicks).toBe(-1024);
  });

  test('takes durations, sizes and flags from tfhd and trex where the samples do not carry them', () => {
    const tfhd = makeBox('tfhd', words(0x020000 | 0x8 | 0x10 | 0x20, 1, 1500, 4, 0x10000));
    const tfdt = makeBox('tfdt', words(0, 77));
    const trun = makeBox('trun', words(0x5, 2, 8 + 16 + 8 + 28 + 16 + 24 + 8, 0x2000000));
    const moof = makeBox('moof', makeBox('mfhd', words(0, 1)), makeBox('traf', tfhd, tfdt, trun));
    const fragment = readWith(videoInitBytes(), moof, makeBox('mdat', new Uint8Array(8)))[0];
    expect(fragment?.tracks[0]).toMatchObject({
      startTicks: 77,
      samples: [
        { durationTicks: 1500, sizeBytes: 4, isSync: true },
        { durationTicks: 1500, sizeBytes: 4, isSync: false },
      ],
    });
  });

  test.each<[string, Uint8Array]>([
    ['text', new TextEncoder().encode('this is not a film at all')],
    ['a huge box', words(0x7fffffff, 0x6d646174)],
    ['a tiny box', words(3, 0x6d646174)],
    ['an mdat without its moof', concat(videoInitBytes(), makeBox('mdat', new Uint8Array(4)))],
    ['a second moov', concat(videoInitBytes(), videoInitBytes())],
    [
      'samples outside of their mdat',
      concat(videoInitBytes(), fragmentBytes({ startSeconds: 1, frames: 2 }).subarray(0, -30), new Uint8Array(30)),
    ],
  ])('refuses %s with one kind of error', (_, bytes) => {
    expect(() => {
      const reader = new FragmentReader();
      reader.push(bytes);
      reader.push(makeBox('mdat', new Uint8Array(4)));
    }).toThrow(FootlightError);
  });

  test('survives 3,000 mutations of a stream: events or that one error, nothing else', () => {
    let seed = 20_261;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed % below;
    };
    for (let round = 0; round < 3000; round += 1) {
      const mutated = new Uint8Array(stream);
      for (let n = 1 + random(8); n > 0; n -= 1) mutated[random(mutated.length)] = random(256);
      try {
        new FragmentReader().push(mutated);
      } catch (error) {
        expect(error, `round ${round}`).toBeInstanceOf(FootlightError);
      }
    }
  });
});

describe('audio beside video', () => {
  test('is a second track of the same fragment, every byte where the boxes say', () => {
    const video = readWith(
      videoInitBytes(),
      fragmentBytes({ startSeconds: 10, frames: 3, isKey: true, frameBytes: 100 }),
    )[0]!;
    const audio = readWith(audioInitBytes(), audioBytes(0, 2));
    const frames = audio.flatMap((fragment) => samplesOf(fragment, fragment.tracks[0]!));
    const joined = writeFragment(5, [
      { trackId: 1, startTicks: 900_000, samples: samplesOf(video, video.tracks[0]!) },
      { trackId: 2, startTicks: 480_000, samples: frames },
    ]);
    const init = joinInits(initOf(videoInitBytes()), initOf(audioInitBytes()));
    const reader = new FragmentReader();
    const [header, both] = reader.push(concat(init, joined)) as [Init, Fragment];
    expect(header.tracks.map(({ id, kind, codecs }) => [id, kind, codecs])).toEqual([
      [1, 'video', 'avc1.64001f'],
      [2, 'audio', 'mp4a.40.2'],
    ]);
    expect(both.tracks.map(({ startTicks }) => startTicks)).toEqual([900_000, 480_000]);
    expect(both.tracks.map((track) => samplesOf(both, track).map(({ data }) => data.length))).toEqual([
      [100, 100, 100],
      [5, 5],
    ]);
    expect(samplesOf(both, both.tracks[0]!)[2]?.data).toEqual(new Uint8Array(100).fill(2));
  });
});
