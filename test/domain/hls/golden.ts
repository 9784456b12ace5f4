// Playlists and the broadcasts they come from: read by the writer's, the reader's and the fuzz tests alike.
import { Timeline, type TimelineMemory } from '../../../src/domain/hls/timeline.ts';
import { audioInfo, Broadcast, type SentFrame, videoInfo } from '../../support/broadcast.ts';

export interface Golden {
  name: string;
  rendition: string;
  ended?: boolean;
  skip?: 'YES' | 'v2';
  make(): Timeline;
  text: string;
}

export function feed(timeline: Timeline, frames: SentFrame[]): void {
  for (const { frame, payload } of frames) {
    if (frame.type === 'begin' || frame.type === 'chunk' || frame.type === 'segment' || frame.type === 'gap') {
      const refusal = timeline.receive(frame, payload.byteLength).find(({ type }) => type === 'refused');
      if (refusal) throw new Error(JSON.stringify(refusal));
    }
  }
}

export const timelineOf = (broadcast: Broadcast, windowSeconds = 60, memory?: TimelineMemory): Timeline =>
  new Timeline(broadcast.shape, windowSeconds, memory);

const pair = { latency: 'balanced' as const, infos: [videoInfo('480p', 480), audioInfo()] };

const HEAD = (mediaSequence: number, discontinuitySequence = 0) => `#EXTM3U
#EXT-X-VERSION:9
#EXT-X-TARGETDURATION:2
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=12,CAN-SKIP-DATERANGES=YES,HOLD-BACK=6,PART-HOLD-BACK=1.5
#EXT-X-PART-INF:PART-TARGET=0.5
#EXT-X-MEDIA-SEQUENCE:${mediaSequence}
#EXT-X-DISCONTINUITY-SEQUENCE:${discontinuitySequence}
`;

