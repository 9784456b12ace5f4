// What a watch page and a studio page follow while they are open.
import { z } from 'zod';
import { Stream } from './api.ts';
import { VIEWERS_MEANS } from './chat/viewers.ts';
import { Health } from './health.ts';
import { ChannelId } from './ids.ts';

/** `GET /live/{id}/state`, id being a stream or a channel: everything a watch page needs, cacheable for a second. */
export const WatchState = z.object({
  channelId: ChannelId,
  channelName: z.string(),
  stream: Stream.nullable().describe("The channel's newest stream; null before its first"),
  viewers: z.number().int().describe(VIEWERS_MEANS),
  serverTimeMs: z.number().describe('Unix time at the edge when this was answered'),
});
export type WatchState = z.infer<typeof WatchState>;

/** `GET /api/v1/streams/{id}/health`, for its owner. */
export const HealthReport = z.object({
  state: z.enum(['waiting', 'live', 'interrupted', 'ended']),
  health: Health.nullable().describe('null while no encoder is connected'),
  viewersWaiting: z.number().int().describe('Requests held at the origin at this moment'),
});
export type HealthReport = z.infer<typeof HealthReport>;
