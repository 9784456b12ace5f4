// The shield of a channel: a saved set of stricter rules that one switch puts over every room of it, or a raid does.
import { z } from 'zod';
import { RoomSettings } from './chat/settings.ts';
import { ChannelRules } from './rules.ts';
import { Shield } from './shield-state.ts';

/** How long a moderator raises it for, unless they say otherwise. */
export const SHIELD_SECONDS = 3600;
export const SHIELD_SECONDS_MIN = 60;
export const SHIELD_SECONDS_MAX = 24 * 3600;
/** How long it is up when it raised itself; and so much longer each time, until the raid is over. */
export const TRIPPED_SHIELD_SECONDS = 900;

/** What holds beside the room's own settings and the channel's own rules: of the two, the stricter. */
export const ShieldMode = RoomSettings.pick({
  slowSeconds: true,
  followersOnlyMinutes: true,
  subscribersOnly: true,
  emoteOnly: true,
  unique: true,
  minAccountAgeMinutes: true,
})
  .extend(ChannelRules.pick({ strictness: true, links: true }).shape)
  .extend({ holdNewcomers: z.boolean().describe('Whatever a new account says waits for a moderator') });
export type ShieldMode = z.infer<typeof ShieldMode>;

/** What a shield is until somebody sets it otherwise. */
export const STANDARD_SHIELD: ShieldMode = {
  slowSeconds: 10,
  followersOnlyMinutes: 10,
  subscribersOnly: false,
  emoteOnly: false,
  unique: false,
  minAccountAgeMinutes: 60,
  strictness: 'strict',
  links: 'deny',
  holdNewcomers: true,
};

const limit = (max: number, what: string) =>
  z.number().int().min(1).max(max).nullable().describe(`${what}; null: never`);

/** More than this in one room, and its shield goes up by itself. */
export const ShieldTrips = z.object({
  joinsPerMinute: limit(100_000, 'Connections that come in'),
  messagesPerSecond: limit(1000, 'Lines that reach the judges, over 5 s'),
  deniedPerMinute: limit(10_000, 'Lines that a judge denies or holds'),
});
export type ShieldTrips = z.infer<typeof ShieldTrips>;

export const NO_TRIPS: ShieldTrips = { joinsPerMinute: null, messagesPerSecond: null, deniedPerMinute: null };

/** `GET /api/v1/channels/{id}/shield`. */
export const ChannelShield = z.object({ mode: ShieldMode, trips: ShieldTrips, shield: Shield.nullable() });
export type ChannelShield = z.infer<typeof ChannelShield>;

/** `PUT /api/v1/channels/{id}/shield`: what is left out stays as it is. */
export const SetShield = z.object({
  mode: ShieldMode.optional(),
  trips: ShieldTrips.optional(),
  on: z.boolean().optional().describe('true: raise it from now on. false: lower it'),
  seconds: z
    .number()
    .int()
    .min(SHIELD_SECONDS_MIN)
    .max(SHIELD_SECONDS_MAX)
    .default(SHIELD_SECONDS)
    .describe('For how long, when `on` is true'),
});
export type SetShield = z.infer<typeof SetShield>;
