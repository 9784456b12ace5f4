// The strict reader of the journeys really complains: each violation, made by one change to a good playlist, is caught.
import { describe, expect, it } from 'vitest';
import {
  applyDelta,
  lintMediaPlaylist,
  lintMultivariant,
  lintRenditions,
  lintSuccession,
} from '../support/playlist-linter.ts';
import { readMediaPlaylist, readMultivariant } from '../support/playlist-reader.ts';

const START = Date.UTC(2026, 6, 1);
const at = (msn: number): string => new Date(START + msn * 2000).toISOString();
const parts = (msn: number, count = 6): string[] =>
  Array.from(
    { length: count },
    (_, part) => `#EXT-X-PART:DURATION=0.33333,URI="g1/${msn}.${part}.m4s"${part % 3 === 0 ? ',INDEPENDENT=YES' : ''}`,
  );

/** A live playlist of ten segments and two parts of the next; `first` is its oldest segment. */
function good(first = 4, { other = '480p', header = [] as string[] } = {}): string {
  const whole = Array.from({ length: 10 }, (_, index) => first + index);
  const next = first + 10;
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:9',
    '#EXT-X-TARGETDURATION:2',
    '#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.002,HOLD-BACK=6,CAN-SKIP-UNTIL=12',
    '#EXT-X-PART-INF:PART-TARGET=0.334',
    `#EXT-X-MEDIA-SEQUENCE:${first}`,
    '#EXT-X-DISCONTINUITY-SEQUENCE:0',
    ...header,
    '#EXT-X-MAP:URI="g1/init.mp4"',
    ...whole.flatMap((msn) => [
      `#EXT-X-PROGRAM-DATE-TIME:${at(msn)}`,
      ...(next - msn <= 3 ? parts(msn) : []),
      '#EXTINF:2.00000,',
      `g1/${msn}.m4s`,
    ]),
    `#EXT-X-PROGRAM-DATE-TIME:${at(next)}`,
    ...parts(next, 2),
    `#EXT-X-PRELOAD-HINT:TYPE=PART,URI="g1/${next}.2.m4s"`,
    `#EXT-X-RENDITION-REPORT:URI="../${other}/index.m3u8",LAST-MSN=${next},LAST-PART=1`,
    '',
  ].join('\n');
}

const rules = (text: string): string[] => lintMediaPlaylist(readMediaPlaylist(text)).map(({ rule }) => rule);
const without = (pattern: RegExp) => (text: string) => text.replace(pattern, '');
const ended = (text: string): string =>
  `${text.replace(/#EXT-X-PROGRAM-DATE-TIME:[^\n]*\n(#EXT-X-PART:[^\n]*\n)+#EXT-X-PRELOAD[\s\S]*$/, '')}#EXT-X-ENDLIST\n`;

