import { describe, expect, test } from 'vitest';
import { planLadder } from '../../../src/domain/hls/ladder.ts';
import { RenditionName } from '../../../src/protocol/ids.ts';
import { LATENCY_SHAPES } from '../../../src/protocol/latency.ts';
import type { EncoderPlan } from '../../../transcoder/encoder/events.ts';
import type { AudioTrack, Frame } from '../../../transcoder/media.ts';
import { FragmentReader } from '../../../transcoder/packager/fragments.ts';
import { Packager, type PackagerEvent } from '../../../transcoder/packager/packager.ts';
import {
  audioBytes,
  audioInitBytes,
  fragmentBytes,
  VIDEO_TRACK,
  videoInitBytes,
} from '../../support/fragment-source.ts';

const AUDIO: AudioTrack = {
  kind: 'audio',
  codec: 'aac',
  config: Uint8Array.of(0x11, 0x90),
  sampleRate: 48_000,
  channels: 2,
};
const P360 = RenditionName.parse('360p');

function planFor({ hasVideo = true, hasAudio = true, copied = false } = {}): EncoderPlan {
  const shape = LATENCY_SHAPES.low;
  const video = hasVideo ? VIDEO_TRACK : null;
  const source = video && { ...video, bitrateKbps: null, gopRegular: copied };
  const answer = planLadder({ video: source, hasAudio, shape });
  if (!answer.ok) throw new Error(answer.detail);
  return { video, audio: hasAudio ? AUDIO : null, shape, ...answer.ladder };
}

const frameAt = (ms: number, kind: Frame['kind'], isKey = false): Frame => ({
  ...{ kind, ptsMs: ms, dtsMs: ms, isKey, arrivalMs: 0 },
  data: new Uint8Array(20),
});

const say = (event: PackagerEvent): string => {
  if (event.type === 'chunk') {
    const { rendition, segment, part, startSeconds, durationSeconds, independent } = event;
    return `${rendition} ${segment}.${part} ${startSeconds.toFixed(3)}+${durationSeconds.toFixed(3)}${independent ? ' I' : ''}`;
  }
  if (event.type === 'segment') return `${event.rendition} closes ${event.segment} of ${event.parts}`;
  if (event.type === 'init') return `${event.rendition} init ${event.info.codecs}`;
  return event.fault;
};

/** Video parts of an encoder on the grid. */
const part = (n: number) => fragmentBytes({ startSeconds: 10 + n / 3, frames: 10, isKey: n % 3 === 0 });

