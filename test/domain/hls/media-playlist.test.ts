import { describe, expect, test } from 'vitest';
import { writeMediaPlaylist } from '../../../src/domain/hls/media-playlist.ts';
import { mediaPlaylistAnswer } from '../../../src/domain/hls/playlist-answer.ts';
import { mediaSnapshot } from '../../../src/domain/hls/snapshot.ts';
import { LATENCY_SHAPES, LatencyProfile } from '../../../src/protocol/latency.ts';
import { audioInfo, Broadcast, videoInfo } from '../../support/broadcast.ts';
import { mergeDelta, readPlaylist, writePlaylist } from '../../support/playlist-parser.ts';
import { feed, GOLDEN, timelineOf } from './golden.ts';

const written = (timeline: ReturnType<typeof timelineOf>, rendition: string, ended = false, skip?: 'YES' | 'v2') =>
  writeMediaPlaylist(mediaSnapshot(timeline, timeline.track(rendition)!, ended), skip);

describe('Golden playlists', () => {
  for (const { name, rendition, ended, skip, make, text } of GOLDEN) {
    test(`written: ${name}`, () => expect(written(make(), rendition, ended, skip)).toBe(text));
    test(`read: ${name}`, () => {
      const read = readPlaylist(text);
      if (read.skipped === 0) expect(writePlaylist(read)).toBe(text);
    });
  }

  test('a mutated playlist is read as what it says or refused, and never hangs', () => {
    let refused = 0;
    GOLDEN.forEach(({ text }, index) => {
      for (let at = 0; at < text.length; at += 3) {
        const mutated = text.slice(0, at) + text.slice(at + 1 + (index % 3));
        try {
          readPlaylist(mutated);
        } catch (error) {
          refused += 1;
          expect(error).toBeInstanceOf(Error);
        }
      }
    });
    expect(refused).toBeGreaterThan(100);
  });
});