describe('one playlist', () => {
  it('is accepted when it is right, live and ended', () => {
    expect(rules(good())).toEqual([]);
    expect(rules(good(0))).toEqual([]);
    expect(rules(ended(good()))).toEqual([]);
  });

  it.each<[string, (text: string) => string]>([
    ['extm3u', (text) => `\n${text}`],
    ['tag-once', (text) => text.replace('#EXT-X-VERSION:9', '#EXT-X-VERSION:9\n#EXT-X-VERSION:9')],
    ['known-tag', (text) => text.replace('#EXT-X-VERSION:9', '#EXT-X-VERSION:9\n#EXT-X-MADE-UP:1')],
    ['version', without(/#EXT-X-VERSION.*\n/)],
    ['target-duration', without(/#EXT-X-TARGETDURATION.*\n/)],
    ['extinf', (text) => text.replace('#EXTINF:2.00000', '#EXTINF:2.60000')],
    ['playlist-type', (text) => text.replace('#EXT-X-VERSION:9', '#EXT-X-VERSION:9\n#EXT-X-PLAYLIST-TYPE:EVENT')],
    ['discontinuity-sequence', without(/#EXT-X-DISCONTINUITY-SEQUENCE.*\n/)],
    [
      'three-targets',
      without(/#EXT-X-PROGRAM-DATE-TIME[^\n]*\n#EXTINF[\s\S]*?(?=#EXT-X-PROGRAM-DATE-TIME:2026-07-01T00:00:24)/),
    ],
    ['no-segment', without(/#EXT-X-PROGRAM-DATE-TIME[\s\S]*\ng1\/13\.m4s\n/)],
    ['unique-uri', (text) => text.replace('g1/5.m4s', 'g1/4.m4s')],
    ['map', without(/#EXT-X-MAP.*\n/)],
    ['program-date-time', without(/#EXT-X-PROGRAM-DATE-TIME.*\n/)],
    ['part-target', (text) => text.replace('DURATION=0.33333,URI="g1/12.1', 'DURATION=0.35,URI="g1/12.1')],
    ['part-minimum', (text) => text.replace('DURATION=0.33333,URI="g1/12.1', 'DURATION=0.2,URI="g1/12.1')],
    ['independent-start', (text) => text.replace('URI="g1/12.0.m4s",INDEPENDENT=YES', 'URI="g1/12.0.m4s"')],
    ['part-sum', (text) => text.replace(/#EXT-X-PART:DURATION=0.33333,URI="g1\/12.5.m4s"\n/, '')],
    [
      'old-parts',
      (text) => text.replace('#EXTINF:2.00000,\ng1/9.m4s', `${parts(9).join('\n')}\n#EXTINF:2.00000,\ng1/9.m4s`),
    ],
    ['date-drift', (text) => text.replace(at(8), new Date(START + 16_400).toISOString())],
    ['date-drift', (text) => text.replace(at(8), new Date(START + 15_000).toISOString())],
    ['part-inf', without(/#EXT-X-PART-INF.*\n/)],
    ['block-reload', without(/CAN-BLOCK-RELOAD=YES,/)],
    ['part-hold-back', (text) => text.replace('PART-HOLD-BACK=1.002', 'PART-HOLD-BACK=0.7')],
    ['hold-back', (text) => text.replace(',HOLD-BACK=6', ',HOLD-BACK=4')],
    ['skip-until', (text) => text.replace('CAN-SKIP-UNTIL=12', 'CAN-SKIP-UNTIL=10')],
    ['skip-dateranges', (text) => text.replace('CAN-SKIP-UNTIL=12', 'CAN-SKIP-DATERANGES=YES')],
    ['preload-hint', without(/#EXT-X-PRELOAD-HINT.*\n/)],
    ['hint-after-end', (text) => `${text}#EXT-X-ENDLIST\n`],
    ['parts-after-end', (text) => `${without(/#EXT-X-PRELOAD-HINT.*\n/)(text)}#EXT-X-ENDLIST\n`],
  ])('is refused for %s', (rule, spoil) => {
    const spoilt = spoil(good());
    expect(spoilt).not.toBe(good());
    expect(rules(spoilt)).toContain(rule);
  });
});

describe('one playlist after another', () => {
  const succession = (before: string, next: string): string[] =>
    lintSuccession(readMediaPlaylist(before), readMediaPlaylist(next)).map(({ rule }) => rule);
  const broken = good().replace(
    '#EXT-X-PROGRAM-DATE-TIME:2026-07-01T00:00:08',
    '#EXT-X-DISCONTINUITY\n#EXT-X-PROGRAM-DATE-TIME:2026-07-01T00:00:08',
  );

  it('is accepted when it slides, grows and ends', () => {
    expect(succession(good(4), good(4))).toEqual([]);
    expect(succession(good(4), good(5))).toEqual([]);
    expect(succession(good(4), ended(good(5)))).toEqual([]);
    expect(succession(broken, good(5).replace('DISCONTINUITY-SEQUENCE:0', 'DISCONTINUITY-SEQUENCE:1'))).toEqual([]);
  });

  it.each<[string, string, string]>([
    ['fixed-target', good(4), good(5).replace('TARGETDURATION:2', 'TARGETDURATION:3')],
    ['fixed-part-target', good(4), good(5).replace('PART-TARGET=0.334', 'PART-TARGET=0.5')],
    ['sequence-falls', good(5), good(4)],
    ['segment-vanished', good(5), good(4)],
    ['discontinuity-count', broken, good(5)],
    ['discontinuity-count', good(4), good(5).replace('DISCONTINUITY-SEQUENCE:0', 'DISCONTINUITY-SEQUENCE:1')],
    ['end-taken-back', ended(good(4)), good(4)],
    ['grew-after-end', ended(good(4)), ended(good(5))],
    ['segment-changed', good(4), good(5).replace('g1/8.m4s', 'g2/8.m4s')],
    ['segment-changed', good(4), good(5).replace(at(8), at(9))],
    ['parts-changed', good(4), good(4).replace('DURATION=0.33333,URI="g1/14.1', 'DURATION=0.3,URI="g1/14.1')],
    ['parts-changed', good(4), good(5).replace('g1/13.2.m4s', 'g1/13.x.m4s')],
  ])('is refused for %s', (rule, before, next) => {
    expect(succession(before, next)).toContain(rule);
  });
});

describe('renditions side by side', () => {
  const pair = (a: string, b: string): string[] =>
    lintRenditions([
      { name: '720p', list: readMediaPlaylist(a) },
      { name: '480p', list: readMediaPlaylist(b) },
    ]).map(({ rule }) => rule);
  const twin = good(4, { other: '720p' });

  it('are accepted when they agree', () => expect(pair(good(4), twin)).toEqual([]));

  it.each<[string, string]>([
    ['shared-target', twin.replace('TARGETDURATION:2', 'TARGETDURATION:3')],
    ['shared-control', twin.replace('CAN-SKIP-UNTIL=12', 'CAN-SKIP-UNTIL=14')],
    ['shared-end', ended(twin)],
    ['shared-discontinuity', twin.replace('DISCONTINUITY-SEQUENCE:0', 'DISCONTINUITY-SEQUENCE:1')],
    ['shared-dates', twin.replaceAll('2026-07-01T00:00:08', '2026-07-01T00:00:09')],
    ['rendition-report', good(4, { other: '360p' })],
    ['report-age', twin.replace('LAST-MSN=14', 'LAST-MSN=9')],
  ])('are refused for %s', (rule, other) => {
    expect(pair(good(4), other)).toContain(rule);
  });
});

describe('a delta update', () => {
  const delta = good(5).replace(/#EXT-X-MAP[\s\S]*g1\/8\.m4s\n/, '#EXT-X-SKIP:SKIPPED-SEGMENTS=4\n');

  it('stands for the whole playlist', () => {
    const merged = applyDelta(readMediaPlaylist(good(4)), readMediaPlaylist(delta));
    expect(merged?.segments.map(({ msn, uri }) => [msn, uri])).toEqual(
      readMediaPlaylist(good(5)).segments.map(({ msn, uri }) => [msn, uri]),
    );
  });

  it('is refused when it skips what the client does not hold', () => {
    expect(applyDelta(readMediaPlaylist(good(6)), readMediaPlaylist(delta))).toBeNull();
  });
});

describe('a multivariant playlist', () => {
  const text = [
    '#EXTM3U',
    '#EXT-X-STREAM-INF:BANDWIDTH=900000,AVERAGE-BANDWIDTH=700000,CODECS="avc1.64001E,mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=30.000',
    '360p/index.m3u8',
    '#EXT-X-STREAM-INF:BANDWIDTH=140000,AVERAGE-BANDWIDTH=128000,CODECS="mp4a.40.2"',
    'audio/index.m3u8',
    '',
  ].join('\n');
  const found = (changed: string): string[] => lintMultivariant(readMultivariant(changed)).map(({ rule }) => rule);

  it('is accepted when it is right', () => expect(found(text)).toEqual([]));

  it.each<[string, (good: string) => string]>([
    ['extm3u', (good) => good.slice(1)],
    ['no-variant', () => '#EXTM3U\n'],
    ['unique-uri', (good) => good.replace('audio/', '360p/')],
    ['variant-attribute', (good) => good.replace('CODECS="mp4a.40.2"', 'NAME="x"')],
    ['variant-attribute', (good) => good.replace(',FRAME-RATE=30.000', '')],
    ['variant-uri', (good) => good.replace('360p/index.m3u8\n', '')],
    ['variant-bandwidth', (good) => good.replace('BANDWIDTH=140000', 'BANDWIDTH=100000')],
  ])('is refused for %s', (rule, spoil) => {
    expect(found(spoil(text))).toContain(rule);
  });
});
