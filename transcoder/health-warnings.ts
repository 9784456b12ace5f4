// When a broadcaster is warned, and the advice in plain words.
import type { HealthWarning } from '../src/protocol/health.ts';
import type { Measurements } from './health.ts';

/** Nothing is said about rates before they mean something. */
const SETTLED_MS = 5000;
const MISSING_MS = 3000;
const MAX_KEY_SECONDS = 4;
const LOSS_PERCENT = 2;
const LAG_MS = 1000;
const CLOCK_JUMP_SHOWN_MS = 10_000;
/** Compressed silence: AAC frames of digital silence are ~6-10 bytes, Opus DTX frames 1-3; speech is far above 20. */
const SILENT_BYTES = 16;
/** Short side -> the bitrate (kbit/s) a picture of that size needs, and beyond which nobody sees a difference. */
const BITRATES: ReadonlyArray<readonly [shortSide: number, low: number, high: number]> = [
  [1080, 2000, 12_000],
  [720, 1000, 8000],
  [480, 400, 5000],
  [0, 150, 4000],
];

type Rule = (measured: Measurements) => string | null;

/** All warnings that hold at this moment. */
export const judgeHealth = (measured: Measurements): HealthWarning[] =>
  (Object.entries(RULES) as [HealthWarning['code'], Rule][]).flatMap(([code, rule]) => {
    const advice = rule(measured);
    return advice === null ? [] : [{ code, advice }];
  });

const RULES: Record<HealthWarning['code'], Rule> = {
  video_missing: ({ health, sinceVideoMs, sinceStartMs }) =>
    (sinceVideoMs ?? sinceStartMs) <= MISSING_MS
      ? null
      : health.videoCodec === null
        ? 'No picture is coming in: viewers hear the sound only. Check that a camera or a scene is selected in your encoder.'
        : 'The picture has stopped coming in. Check the camera and the video output of your encoder.',

  audio_missing: ({ health, sinceAudioMs, sinceStartMs }) =>
    (sinceAudioMs ?? sinceStartMs) <= MISSING_MS
      ? null
      : health.audioCodec === null
        ? 'No sound is coming in. Add a microphone or another audio source in your encoder.'
        : 'The sound has stopped coming in. Check the microphone and the audio output of your encoder.',

  // Judged by the size of the compressed frames, not by decoding: digital silence only, not a quiet room.
  audio_silent: ({ audioFrameBytes, sinceStartMs, sinceAudioMs }) =>
    sinceStartMs > SETTLED_MS &&
    (sinceAudioMs ?? MISSING_MS) < MISSING_MS &&
    (audioFrameBytes?.mean ?? 99) < SILENT_BYTES
      ? 'The sound is digital silence: your audio source is probably muted or not connected.'
      : null,

  bitrate_low: ({ health, sinceStartMs }) => {
    const range = bitrateRange(health);
    if (!range || sinceStartMs < SETTLED_MS || health.bitrateKbps >= range.low) return null;
    return `${health.bitrateKbps} kbit/s is little for ${range.size}: the picture will look blocky. Set at least ${range.low} kbit/s, or send a smaller picture.`;
  },

  bitrate_high: ({ health, sinceStartMs }) => {
    const range = bitrateRange(health);
    if (!range || sinceStartMs < SETTLED_MS || health.bitrateKbps <= range.high) return null;
    return `${health.bitrateKbps} kbit/s is more than ${range.size} can use and makes stalls likely. Set ${range.high} kbit/s or less.`;
  },

  keyframe_interval_long: ({ health, sinceKeyMs }) => {
    // Browsers send key frames only when asked: we ask, there is nothing to set.
    if (health.protocol === 'whip') return null;
    const seconds = Math.max(health.keyframeIntervalSeconds ?? 0, (sinceKeyMs ?? 0) / 1000);
    return seconds <= MAX_KEY_SECONDS + 0.05
      ? null
      : `Key frames are ${seconds.toFixed(1)} s apart: after an interruption viewers wait that long. Set the keyframe interval to 2 s (1 s is better still).`;
  },

  keyframe_missing: ({ health, sinceKeyMs, sinceStartMs, sinceVideoMs }) =>
    health.renditions.length === 0 &&
    sinceVideoMs !== null &&
    sinceStartMs > MISSING_MS &&
    (sinceKeyMs ?? 0) > MISSING_MS
      ? 'No key frame has come yet, so the picture cannot be shown. Set the keyframe interval of your encoder to 2 s.'
      : null,

  variable_frame_rate: ({ frameSteps, sinceStartMs }) =>
    frameSteps && sinceStartMs > SETTLED_MS && frameSteps.longestMs > frameSteps.medianMs * 1.7 + 4
      ? `Pictures come between ${Math.round(frameSteps.shortestMs)} and ${Math.round(frameSteps.longestMs)} ms apart: motion will stutter. Set a constant frame rate, and check that the computer keeps up.`
      : null,

  b_frames_on_whip: ({ health, hasBFrames }) =>
    health.protocol === 'whip' && hasBFrames
      ? 'Your encoder sends B-frames, which WebRTC cannot show in order. Set B-frames to 0.'
      : null,

  packet_loss: ({ lossPercentLately }) =>
    lossPercentLately !== null && lossPercentLately > LOSS_PERCENT
      ? `${lossPercentLately} % of the packets are lost on the way to us. Use a cable instead of Wi-Fi, or lower the bitrate.`
      : null,

  encoder_lag: ({ health }) =>
    health.encoderLagMs > LAG_MS
      ? `The transcoder is ${(health.encoderLagMs / 1000).toFixed(1)} s behind. It lightens its work by itself; a smaller picture or 30 frames a second helps.`
      : null,

  renditions_shed: ({ shed, health }) =>
    shed > 0
      ? `The transcoder was overloaded and makes fewer qualities (${health.renditions.join(', ')}). Send a smaller picture to get all of them.`
      : null,

  frames_dropped: ({ droppedLately }) =>
    droppedLately > 0
      ? `${droppedLately} frames had to be thrown away in the last seconds. Check your connection.`
      : null,

  clock_jump: ({ sinceClockJumpMs }) =>
    sinceClockJumpMs !== null && sinceClockJumpMs < CLOCK_JUMP_SHOWN_MS
      ? "Your encoder's clock jumped, and viewers saw a short break. Restart the encoder if it happens again."
      : null,
};

function bitrateRange({ width, height }: Measurements['health']): { low: number; high: number; size: string } | null {
  if (width === null || height === null) return null;
  const shortSide = Math.min(width, height);
  const range = BITRATES.find(([side]) => shortSide >= side);
  return range ? { low: range[1], high: range[2], size: `${width}x${height}` } : null;
}
