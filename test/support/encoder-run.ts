// A whole run of the real encoder, and what must be true of whatever it makes.
import { spawnSync } from 'node:child_process';
import { expect } from 'vitest';
import { type LadderSettings, planLadder } from '../../src/domain/hls/ladder.ts';
import { LATENCY_SHAPES, type LatencyProfile } from '../../src/protocol/latency.ts';
import type { Encoder, EncoderEvent, EncoderPlan } from '../../transcoder/encoder/events.ts';
import { encoderWith } from '../../transcoder/encoder/process.ts';
import type { Frame } from '../../transcoder/media.ts';
import { FragmentReader } from '../../transcoder/packager/fragments.ts';
import { type Clip, playFrames } from './media-source.ts';

export const BASE_MS = 10_000;
const AAC_SECONDS = 1024 / 48_000;

export interface RunOptions {
  profile?: LatencyProfile;
  copied?: boolean;
  settings?: Partial<LadderSettings>;
  ffmpeg?: string;
  speed?: number;
  /** Instead of the clip's own. */
  frames?: Frame[];
  onStart?: (encoder: Encoder) => void;
}

export interface EncoderRun {
  plan: EncoderPlan;
  events: EncoderEvent[];
}

export function planOf(clip: Clip, { profile = 'low', copied = false, settings = {} }: RunOptions = {}): EncoderPlan {
  const shape = LATENCY_SHAPES[profile];
  const video = clip.video && { ...clip.video, bitrateKbps: null, gopRegular: copied };
  const answer = planLadder({ video, hasAudio: clip.audio !== null, shape, settings });
  if (!answer.ok) throw new Error(answer.detail);
  return { video: clip.video, audio: clip.audio, shape, ...answer.ladder };
}

/** Plays the clip into ffmpeg and waits for its end. */
export async function runEncoder(clip: Clip, options: RunOptions = {}): Promise<EncoderRun> {
  const plan = planOf(clip, options);
  const events: EncoderEvent[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const encoder = encoderWith(options.ffmpeg ?? process.env.FOOTLIGHT_FFMPEG ?? 'ffmpeg')(plan, (event) => {
    events.push(event);
    if (event.type === 'exited') resolve();
  });
  options.onStart?.(encoder);
  const frames = options.frames ?? clip.frames;
  const stopped = () => events.at(-1)?.type === 'exited';
  await playFrames(frames, (frame) => encoder.write(frame), { speed: options.speed ?? 4, offsetMs: BASE_MS, stopped });
  encoder.end();
  await promise;
  return { plan, events };
}

export type Chunk = Extract<EncoderEvent, { type: 'chunk' }>;

export const chunksOf = ({ events }: EncoderRun, rendition: string): Chunk[] =>
  events.filter((event): event is Chunk => event.type === 'chunk' && event.rendition === rendition);

export const initOf = ({ events }: EncoderRun, rendition: string): Extract<EncoderEvent, { type: 'init' }> => {
  const init = events.find((event) => event.type === 'init' && event.rendition === rendition);
  if (init?.type !== 'init') throw new Error(`no init of ${rendition}`);
  return init;
};

/** Everything that HLS and our own rules ask of every run that went well. */
export function expectSound(run: EncoderRun): void {
  const { plan, events } = run;
  expect(events.at(-1)).toMatchObject({ type: 'exited', expected: true });
  const videos = plan.renditions.filter(({ video }) => video).map(({ name }) => name);
  for (const { name } of plan.renditions) {
    expectNumbered(run, name);
    expectPartLengths(run, name);
    expectNoGaps(run, name);
  }
  const frameSeconds = 1 / (plan.frameRate ?? 30);
  const [lead = plan.renditions[0]?.name ?? ''] = videos;
  const starts = startsOf(run, lead);
  for (const name of videos) expectAligned(startsOf(run, name), starts, frameSeconds);
  const audio = plan.renditions.find(({ video }) => !video);
  if (audio) expectAligned(startsOf(run, audio.name), starts, AAC_SECONDS + 0.001);
}

function expectNumbered(run: EncoderRun, name: string): void {
  const init = run.events.findIndex((event) => event.type === 'init' && event.rendition === name);
  let segment = 0;
  let part = 0;
  run.events.forEach((event, i) => {
    if (event.type === 'chunk' && event.rendition === name) {
      expect(i).toBeGreaterThan(init);
      expect([event.segment, event.part, event.chunk, event.endsPart], name).toEqual([segment, part, 0, true]);
      if (part === 0) expect(event.independent, `${name} ${segment}.0`).toBe(true);
      part += 1;
    }
    if (event.type === 'segment' && event.rendition === name) {
      expect([event.segment, event.parts], name).toEqual([segment, part]);
      segment += 1;
      part = 0;
    }
  });
  expect(segment, `${name} has segments`).toBeGreaterThan(0);
  expect(part, `${name} is closed at the end`).toBe(0);
}

function expectPartLengths(run: EncoderRun, name: string): void {
  const { partTargetSeconds } = run.plan.shape;
  const chunks = chunksOf(run, name);
  chunks.forEach(({ segment, part, durationSeconds }, i) => {
    const place = `${name} ${segment}.${part}`;
    expect(durationSeconds, place).toBeLessThanOrEqual(partTargetSeconds + 1e-9);
    const next = chunks[i + 1];
    if (next && !next.independent) expect(durationSeconds, place).toBeGreaterThanOrEqual(0.85 * partTargetSeconds);
  });
}

/** Decode times of every track follow one another to the tick. */
function expectNoGaps(run: EncoderRun, name: string): void {
  const reader = new FragmentReader();
  const ends = new Map<number, number>();
  const payloads = [initOf(run, name).payload, ...chunksOf(run, name).map(({ payload }) => payload)];
  for (const media of payloads.flatMap((payload) => reader.push(payload))) {
    if (media.type === 'init') continue;
    for (const { track, startTicks, samples } of media.tracks) {
      const expected = ends.get(track.id);
      if (expected !== undefined)
        expect(Math.abs(startTicks - expected), `${name} ${track.kind} at ${startTicks}`).toBeLessThanOrEqual(1);
      ends.set(
        track.id,
        samples.reduce((sum, { durationTicks }) => sum + durationTicks, startTicks),
      );
    }
  }
}

export const startsOf = (run: EncoderRun, name: string): number[] =>
  chunksOf(run, name).flatMap(({ part, startSeconds }) => (part === 0 ? [startSeconds] : []));

function expectAligned(starts: number[], lead: number[], toleranceSeconds: number): void {
  expect(starts.length).toBe(lead.length);
  starts.forEach((start, i) => {
    // Audio may begin a little after the first picture of a run.
    if (i > 0) expect(Math.abs(start - (lead[i] ?? 0)), `segment ${i}`).toBeLessThanOrEqual(toleranceSeconds);
  });
}

/** Decodes a rendition with ffmpeg, which must not complain; how many pictures (or audio frames) it holds. */
export function decodedFrames(run: EncoderRun, name: string): number {
  const input = Buffer.concat([initOf(run, name).payload, ...chunksOf(run, name).map(({ payload }) => payload)]);
  const args = [
    '-hide_banner',
    '-loglevel',
    'error',
    '-f',
    'mp4',
    '-i',
    'pipe:0',
    '-map',
    '0',
    '-fps_mode',
    'passthrough',
    '-f',
    'framecrc',
    '-',
  ];
  const { stdout, stderr, status } = spawnSync('ffmpeg', args, {
    input,
    maxBuffer: 64e6,
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect([status, stderr], name).toEqual([0, '']);
  return stdout.split('\n').filter((line) => line.startsWith('0,')).length;
}
