// From a plan to the exact command line of ffmpeg. Every option is there because its absence was measured to break something.
import { framesPerGop, framesPerPart } from '../../src/domain/hls/frame-grid.ts';
import type { RenditionName } from '../../src/protocol/ids.ts';
import type { EncoderPlan, PlannedRendition } from './events.ts';

/** What comes out of which file descriptor of the child. */
export type EncoderOutput =
  | { fd: number; kind: 'video'; rendition: RenditionName }
  | { fd: number; kind: 'audio' }
  | { fd: number; kind: 'poster'; width: number; height: number };

export interface EncoderCommand {
  args: string[];
  outputs: EncoderOutput[];
}

const FIRST_FD = 3;
const POSTER_LONG_SIDE = 640;
const POSTER_SECONDS = 5;
const AUDIO_RATE = 48_000;
/** Frame threads hold a frame each, which is delay; from 1080p one thread does not keep up. */
const ONE_THREAD_UP_TO = 1280 * 720;
/** A fragment is cut when the NEXT frame is at least this old: half a frame less than the part, so that rounding cannot move the cut. */
const CUT_SLACK_FRAMES = 0.5;
/** Shorter than any frame: each one is a fragment, and the packager makes the parts. */
const SINGLE_FRAME_MICROS = 1000;

/** Arguments for ffmpeg 5.1 to 7: Matroska on stdin, one pipe per encoded rendition, one for the audio of all, one for posters. */
export function encoderCommand(plan: EncoderPlan): EncoderCommand {
  const encoded = plan.renditions.filter((rendition) => rendition.video && !rendition.video.copied);
  const outputs: EncoderOutput[] = encoded.map(({ name }, i) => ({ fd: FIRST_FD + i, kind: 'video', rendition: name }));
  const args = [...inputArguments(plan, encoded.length > 0), ...filterGraph(encoded)];
  encoded.forEach((rendition, i) => {
    args.push(...videoArguments(plan, rendition, i));
  });
  if (plan.audio) {
    const fd = FIRST_FD + outputs.length;
    outputs.push({ fd, kind: 'audio' });
    args.push(...audioArguments(plan, fd));
  }
  if (plan.video) {
    const fd = FIRST_FD + outputs.length;
    outputs.push({ fd, kind: 'poster', ...posterSize(plan) });
    args.push(...posterArguments(plan, fd));
  }
  return { args, outputs };
}

/** `-copyts` keeps our timeline. Never `nobuffer`: it throws away the frames read while probing. */
function inputArguments(plan: EncoderPlan, hasEncoded: boolean): string[] {
  const args = ['-hide_banner', '-nostats', '-loglevel', 'warning', '-copyts', '-fpsprobesize', '0'];
  if (plan.video) args.push('-threads', plan.video.width * plan.video.height > ONE_THREAD_UP_TO ? '2' : '1');
  // Only the poster needs pictures then, and key frames are enough for it; probing would wait for the others.
  if (plan.video && !hasEncoded) args.push('-skip_frame', 'nokey', '-analyzeduration', '1000');
  return [...args, '-f', 'matroska', '-i', 'pipe:0'];
}

/** Every picture is fitted into a box of fixed size, so that a source that turns or changes its size just goes on. */
function filterGraph(encoded: PlannedRendition[]): string[] {
  const chains = encoded.map(({ video }, i) => `[s${i}]${fitInto(video?.width ?? 2, video?.height ?? 2)}[v${i}]`);
  if (encoded.length === 0) return [];
  const labels = encoded.map((_, i) => `[s${i}]`);
  return ['-filter_complex', [`[0:v]split=${labels.length}${labels.join('')}`, ...chains].join(';')];
}

const fitInto = (width: number, height: number) =>
  `scale=${width}:${height}:force_original_aspect_ratio=decrease:force_divisible_by=2,pad=${width}:${height}:-1:-1,setsar=1`;