describe('What every live playlist keeps', () => {
  for (const latency of LatencyProfile.options) {
    test(`${latency}: the server control follows from the durations, the same in every rendition`, () => {
      const broadcast = new Broadcast({ latency });
      const timeline = timelineOf(broadcast);
      feed(timeline, [...broadcast.opening(), ...broadcast.segment(0)]);
      const shape = LATENCY_SHAPES[latency];
      const playlists = ['720p', '480p', 'audio'].map((rendition) => readPlaylist(written(timeline, rendition)));
      for (const { serverControl, targetDuration, partTarget, segments } of playlists) {
        expect(serverControl).toEqual({
          'CAN-BLOCK-RELOAD': 'YES',
          'CAN-SKIP-UNTIL': String(6 * shape.targetDurationSeconds),
          'CAN-SKIP-DATERANGES': 'YES',
          'HOLD-BACK': String(3 * shape.targetDurationSeconds),
          'PART-HOLD-BACK': String(Number((3 * shape.partTargetSeconds).toFixed(3))),
        });
        expect(targetDuration).toBe(shape.targetDurationSeconds);
        for (const { parts, duration } of segments) {
          expect(Math.round(Number(duration))).toBeLessThanOrEqual(targetDuration);
          for (const part of parts) {
            expect(part.duration).toBeLessThanOrEqual(partTarget);
            expect(part.duration).toBeGreaterThanOrEqual(0.85 * partTarget);
          }
        }
      }
    });
  }

  test('a part over the part target is never listed: its segment is offered whole', () => {
    const broadcast = new Broadcast({ infos: [videoInfo('480p', 480)] });
    const timeline = timelineOf(broadcast);
    const tooLong = broadcast.opening().concat(broadcast.segment(0));
    for (const { frame } of tooLong) if (frame.type === 'chunk' && frame.part === 2) frame.durationSeconds = 0.3341;
    feed(timeline, tooLong);
    const { segments, hints } = readPlaylist(written(timeline, '480p'));
    expect(segments[0]).toMatchObject({
      uri: 'g1/0.m4s',
      parts: [],
      duration: String(Number((5 / 3 + 0.3341).toFixed(5))),
    });
    expect(hints).toEqual([{ type: 'PART', uri: 'g1/1.0.m4s' }]);
  });

  test('a segment never grows past the target duration', () => {
    const broadcast = new Broadcast({ infos: [videoInfo('480p', 480)] });
    const timeline = timelineOf(broadcast);
    feed(timeline, [...broadcast.opening(), ...broadcast.segment(0)]);
    for (let part = 0; part < 7; part += 1) feed(timeline, [broadcast.part('480p', 1, part)]);
    const { frame } = broadcast.part('480p', 1, 7);
    expect(frame.type === 'chunk' && timeline.receive(frame)).toMatchObject([
      { type: 'refused', detail: expect.stringContaining('target duration') },
    ]);
  });

  test('parts older than three target durations are dropped, dates stay on every segment', () => {
    const broadcast = new Broadcast({ infos: [audioInfo()] });
    const timeline = timelineOf(broadcast);
    feed(timeline, broadcast.opening());
    for (let msn = 0; msn < 10; msn += 1) feed(timeline, broadcast.segment(msn));
    const { segments } = readPlaylist(written(timeline, 'audio'));
    expect(segments.filter(({ parts }) => parts.length > 0).map(({ msn }) => msn)).toEqual([7, 8, 9]);
    expect(segments.every(({ programDateTime }) => programDateTime.endsWith('Z'))).toBe(true);
  });

  test('the window slides from the front, never below three target durations', () => {
    const broadcast = new Broadcast({ infos: [audioInfo()] });
    const timeline = timelineOf(broadcast, 1);
    feed(timeline, broadcast.opening());
    for (let msn = 0; msn < 10; msn += 1) {
      feed(timeline, broadcast.segment(msn));
      const { segments, mediaSequence } = readPlaylist(written(timeline, 'audio'));
      expect(mediaSequence).toBe(Math.max(0, msn - 2));
      expect(segments.length).toBe(Math.min(msn + 1, 3));
    }
  });

  test('discontinuities that slid away are counted, the same number in every rendition', () => {
    const broadcast = new Broadcast({ latency: 'balanced', infos: [videoInfo('480p', 480), audioInfo()] });
    const timeline = timelineOf(broadcast, 6);
    let msn = 0;
    for (let generation = 1; generation <= 4; generation += 1) {
      broadcast.generation = generation;
      broadcast.firstMsn = msn;
      feed(timeline, broadcast.opening());
      for (const upTo = msn + 2; msn < upTo; msn += 1) feed(timeline, broadcast.segment(msn));
    }
    for (const rendition of ['480p', 'audio']) {
      const { segments, mediaSequence, discontinuitySequence } = readPlaylist(written(timeline, rendition));
      // Segments 5, 6 and 7: the second of generation 3, and both of generation 4.
      expect([mediaSequence, discontinuitySequence]).toEqual([5, 2]);
      expect(segments.map(({ discontinuity }) => discontinuity)).toEqual([false, true, false]);
      expect(segments.map(({ map }) => map)).toEqual(['g3/init.mp4', 'g4/init.mp4', 'g4/init.mp4']);
    }
  });

  test('a generation that made nothing leaves no trace', () => {
    const broadcast = new Broadcast({ infos: [audioInfo()] });
    const timeline = timelineOf(broadcast);
    feed(timeline, [...broadcast.opening(), ...broadcast.segment(0)]);
    for (const generation of [2, 3]) {
      broadcast.generation = generation;
      broadcast.firstMsn = 1;
      feed(timeline, broadcast.opening());
    }
    feed(timeline, broadcast.segment(1));
    expect(written(timeline, 'audio').match(/#EXT-X-DISCONTINUITY\n/g)).toHaveLength(1);
    expect(written(timeline, 'audio')).not.toContain('g2/');
  });

  test('a rendition that was away comes back with gaps for what it missed and the same discontinuities', () => {
    const infos = [videoInfo('480p', 480), audioInfo()];
    const broadcast = new Broadcast({ latency: 'balanced', infos });
    const timeline = timelineOf(broadcast);
    feed(timeline, [...broadcast.opening(), ...broadcast.segment(0)]);
    Object.assign(broadcast, { generation: 2, firstMsn: 1, infos: [audioInfo()] });
    feed(timeline, [...broadcast.opening(), ...broadcast.segment(1), ...broadcast.segment(2)]);
    Object.assign(broadcast, { generation: 3, firstMsn: 3, infos });
    feed(timeline, [...broadcast.opening(), ...broadcast.segment(3)]);
    const [video, audio] = ['480p', 'audio'].map((rendition) => readPlaylist(written(timeline, rendition)));
    expect(video!.segments.map(({ isGap }) => isGap)).toEqual([false, true, true, false]);
    expect(audio!.segments.map(({ isGap }) => isGap)).toEqual([false, false, false, false]);
    for (const field of ['discontinuity', 'programDateTime', 'duration'] as const) {
      expect(video!.segments.map((segment) => segment[field])).toEqual(
        audio!.segments.map((segment) => segment[field]),
      );
    }
  });
});

describe('Delta updates', () => {
  test('a two-hour window updates in less than 8 kB, and merges to the whole playlist byte for byte', () => {
    const broadcast = new Broadcast({
      latency: 'ultra-low',
      infos: [360, 480, 720, 1080].map((p) => videoInfo(`${p}p`, p)),
    });
    const timeline = timelineOf(broadcast, 7200);
    feed(timeline, broadcast.opening());
    for (let msn = 0; msn < 3700; msn += 1) feed(timeline, broadcast.segment(msn));
    const older = readPlaylist(written(timeline, '1080p'));
    expect(older.segments).toHaveLength(3600);
    feed(timeline, broadcast.segment(3700));
    feed(timeline, broadcast.segment(3701).slice(0, 30));
    const whole = written(timeline, '1080p');
    const startMs = performance.now();
    const delta = written(timeline, '1080p', false, 'v2');
    expect(performance.now() - startMs).toBeLessThan(50);
    expect(delta.length).toBeLessThan(8000);
    expect(writePlaylist(mergeDelta(older, readPlaylist(delta)))).toBe(whole);
  });

  test('YES and v2 are the same while there are no date ranges; nothing to skip or an unknown value gives the whole', () => {
    const broadcast = new Broadcast({ infos: [audioInfo()] });
    const timeline = timelineOf(broadcast);
    feed(timeline, [...broadcast.opening(), ...broadcast.segment(0)]);
    expect(written(timeline, 'audio', false, 'YES')).toBe(written(timeline, 'audio'));
    for (let msn = 1; msn < 9; msn += 1) feed(timeline, broadcast.segment(msn));
    expect(written(timeline, 'audio', false, 'YES')).toContain('#EXT-X-SKIP:SKIPPED-SEGMENTS=3');
    expect(written(timeline, 'audio', false, 'YES')).toBe(written(timeline, 'audio', false, 'v2'));
    const odd = mediaPlaylistAnswer(timeline, { rendition: 'audio', query: { _HLS_skip: 'maybe' }, ended: false });
    expect(odd).toMatchObject({ ok: true, body: written(timeline, 'audio') });
  });
});
