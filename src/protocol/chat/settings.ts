// How a room is set: who may say what, how often, and when.
import { z } from 'zod';
import { StreamState } from '../api.ts';
import { MessageId } from '../ids.ts';
import { JudgeState, Shield } from '../shield-state.ts';
import { CLEAR_REASON_MAX } from './limits.ts';
import { MediaTimeMs, Message } from './message.ts';
import { MessageText } from './text.ts';

const WEEK_MINUTES = 7 * 24 * 60;
const YEAR_MINUTES = 365 * 24 * 60;

export const RoomSettings = z.object({
  slowSeconds: z.number().int().min(0).max(600).describe('Between two messages of one person; 0: off'),
  followersOnlyMinutes: z
    .number()
    .int()
    .min(0)
    .max(12 * WEEK_MINUTES)
    .nullable()
    .describe('Only who has followed the channel for this long; 0: any follower, null: off'),
  subscribersOnly: z.boolean().describe('Only vip and above, until there are subscriptions'),
  emoteOnly: z.boolean().describe('Only emoji'),
  unique: z.boolean().describe('Nothing that was said in the room before'),
  minAccountAgeMinutes: z.number().int().min(0).max(YEAR_MINUTES).describe('0: off'),
  beforeLive: z.enum(['open', 'closed']).describe('While the stream waits for its encoder'),
  afterLive: z.enum(['open', 'closed']).describe('Once the stream has ended'),
});
export type RoomSettings = z.infer<typeof RoomSettings>;

export const DEFAULT_SETTINGS: RoomSettings = {
  slowSeconds: 0,
  followersOnlyMinutes: null,
  subscribersOnly: false,
  emoteOnly: false,
  unique: false,
  minAccountAgeMinutes: 0,
  beforeLive: 'open',
  afterLive: 'closed',
};

/** `PATCH /api/v1/streams/{id}/room`. */
export const UpdateRoom = RoomSettings.partial();
export type UpdateRoom = z.infer<typeof UpdateRoom>;

/** A room as everybody may see it; `GET /api/v1/streams/{id}/room` answers it, `hello` carries it. */
export const RoomView = z.object({
  streamState: StreamState,
  isOpen: z.boolean().describe('May viewers say something now?'),
  settings: RoomSettings,
  automaticSlowSeconds: z.number().int().describe('Added by the room itself while too much is said at once; 0: none'),
  shield: Shield.nullable().describe(
    "The channel's stricter rules hold beside the settings until then; null: they do not",
  ),
  judge: JudgeState.describe('The model that is asked what the rules doubt; down: it does not answer at the moment'),
  pinned: Message.nullable(),
});
export type RoomView = z.infer<typeof RoomView>;

/** `PUT /api/v1/streams/{id}/room/pin`. */
export const PinMessage = z.object({ messageId: MessageId });

/** `POST /api/v1/streams/{id}/room/clearings`. */
export const ClearRoom = z.object({
  reason: z.string().trim().min(1).max(CLEAR_REASON_MAX).optional().describe('For the audit log'),
});
export type ClearRoom = z.infer<typeof ClearRoom>;

/** `POST /api/v1/streams/{id}/room/announcements`. */
export const MakeAnnouncement = z.object({
  text: MessageText,
  mediaTimeMs: MediaTimeMs.optional().describe('The programme time of the picture that it is about, Unix ms'),
});
export type MakeAnnouncement = z.infer<typeof MakeAnnouncement>;