function videoArguments(plan: EncoderPlan, { video }: PlannedRendition, index: number): string[] {
  const frameRate = plan.frameRate ?? 30;
  const partFrames = framesPerPart(frameRate, plan.shape);
  const partMicros = Math.floor(((partFrames - CUT_SLACK_FRAMES) * 1_000_000) / frameRate);
  const besideCopy = plan.renditions.some((rendition) => rendition.video?.copied);
  const kbps = `${video?.bitrateKbps ?? 0}k`;
  return [
    '-map',
    `[v${index}]`,
    ...(besideCopy ? sourceTiming(frameRate) : ownTiming(frameRate, framesPerGop(frameRate, plan.shape))),
    ...['-c:v', 'libx264', '-preset', plan.preset, '-tune', 'zerolatency', '-pix_fmt', 'yuv420p'],
    ...['-b:v', kbps, '-maxrate', kbps, '-bufsize', kbps, '-sc_threshold', '0'],
    ...fragmentArguments(besideCopy ? SINGLE_FRAME_MICROS : partMicros, FIRST_FD + index),
  ];
}

/** Constant rate by `-r` (the fps filter would hold a frame): the same grid in every rendition, whatever the source does. */
const ownTiming = (frameRate: number, gopFrames: number) => [
  ...['-r', String(frameRate), '-g', String(gopFrames), '-keyint_min', String(gopFrames)],
];

/**
 * Beside a copy (which the packager makes, ffmpeg never sees it): the source's own times and key frames, on a time base
 * that does not round them.
 */
const sourceTiming = (frameRate: number) => [
  ...[
    '-fps_mode',
    'passthrough',
    '-enc_time_base',
    '1:90000',
    '-force_key_frames',
    'source',
    '-g',
    String(Math.ceil(frameRate * 20)),
  ],
];

/** Audio is encoded once and put beside each video by the packager: fragments of a single frame. */
function audioArguments(plan: EncoderPlan, fd: number): string[] {
  const kbps = plan.renditions.find((rendition) => rendition.audioBitrateKbps !== null)?.audioBitrateKbps ?? 112;
  return [
    ...['-map', '0:a', '-vn', '-af', 'aresample=async=1000', '-c:a', 'aac', '-b:a', `${kbps}k`],
    ...['-ar', String(AUDIO_RATE), '-ac', '2'],
    ...fragmentArguments(SINGLE_FRAME_MICROS, fd),
  ];
}

/** `cmaf` and `frag_discont` keep absolute times in every fragment; the rest lets each one out at once. */
const fragmentArguments = (cutMicros: number, fd: number) => [
  ...['-f', 'mp4', '-movflags', '+cmaf+frag_keyframe+frag_discont', '-frag_duration', String(cutMicros)],
  ...['-flush_packets', '1', '-muxdelay', '0', '-muxpreload', '0', `pipe:${fd}`],
];

/** A graph of its own: ffmpeg 7 drains no output of a shared graph while one of them has nothing to give. */
function posterArguments(plan: EncoderPlan, fd: number): string[] {
  const { width, height } = posterSize(plan);
  const rarely = `select='isnan(prev_selected_t)+gte(t-prev_selected_t,${POSTER_SECONDS})'`;
  return [
    ...['-map', '0:v', '-vf', `${rarely},${fitInto(width, height)},format=yuvj420p`],
    ...['-fps_mode', 'passthrough', '-c:v', 'mjpeg', '-q:v', '5', '-threads', '1'],
    ...['-f', 'image2pipe', '-flush_packets', '1', `pipe:${fd}`],
  ];
}

function posterSize({ video }: EncoderPlan): { width: number; height: number } {
  const { width, height } = video ?? { width: POSTER_LONG_SIDE, height: POSTER_LONG_SIDE };
  const shrink = Math.min(1, POSTER_LONG_SIDE / Math.max(width, height));
  const even = (side: number) => Math.max(2, 2 * Math.floor((side * shrink) / 2));
  return { width: even(width), height: even(height) };
}
