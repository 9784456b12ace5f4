import { expect, test } from 'vitest';
import { writeMultivariantPlaylist } from '../../../src/domain/hls/multivariant-playlist.ts';
import { inheritedQuery, mapUris } from '../../../src/domain/hls/playlist-uris.ts';
import { variants } from '../../../src/domain/hls/snapshot.ts';
import { audioInfo, Broadcast, bytesOf, videoInfo } from '../../support/broadcast.ts';
import { feed, GOLDEN, timelineOf } from './golden.ts';

test('every rendition is listed with what a player chooses by, a sensible start first and audio last', () => {
  const infos = [
    videoInfo('1080p', 1080, 5_500_000),
    videoInfo('720p', 720, 3_000_000),
    videoInfo('480p', 480, 1_500_000),
    videoInfo('360p', 360, 800_000),
    audioInfo(),
  ];
  expect(writeMultivariantPlaylist(infos.map((info) => ({ info, measured: null })))).toBe(`#EXTM3U
#EXT-X-VERSION:1
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-STREAM-INF:BANDWIDTH=1500000,AVERAGE-BANDWIDTH=1200000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=854x480,FRAME-RATE=30.000
480p/index.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=5500000,AVERAGE-BANDWIDTH=4400000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1920x1080,FRAME-RATE=30.000
1080p/index.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=3000000,AVERAGE-BANDWIDTH=2400000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=30.000
720p/index.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=800000,AVERAGE-BANDWIDTH=640000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=30.000
360p/index.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=140000,AVERAGE-BANDWIDTH=128000,CODECS="mp4a.40.2"
audio/index.m3u8
`);
});

test('a stream of audio alone, and one whose every picture is large, still have a first variant', () => {
  expect(writeMultivariantPlaylist([{ info: audioInfo(), measured: null }])).toContain('audio/index.m3u8');
  const large = [videoInfo('2160p', 2160, 18_000_000), videoInfo('1080p', 1080, 6_000_000)];
  const first = writeMultivariantPlaylist(large.map((info) => ({ info, measured: null }))).split('\n')[4];
  expect(first).toBe('1080p/index.m3u8');
});

test('bandwidth is what was measured: the peak of the segments, and their average', () => {
  const broadcast = new Broadcast({ latency: 'relaxed', infos: [videoInfo('480p', 480)] });
  const timeline = timelineOf(broadcast);
  feed(timeline, broadcast.opening());
  [100_000, 100_000, 250_000].forEach((bytes, msn) => {
    feed(timeline, [
      broadcast.part('480p', msn, 0, bytesOf('', bytes)),
      broadcast.part('480p', msn, 1, bytesOf('', bytes)),
      broadcast.segmentEnd('480p', msn),
    ]);
  });
  expect(variants(timeline)[0]?.measured).toEqual({ peak: 2_000_000, average: 1_200_000 });
  expect(writeMultivariantPlaylist(variants(timeline))).toContain('BANDWIDTH=2000000,AVERAGE-BANDWIDTH=1200000');
});

test("a viewer's token goes to every child, delivery directives never do", () => {
  const query = inheritedQuery(new URLSearchParams('token=a%20b&_HLS_msn=4&_HLS_skip=v2&x=1'));
  expect(query).toBe('?token=a+b&x=1');
  const changed = mapUris(GOLDEN[0]!.text, (uri) => uri + query);
  expect(changed).toContain('#EXT-X-MAP:URI="g1/init.mp4?token=a+b&x=1"');
  expect(changed).toContain('\ng1/0.m4s?token=a+b&x=1\n');
  expect(changed).toContain('TYPE=PART,URI="g1/1.2.m4s?token=a+b&x=1"');
  expect(changed).toContain('REPORT:URI="../audio/index.m3u8?token=a+b&x=1",LAST-MSN=1');
  expect(changed.match(/token/g)).toHaveLength(1 + 6 + 1 + 1 + 1);
  expect(inheritedQuery(new URLSearchParams('_HLS_msn=4'))).toBe('');
});
