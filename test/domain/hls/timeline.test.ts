// What the timeline of a stream makes of frames that a publisher sends after it was cut off.
import { describe, expect, it } from 'vitest';
import { Timeline } from '../../../src/domain/hls/timeline.ts';
import { RenditionName } from '../../../src/protocol/ids.ts';
import type { GapFrame } from '../../../src/protocol/ingest.ts';
import { Broadcast, type SentFrame } from '../../support/broadcast.ts';

function liveTimeline() {
  const broadcast = new Broadcast();
  const timeline = new Timeline(broadcast.shape, 60);
  const send = (frames: SentFrame[]) =>
    frames.flatMap(({ frame, payload }) =>
      frame.type === 'begin' || frame.type === 'chunk' || frame.type === 'segment' || frame.type === 'gap'
        ? timeline.receive(frame, payload.byteLength)
        : [],
    );
  const gap = (rendition: string, msn: number): SentFrame => {
    const { seq, generation } = broadcast.part(rendition, msn, 0).frame as GapFrame;
    const frame: GapFrame = {
      ...{ type: 'gap', seq, generation, rendition: RenditionName.parse(rendition), msn },
      ...{ durationSeconds: 2, programDateTimeMs: broadcast.startMs + msn * 2000 },
    };
    return { frame, payload: new Uint8Array(0) };
  };
  return { broadcast, timeline, send, gap };
}

describe('a gap in place of a segment', () => {
  it('of which nothing came is listed as a gap', () => {
    const { broadcast, timeline, send, gap } = liveTimeline();
    send([...broadcast.opening(), ...broadcast.segment(0), gap('720p', 1), ...broadcast.segment(2)]);
    const segments = timeline.track('720p')?.segments ?? [];
    expect(segments.map(({ msn, isGap }) => [msn, isGap])).toEqual([
      [0, false],
      [1, true],
      [2, false],
    ]);
  });

  it('of which parts were listed closes it with those, and the list goes on without a hole', () => {
    const { broadcast, timeline, send, gap } = liveTimeline();
    send([...broadcast.opening(), ...broadcast.segment(0), ...broadcast.segment(1)]);
    send([broadcast.part('720p', 2, 0), broadcast.part('720p', 2, 1)]);
    // The publisher repeats a gap for each number that it had sent.
    const outputs = send([gap('720p', 2), gap('720p', 2), ...broadcast.segment(3)]);
    const segments = timeline.track('720p')?.segments ?? [];
    expect(segments.map(({ msn, parts }) => [msn, parts.length])).toEqual([
      [0, 6],
      [1, 6],
      [2, 2],
      [3, 6],
    ]);
    // It is told of like any other, so that it is stored.
    const listed = outputs.flatMap((output) => (output.type === 'segment' ? [output.segment] : []));
    expect(listed.find(({ rendition, msn }) => rendition === '720p' && msn === 2)?.isGap).toBe(false);
    expect(outputs.filter(({ type }) => type === 'refused')).toEqual([]);
  });
});
