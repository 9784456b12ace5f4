import { describe, expect, test } from 'vitest';
import { type LadderRequest, planLadder } from '../../../src/domain/hls/ladder.ts';
import { LATENCY_SHAPES, type LatencyProfile } from '../../../src/protocol/latency.ts';
import { encoderCommand } from '../../../transcoder/encoder/arguments.ts';
import type { EncoderPlan } from '../../../transcoder/encoder/events.ts';
import type { AudioTrack, VideoTrack } from '../../../transcoder/media.ts';

const AUDIO: AudioTrack = {
  kind: 'audio',
  codec: 'aac',
  config: Uint8Array.of(0x11, 0x90),
  sampleRate: 48_000,
  channels: 2,
};
const VIDEO: VideoTrack = {
  kind: 'video',
  codec: 'h264',
  config: Uint8Array.of(1, 100, 0, 31),
  width: 1280,
  height: 720,
  frameRate: 30,
};

interface Case {
  video?: Partial<VideoTrack> | null;
  hasAudio?: boolean;
  profile?: LatencyProfile;
  copied?: boolean;
  settings?: LadderRequest['settings'];
}

function commandFor({ video = {}, hasAudio = true, profile = 'low', copied = false, settings }: Case) {
  const shape = LATENCY_SHAPES[profile];
  const track = video && { ...VIDEO, ...video };
  const source = track && { ...track, bitrateKbps: null, gopRegular: copied };
  const answer = planLadder({ video: source, hasAudio, shape, ...(settings ? { settings } : {}) });
  if (!answer.ok) throw new Error(answer.detail);
  const plan: EncoderPlan = { video: track, audio: hasAudio ? AUDIO : null, shape, ...answer.ladder };
  const { args, outputs } = encoderCommand(plan);
  return {
    line: args.join(' '),
    outputs: outputs.map((output) => `${output.fd} ${'rendition' in output ? output.rendition : output.kind}`),
  };
}

const FIT = (size: string) =>
  `scale=${size}:force_original_aspect_ratio=decrease:force_divisible_by=2,pad=${size}:-1:-1,setsar=1`;
const INPUT = '-hide_banner -nostats -loglevel warning -copyts -fpsprobesize 0';
const X264 = '-c:v libx264 -preset veryfast -tune zerolatency -pix_fmt yuv420p';
const FRAGMENTS = (micros: number, fd: number) =>
  `-f mp4 -movflags +cmaf+frag_keyframe+frag_discont -frag_duration ${micros} -flush_packets 1 -muxdelay 0 -muxpreload 0 pipe:${fd}`;
const BITS = (kbps: number) => `-b:v ${kbps}k -maxrate ${kbps}k -bufsize ${kbps}k -sc_threshold 0`;
const SOUND = (fd: number) =>
  `-map 0:a -vn -af aresample=async=1000 -c:a aac -b:a 112k -ar 48000 -ac 2 ${FRAGMENTS(1000, fd)}`;
const POSTER = (size: string, fd: number) =>
  `-map 0:v -vf select='isnan(prev_selected_t)+gte(t-prev_selected_t,5)',${FIT(size)},format=yuvj420p -fps_mode passthrough -c:v mjpeg -q:v 5 -threads 1 -f image2pipe -flush_packets 1 pipe:${fd}`;

describe('the command line of ffmpeg', () => {
  test('encodes every rung, the audio once for all, and a poster', () => {
    const { line, outputs } = commandFor({ settings: { maxShortSide: 480 } });
    expect(outputs).toEqual(['3 480p', '4 360p', '5 audio', '6 poster']);
    expect(line).toBe(
      [
        `${INPUT} -threads 1 -f matroska -i pipe:0`,
        `-filter_complex [0:v]split=2[s0][s1];[s0]${FIT('854:480')}[v0];[s1]${FIT('640:360')}[v1]`,
        `-map [v0] -r 30 -g 30 -keyint_min 30 ${X264} ${BITS(1200)} ${FRAGMENTS(316_666, 3)}`,
        `-map [v1] -r 30 -g 30 -keyint_min 30 ${X264} ${BITS(600)} ${FRAGMENTS(316_666, 4)}`,
        SOUND(5),
        POSTER('640:360', 6),
      ].join(' '),
    );
  });

  test('beside a copy, keeps the times and key frames of the source and cuts nothing itself', () => {
    const { line, outputs } = commandFor({
      copied: true,
      settings: { maxShortSide: 720 },
      video: { width: 640, height: 480 },
    });
    expect(outputs).toEqual(['3 360p', '4 audio', '5 poster']);
    expect(line).toBe(
      [
        `${INPUT} -threads 1 -f matroska -i pipe:0 -filter_complex [0:v]split=1[s0];[s0]${FIT('480:360')}[v0]`,
        `-map [v0] -fps_mode passthrough -enc_time_base 1:90000 -force_key_frames source -g 600 ${X264} ${BITS(600)} ${FRAGMENTS(1000, 3)}`,
        SOUND(4),
        POSTER('640:480', 5),
      ].join(' '),
    );
  });

  test('a copy alone decodes key frames only', () => {
    expect(commandFor({ copied: true, video: { width: 320, height: 180 } }).line).toBe(
      `${INPUT} -threads 1 -skip_frame nokey -analyzeduration 1000 -f matroska -i pipe:0 ${SOUND(3)} ${POSTER('320:180', 4)}`,
    );
  });

  test('without pictures there is only the audio', () => {
    expect(commandFor({ video: null })).toEqual({
      line: `${INPUT} -f matroska -i pipe:0 ${SOUND(3)}`,
      outputs: ['3 audio'],
    });
  });

  test('without sound no pipe waits for any', () => {
    const { line, outputs } = commandFor({ hasAudio: false, video: { width: 640, height: 360 } });
    expect(outputs).toEqual(['3 360p', '4 poster']);
    expect(line).not.toContain('0:a');
  });

  test('a portrait source stands upright, poster too', () => {
    const { line } = commandFor({ video: { width: 720, height: 1280 } });
    for (const size of ['720:1280', '480:854', '360:640']) expect(line).toContain(FIT(size));
    expect(line.endsWith(POSTER('360:640', 7))).toBe(true);
  });

  test('from 1080p on two threads decode', () => {
    expect(commandFor({ video: { width: 1920, height: 1080 } }).line).toContain('-threads 2 -f matroska');
  });

  test.each<[LatencyProfile, number, number, number]>([
    ['ultra-low', 30, 30, 183_333],
    ['low', 25, 24, 300_000],
    ['balanced', 30, 30, 483_333],
    ['relaxed', 30, 30, 983_333],
  ])('%s at %i fps: a key frame each %i frames, parts cut half a frame early', (profile, frameRate, gop, micros) => {
    const { line } = commandFor({ profile, video: { frameRate } });
    expect(line).toContain(`-r ${frameRate} -g ${gop} -keyint_min ${gop} `);
    expect(line).toContain(`-frag_duration ${micros} `);
  });
});