describe('a run', () => {
  test('opens each rendition with its init segment and closes its last segment', () => {
    const packager = new Packager(planFor());
    const events = [
      ...packager.pushVideo(P360, videoInitBytes()),
      ...packager.pushVideo(P360, part(0)),
      ...packager.pushAudio(audioInitBytes()),
      ...packager.pushSource(frameAt(10_500, 'video', true)),
      ...packager.pushAudio(audioBytes(0, 20)),
      ...packager.pushVideo(P360, part(1)),
      ...packager.end(),
    ];
    expect(events.map(say)).toEqual([
      'audio init mp4a.40.2',
      '360p init avc1.64001f,mp4a.40.2',
      '360p 0.0 10.000+0.333 I',
      'audio 0.0 10.000+0.320 I',
      '360p 0.1 10.333+0.333',
      '360p closes 0 of 2',
      'audio 0.1 10.320+0.107 I',
      'audio closes 0 of 2',
    ]);
  });

  test('numbers the audio-only segments like the video ones, each beginning within a frame of them', () => {
    const packager = new Packager(planFor());
    const events = [...packager.pushVideo(P360, videoInitBytes()), ...packager.pushAudio(audioInitBytes())];
    for (let n = 0; n < 24; n += 1) {
      events.push(
        ...packager.pushSource(frameAt(10_000 + (n + 1) * 334, 'video')),
        ...packager.pushSource(frameAt(10_000 + n * 333, 'audio')),
      );
      events.push(...packager.pushVideo(P360, part(n)), ...packager.pushAudio(audioBytes(n * 15, 15)));
    }
    events.push(...packager.pushSource(frameAt(20_000, 'audio')), ...packager.pushAudio(audioBytes(360, 20)));
    const starts = (name: string) =>
      events.flatMap((event) =>
        event.type === 'chunk' && event.rendition === name && event.part === 0 ? [event.startSeconds] : [],
      );
    const [video, audio] = [starts('360p'), starts('audio')];
    expect(video).toEqual([10, 12, 14, 16]);
    expect(audio).toHaveLength(4);
    audio.forEach((start, i) => {
      expect(Math.abs(start - (video[i] ?? 0))).toBeLessThanOrEqual(1024 / 48_000);
    });
    expect(events.filter(({ type }) => type === 'segment').map(say)).toContain('audio closes 1 of 7');
  });

  test('works without audio', () => {
    const packager = new Packager(planFor({ hasAudio: false }));
    const events = [...packager.pushVideo(P360, videoInitBytes()), ...packager.pushVideo(P360, part(0))];
    expect(events.map(say)).toEqual(['360p init avc1.64001f', '360p 0.0 10.000+0.333 I']);
  });

  test('works without pictures', () => {
    const packager = new Packager(planFor({ hasVideo: false }));
    const events = [
      ...packager.pushAudio(audioInitBytes()),
      ...packager.pushAudio(audioBytes(0, 110)),
      ...packager.end(),
    ];
    expect(events.filter(({ type }) => type === 'segment').map(say)).toEqual([
      'audio closes 0 of 7',
      'audio closes 1 of 2',
    ]);
  });

  test('passes a copied source on with its own frames, before the encoder said a word of video', () => {
    const packager = new Packager(planFor({ hasAudio: false, copied: true }));
    const events = Array.from({ length: 62 }, (_, i) =>
      packager.pushSource(frameAt(10_000 + (i * 1000) / 30, 'video', i % 30 === 0)),
    ).flat();
    expect(events.map(say)).toEqual([
      '360p init avc1.64001f',
      ...['360p 0.0 10.000+0.333 I', '360p 0.1 10.333+0.333', '360p 0.2 10.667+0.333'],
      ...['360p 0.3 11.000+0.333 I', '360p 0.4 11.333+0.333', '360p 0.5 11.667+0.333', '360p closes 0 of 6'],
    ]);
    expect(packager.end().map(say)).toEqual(['360p 1.0 12.000+0.067 I', '360p closes 1 of 1']);
  });

  test('a copied source with B-frames begins its segments when its key frames are shown', () => {
    const packager = new Packager(planFor({ hasAudio: false, copied: true }));
    const events = Array.from({ length: 31 }, (_, i) => {
      const frame = frameAt(10_000 + (i * 1000) / 30, 'video', i % 30 === 0);
      return packager.pushSource({
        ...frame,
        dtsMs: frame.dtsMs - 2000 / 30,
        ptsMs: frame.ptsMs + (i % 3 === 1 ? 2000 / 30 : 0),
      });
    }).flat();
    expect(events.map(say).slice(1)).toEqual([
      '360p 0.0 10.000+0.333 I',
      '360p 0.1 10.333+0.333',
      '360p 0.2 10.667+0.333',
    ]);
  });

  test('audio that is ahead of the video waits for the part it belongs to', () => {
    const packager = new Packager(planFor());
    const events = [
      ...packager.pushAudio(audioInitBytes()),
      ...packager.pushAudio(audioBytes(-2, 40)),
      ...packager.pushVideo(P360, videoInitBytes()),
      ...packager.pushVideo(P360, part(0)),
      ...packager.pushVideo(P360, part(1)),
    ];
    const reader = new FragmentReader();
    const fragments = events
      .flatMap((event) =>
        'rendition' in event && event.rendition === P360 && 'payload' in event ? reader.push(event.payload) : [],
      )
      .filter((media) => media.type === 'fragment');
    // What ends before the first picture is left out.
    expect(fragments.map(({ tracks }) => tracks.map(({ samples }) => samples.length))).toEqual([
      [10, 16],
      [10, 16],
    ]);
  });

  test('ends with a fault when a copied frame stays longer than a part may', () => {
    const packager = new Packager(planFor({ hasAudio: false, copied: true }));
    expect(packager.pushSource(frameAt(10_000, 'video', true)).map(say)).toEqual(['360p init avc1.64001f']);
    expect(packager.pushSource(frameAt(10_500, 'video')).map(say)).toEqual(['copy_irregular']);
  });

  test('does not take the audio for lost where the source was held back up to a key frame', () => {
    const packager = new Packager(planFor());
    packager.pushSource(frameAt(10_000, 'video', true));
    packager.pushSource(frameAt(10_000, 'audio'));
    expect(packager.pushSource(frameAt(14_000, 'video', true))).toEqual([]);
    expect(packager.pushSource(frameAt(14_000, 'audio'))).toEqual([]);
    expect(packager.pushSource(frameAt(14_900, 'video'))).toEqual([]);
  });

  test('ends with a fault when the announced audio never comes or stops', () => {
    const packager = new Packager(planFor());
    packager.pushSource(frameAt(10_000, 'video', true));
    packager.pushSource(frameAt(11_000, 'audio'));
    for (let ms = 10_200; ms <= 13_400; ms += 200) expect(packager.pushSource(frameAt(ms, 'video'))).toEqual([]);
    expect(packager.pushSource(frameAt(13_600, 'video')).map(say)).toEqual(['audio_missing']);
  });
});
