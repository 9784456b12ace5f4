// What the broadcaster sees of a running stream, made by the transcoder once a second (FEATURES L1).
import { z } from 'zod';

export const HealthWarning = z.object({
  code: z.enum([
    'bitrate_low',
    'bitrate_high',
    'keyframe_interval_long',
    'keyframe_missing',
    'variable_frame_rate',
    'b_frames_on_whip',
    'audio_missing',
    'audio_silent',
    'video_missing',
    'packet_loss',
    'encoder_lag',
    'renditions_shed',
    'frames_dropped',
    'clock_jump',
  ]),
  advice: z.string().describe('What is wrong and what to do, in plain words'),
});
export type HealthWarning = z.infer<typeof HealthWarning>;

export const Health = z.object({
  atMs: z.number().describe('Unix time of the sample'),
  protocol: z.enum(['rtmp', 'whip']),
  videoCodec: z.string().nullable(),
  audioCodec: z.string().nullable(),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  bitrateKbps: z.number(),
  fps: z.number(),
  keyframeIntervalSeconds: z.number().nullable(),
  packetLossPercent: z.number().nullable().describe('WHIP only'),
  roundTripMs: z.number().nullable().describe('WHIP only'),
  droppedFrames: z.number().int().describe('Frames we had to throw away since the session began'),
  encoderLagMs: z.number().describe('How far the newest part is behind the newest source frame'),
  audioVideoSkewMs: z.number().nullable(),
  renditions: z.array(z.string()),
  passthrough: z.boolean().describe('The top rendition is the source itself'),
  warnings: z.array(HealthWarning),
});
export type Health = z.infer<typeof Health>;
