// A channel as those who moderate it see it: what they are there, and the stream whose room they look after.
import { z } from 'zod';
import { Stream } from './api.ts';
import { ChannelId } from './ids.ts';

/** What lets somebody moderate a channel; the highest counts. */
export const ModeratorRole = z.enum(['channel_moderator', 'owner', 'moderator', 'admin']);
export type ModeratorRole = z.infer<typeof ModeratorRole>;

/** `GET /api/v1/channels/{id}/moderation`. */
export const ModeratedChannel = z.object({
  id: ChannelId,
  name: z.string(),
  ownerName: z.string(),
  role: ModeratorRole.describe('What you are there: `moderator` and `admin` are roles on the platform'),
  currentStream: Stream.nullable().describe('The newest; its room is where the channel is moderated'),
  watchUrl: z.url(),
  moderateUrl: z.url().describe('The page for it'),
});
export type ModeratedChannel = z.infer<typeof ModeratedChannel>;

/** `GET /api/v1/users/me/channels`. */
export const ModeratedChannels = z.object({ channels: z.array(ModeratedChannel) });
