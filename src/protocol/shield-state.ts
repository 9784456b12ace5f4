// Whether the shield of a room is up, and what the judges' model is doing: what everybody may see of both.
import { z } from 'zod';

export const Shield = z.object({
  until: z.iso.datetime(),
  by: z.enum(['moderator', 'itself']).describe('itself: a raid tripped it'),
});
export type Shield = z.infer<typeof Shield>;

/** Which number tripped a shield. */
export const TripName = z.enum(['joinsPerMinute', 'messagesPerSecond', 'deniedPerMinute']);
export type TripName = z.infer<typeof TripName>;

/** `off`: no model is set up, the rules judge alone. `down`: it does not answer, and the channel's fallback holds. */
export const JudgeState = z.enum(['up', 'down', 'off']);
export type JudgeState = z.infer<typeof JudgeState>;
