// Where a player starts, and where each part lies on its timeline.
import { describe, expect, it } from 'vitest';
import { beginningOf, firstVariant, startDistance } from '../../../src/web/read-ahead/beginning.ts';

const BASE = 'https://edge.test/x/';
const part = (uri: string, more = '') => `#EXT-X-PART:DURATION=0.33333,URI="${uri}"${more}`;
const KEY = ',INDEPENDENT=YES';
const playlist = (...lines: string[]) => ['#EXTM3U', ...lines, ''].join('\n');
const HOLD_BACK = '#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.000';
const MAP = '#EXT-X-MAP:URI="i.mp4"';
const uris = (text: string) => beginningOf(text, BASE)?.parts.map(({ url }) => url.slice(BASE.length));

describe('what playing begins with', () => {
  const live = playlist(
    HOLD_BACK,
    MAP,
    '#EXTINF:2.00000,',
    '4.m4s',
    ...[part('5.0', KEY), part('5.1'), part('5.2'), part('5.3', KEY), part('5.4'), part('5.5')],
    '#EXTINF:2.00000,',
    '5.m4s',
    part('6.0', KEY),
  );

  it('is the parts from the key frame behind the start, each at its place on a timeline from 0', () => {
    const beginning = beginningOf(live, BASE)!;
    expect(beginning.initUrl).toBe(`${BASE}i.mp4`);
    expect(uris(live)).toEqual(['5.3', '5.4', '5.5', '6.0']);
    expect(beginning.parts.map(({ atSeconds }) => atSeconds.toFixed(3))).toEqual(['3.000', '3.333', '3.667', '4.000']);
  });

  it('starts at the distance to the edge that hls.js is given', () => {
    expect(beginningOf(live, BASE)!.startSeconds).toBeCloseTo(4.33333 - startDistance(1), 5);
    expect(startDistance(1)).toBeCloseTo(0.85);
    expect(startDistance(0.6)).toBeCloseTo(0.51);
  });

  it('starts at the first part where less than that is there', () => {
    const short = playlist(HOLD_BACK, MAP, part('0.0', KEY));
    expect(beginningOf(short, BASE)).toMatchObject({ startSeconds: 0, parts: [{ atSeconds: 0 }] });
  });

  it('reaches back to a key frame two seconds ago with the shortest parts, with the one that is being made', () => {
    const fifth = (nth: number) => `#EXT-X-PART:DURATION=0.20000,URI="${nth}"${nth % 10 === 0 ? KEY : ''}`;
    const parts = Array.from({ length: 22 }, (_, nth) => fifth(nth));
    const hint = '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="22"';
    const holdBack = '#EXT-X-SERVER-CONTROL:PART-HOLD-BACK=0.600';
    expect(uris(playlist(holdBack, MAP, ...parts, hint))).toEqual(['20', '21', '22']);
    expect(uris(playlist(holdBack, MAP, ...parts.slice(0, 21), hint))?.[0]).toBe('10');
    expect(uris(playlist(holdBack, MAP, ...parts.slice(0, 21), hint))).toHaveLength(12);
  });

  it('leaves gaps out, which take their time all the same', () => {
    const gap = playlist(MAP, part('a', ',GAP=YES'), part('b', KEY));
    expect(beginningOf(gap, BASE)?.parts).toMatchObject([{ url: `${BASE}b`, atSeconds: 0.33333 }]);
  });

  it('is the part too that is still being made, unless by another encoder', () => {
    const hint = '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="h"';
    expect(beginningOf(playlist(MAP, part('a', KEY), hint), BASE)?.parts).toEqual([
      { url: `${BASE}a`, atSeconds: 0, isHinted: false },
      { url: `${BASE}h`, atSeconds: 0.33333, isHinted: true },
    ]);
    expect(uris(playlist(MAP, part('a', KEY), '#EXT-X-PRELOAD-HINT:TYPE=MAP,URI="j.mp4"', hint))).toEqual(['a']);
    expect(beginningOf(playlist(MAP, hint), BASE)).toBeNull();
  });

  it('takes what there is where no key frame is far enough behind', () => {
    expect(uris(playlist('#EXT-X-SERVER-CONTROL:PART-HOLD-BACK=3.0', MAP, part('b'), part('c', KEY)))).toEqual([
      'b',
      'c',
    ]);
  });

  it('takes nothing of the encoder before', () => {
    const changed = playlist(
      HOLD_BACK,
      MAP,
      part('a', KEY),
      '#EXT-X-DISCONTINUITY',
      '#EXT-X-MAP:URI="j.mp4"',
      part('b', KEY),
    );
    expect(beginningOf(changed, BASE)).toMatchObject({ initUrl: `${BASE}j.mp4`, parts: [{ atSeconds: 0.33333 }] });
    expect(uris(changed)).toEqual(['b']);
  });

  it('is nothing where the stream has ended: that plays from its beginning', () => {
    expect(beginningOf(`${live}#EXT-X-ENDLIST\n`, BASE)).toBeNull();
  });

  it('is nothing without an init segment or a part', () => {
    expect(beginningOf(playlist(part('a')), BASE)).toBeNull();
    expect(beginningOf(playlist(MAP), BASE)).toBeNull();
  });
});

describe('the first rendition', () => {
  it('is the first of the multivariant playlist, with its codecs where it says them', () => {
    const line = '#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="avc1.64001e,mp4a.40.2",RESOLUTION=640x360';
    expect(firstVariant(`#EXTM3U\n${line}\n360p/index.m3u8\n`, BASE)).toEqual({
      url: `${BASE}360p/index.m3u8`,
      codecs: 'avc1.64001e,mp4a.40.2',
    });
    expect(firstVariant('#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\na\n', BASE)).toMatchObject({ codecs: null });
    expect(firstVariant('#EXTM3U\n', BASE)).toBeNull();
  });
});
