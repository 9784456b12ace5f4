// A buffer that was begun before the player came is gone on with: nothing is put in twice, nothing is dropped.
import type Hls from 'hls.js/light';
import { describe, expect, it } from 'vitest';
import {
  goOnWith,
  markBuffered,
  type PlacedPart,
  passOverInit,
  trackOf,
} from '../../../src/web/player/begun-buffer.ts';
import type { FirstBuffer } from '../../../src/web/read-ahead/first-picture.ts';

const INIT = new Uint8Array([1, 2, 3]);

/** A buffer that keeps what was put in. */
class Shelf {
  readonly appended: number[][] = [];
  appendBuffer(data: Uint8Array): void {
    this.appended.push([...data]);
  }
}

describe('a buffer that was begun by others', () => {
  const begun = () => {
    const shelf = new Shelf();
    passOverInit({ buffer: shelf as unknown as SourceBuffer, init: INIT.buffer });
    return shelf;
  };

  it('is not given its init segment again, and answers all the same', () => {
    const shelf = begun();
    shelf.appendBuffer(INIT.slice());
    shelf.appendBuffer(new Uint8Array([7]));
    expect(shelf.appended).toEqual([[], [7]]);
  });

  it('is given the init segment of another rendition, and from then on its own too', () => {
    const shelf = begun();
    shelf.appendBuffer(new Uint8Array([1, 2, 4]));
    shelf.appendBuffer(INIT);
    expect(shelf.appended).toEqual([
      [1, 2, 4],
      [1, 2, 3],
    ]);
  });

  it.each([
    ['avc1.64001e,mp4a.40.2', 'mp4a.40.2,avc1.64001e'],
    ['mp4a.40.2,hvc1.1.6.L93.B0', 'mp4a.40.2,hvc1.1.6.L93.B0'],
    ['av01.0.04M.08', 'av01.0.04M.08'],
  ])('with %s is called as hls.js calls it: %s', (codecs, name) => {
    expect(trackOf({ buffer: new Shelf() as unknown as SourceBuffer, codecs }).codec).toBe(name);
  });
});

describe('the parts that stand in it', () => {
  const part = (url: string, start: number, audiovideo: PlacedPart['elementaryStreams']['audiovideo'] = null) => ({
    url,
    start,
    end: start + 0.5,
    fragment: { cc: 0 },
    elementaryStreams: { audiovideo },
  });

  it('count as loaded, at their place; no others do', () => {
    const parts = [part('a', 1), part('b', 1.5), part('c', 2)];
    markBuffered(parts, ['b']);
    expect(parts.map(({ elementaryStreams }) => elementaryStreams.audiovideo)).toEqual([
      null,
      { startPTS: 1.5, endPTS: 2, startDTS: 1.5, endDTS: 2 },
      null,
    ]);
  });

  it('keep the times that hls.js has read itself', () => {
    const times = { startPTS: 9, endPTS: 9, startDTS: 9, endDTS: 9 };
    const parts = [part('a', 1, times)];
    markBuffered(parts, ['a']);
    expect(parts[0]?.elementaryStreams.audiovideo).toBe(times);
  });
});

describe('the clock that it was begun by', () => {
  const clock = { trackId: 2, ticks: -48_000, ticksPerSecond: 48_000 };
  const begun = (urls: string[]) =>
    ({ clock, urls, init: INIT.buffer, buffer: new Shelf() as unknown as SourceBuffer }) as unknown as FirstBuffer;
  const placed = (url: string, cc: number): PlacedPart => ({
    ...{ url, start: 1, end: 2, fragment: { cc }, elementaryStreams: { audiovideo: null } },
  });
  const player = (initPTS: unknown[] = []) => ({ streamController: { initPTS } });
  const goOn = (urls: string[], parts: PlacedPart[], hls = player()) => {
    goOnWith(begun(urls), hls as unknown as Hls, parts);
    return hls.streamController.initPTS;
  };

  it('is the one by which hls.js goes on in the same piece of the timeline', () => {
    const clocks = goOn(['b'], [placed('a', 2), placed('b', 3), placed('c', 4)]);
    expect(Object.entries(clocks)).toEqual([['3', { trackId: 2, baseTime: -48_000, timescale: 48_000 }]]);
  });

  it('is none of the business of another playlist, nor of what hls.js has read itself', () => {
    expect(goOn(['b'], [placed('a', 0)])).toEqual([]);
    expect(goOn(['b'], [placed('b', 0)], player(['its own']))).toEqual(['its own']);
  });
});
