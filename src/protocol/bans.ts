// Who may say nothing on a channel, or anywhere: for a while (a timeout) or for good.
import { z } from 'zod';
import { ChannelId, UserId } from './ids.ts';

/** A timeout is at most this long; longer is for good. */
export const BAN_SECONDS_MAX = 90 * 24 * 60 * 60;

export const BAN_REASON_MAX = 200;

export const BanEffect = z
  .enum(['refuse', 'hold'])
  .describe(
    'refuse: what they say is refused, and they are told. hold: it waits for a moderator, and they see it as if it had been said',
  );
export type BanEffect = z.infer<typeof BanEffect>;

/** `PUT /api/v1/channels/{id}/bans/{userId}` and `PUT /api/v1/bans/{userId}`. */
export const PlaceBan = z.object({
  seconds: z.number().int().min(1).max(BAN_SECONDS_MAX).nullable().describe('From now on; null: for good'),
  effect: BanEffect.default('refuse'),
  reason: z.string().trim().min(1).max(BAN_REASON_MAX).optional().describe('For moderators and the audit log'),
  network: z
    .boolean()
    .default(false)
    .describe(
      'Also hold, for a moderator, what is said by other new accounts from a network or device that the person came by lately',
    ),
  removeMessages: z.boolean().default(false).describe('Remove what they have said in the rooms that are open'),
});
export type PlaceBan = z.infer<typeof PlaceBan>;

export const Ban = z.object({
  user: z.object({ id: UserId, handle: z.string(), name: z.string() }),
  channelId: ChannelId.nullable().describe('null: everywhere'),
  effect: BanEffect,
  network: z.boolean(),
  reason: z.string().nullable(),
  bannedAt: z.iso.datetime(),
  until: z.iso.datetime().nullable().describe('null: for good'),
});
export type Ban = z.infer<typeof Ban>;

export const BanList = z.object({ bans: z.array(Ban) });