export const GOLDEN: Golden[] = [
  {
    name: 'one whole segment and the start of the next',
    rendition: '480p',
    make() {
      const broadcast = new Broadcast(pair);
      const timeline = timelineOf(broadcast);
      feed(timeline, [
        ...broadcast.opening(),
        ...broadcast.segment(0),
        broadcast.part('480p', 1, 0),
        broadcast.part('480p', 1, 1),
      ]);
      feed(timeline, [broadcast.part('audio', 1, 0)]);
      return timeline;
    },
    text: `${HEAD(0)}#EXT-X-MAP:URI="g1/init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00.000Z
#EXT-X-PART:DURATION=0.5,URI="g1/0.0.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.5,URI="g1/0.1.m4s"
#EXT-X-PART:DURATION=0.5,URI="g1/0.2.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.5,URI="g1/0.3.m4s"
#EXTINF:2,
g1/0.m4s
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:02.000Z
#EXT-X-PART:DURATION=0.5,URI="g1/1.0.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.5,URI="g1/1.1.m4s"
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="g1/1.2.m4s"
#EXT-X-RENDITION-REPORT:URI="../audio/index.m3u8",LAST-MSN=1,LAST-PART=0
`,
  },
  {
    name: 'all parts of a segment are there: the hint is the first part of the next one',
    rendition: 'audio',
    make() {
      const broadcast = new Broadcast({ ...pair, infos: [audioInfo()] });
      const timeline = timelineOf(broadcast);
      feed(timeline, [...broadcast.opening(), ...broadcast.segment(0), ...broadcast.segment(1).slice(0, -1)]);
      return timeline;
    },
    text: `${HEAD(0)}#EXT-X-MAP:URI="g1/init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00.000Z
#EXT-X-PART:DURATION=0.5,URI="g1/0.0.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.5,URI="g1/0.1.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.5,URI="g1/0.2.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.5,URI="g1/0.3.m4s",INDEPENDENT=YES
#EXTINF:2,
g1/0.m4s
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:02.000Z
#EXT-X-PART:DURATION=0.5,URI="g1/1.0.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.5,URI="g1/1.1.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.5,URI="g1/1.2.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.5,URI="g1/1.3.m4s",INDEPENDENT=YES
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="g1/2.0.m4s"
`,
  },
  {
    name: 'a new generation has begun and its first part is to come: the map is hinted too',
    rendition: '480p',
    make() {
      const broadcast = new Broadcast({ ...pair, infos: [videoInfo('480p', 480)] });
      const timeline = timelineOf(broadcast);
      feed(timeline, [...broadcast.opening(), ...broadcast.segment(0), broadcast.part('480p', 1, 0)]);
      broadcast.generation = 2;
      broadcast.firstMsn = 2;
      feed(timeline, broadcast.opening());
      return timeline;
    },
    text: `${HEAD(0)}#EXT-X-MAP:URI="g1/init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00.000Z
#EXT-X-PART:DURATION=0.5,URI="g1/0.0.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.5,URI="g1/0.1.m4s"
#EXT-X-PART:DURATION=0.5,URI="g1/0.2.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.5,URI="g1/0.3.m4s"
#EXTINF:2,
g1/0.m4s
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:02.000Z
#EXT-X-PART:DURATION=0.5,URI="g1/1.0.m4s",INDEPENDENT=YES
#EXTINF:0.5,
g1/1.m4s
#EXT-X-PRELOAD-HINT:TYPE=MAP,URI="g2/init.mp4"
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="g2/2.0.m4s"
`,
  },
  {
    name: 'a rendition without its last segment before a discontinuity: the gap stands in for it, and the end has a list',
    rendition: 'audio',
    ended: true,
    make() {
      const broadcast = new Broadcast(pair);
      const timeline = timelineOf(broadcast, 6);
      for (const msn of [0, 1, 2, 3])
        feed(timeline, msn === 0 ? [...broadcast.opening(), ...broadcast.segment(0)] : broadcast.segment(msn));
      feed(timeline, [broadcast.part('480p', 4, 0), broadcast.part('480p', 4, 1)]);
      broadcast.generation = 2;
      broadcast.firstMsn = 5;
      feed(timeline, [...broadcast.opening(), ...broadcast.segment(5)]);
      timeline.close();
      return timeline;
    },
    text: `${HEAD(2)}#EXT-X-MAP:URI="g1/init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:04.000Z
#EXT-X-PART:DURATION=0.5,URI="g1/2.0.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.5,URI="g1/2.1.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.5,URI="g1/2.2.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.5,URI="g1/2.3.m4s",INDEPENDENT=YES
#EXTINF:2,
g1/2.m4s
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:06.000Z
#EXT-X-PART:DURATION=0.5,URI="g1/3.0.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.5,URI="g1/3.1.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.5,URI="g1/3.2.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.5,URI="g1/3.3.m4s",INDEPENDENT=YES
#EXTINF:2,
g1/3.m4s
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:08.000Z
#EXT-X-GAP
#EXTINF:1,
g1/4.m4s
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="g2/init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:10.000Z
#EXT-X-PART:DURATION=0.5,URI="g2/5.0.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.5,URI="g2/5.1.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.5,URI="g2/5.2.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.5,URI="g2/5.3.m4s",INDEPENDENT=YES
#EXTINF:2,
g2/5.m4s
#EXT-X-ENDLIST
`,
  },
  {
    name: 'a delta update: what lies before the skip boundary is left out, with its map',
    rendition: '480p',
    skip: 'v2',
    make() {
      const broadcast = new Broadcast({ ...pair, infos: [videoInfo('480p', 480)] });
      const timeline = timelineOf(broadcast);
      feed(timeline, broadcast.opening());
      for (let msn = 0; msn < 9; msn += 1) feed(timeline, broadcast.segment(msn));
      return timeline;
    },
    text: `${HEAD(0)}#EXT-X-SKIP:SKIPPED-SEGMENTS=3
${[3, 4, 5]
  .map(
    (msn) =>
      `#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:${String(msn * 2).padStart(2, '0')}.000Z\n#EXTINF:2,\ng1/${msn}.m4s\n`,
  )
  .join('')}${[6, 7, 8]
  .map(
    (msn) => `#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:${msn * 2}.000Z
#EXT-X-PART:DURATION=0.5,URI="g1/${msn}.0.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.5,URI="g1/${msn}.1.m4s"
#EXT-X-PART:DURATION=0.5,URI="g1/${msn}.2.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.5,URI="g1/${msn}.3.m4s"
#EXTINF:2,
g1/${msn}.m4s
`,
  )
  .join('')}#EXT-X-PRELOAD-HINT:TYPE=PART,URI="g1/9.0.m4s"
`,
  },
];
