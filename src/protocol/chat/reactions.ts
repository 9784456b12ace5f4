// What people may throw at a stream without words: a closed set, counted and never told one by one.
import { z } from 'zod';
import { MediaTimeMs } from './message.ts';
import { REACTION_NAMES, type ReactionName, TAPS_PER_FRAME_MAX } from './reaction-words.ts';

const kind = z.enum(REACTION_NAMES as [ReactionName, ...ReactionName[]]);

/** Since the client's last frame. */
export const ReactionCounts = z
  .partialRecord(kind, z.number().int().min(0).max(TAPS_PER_FRAME_MAX))
  .refine(
    (counts) => within(Object.values(counts)),
    `must have 1 to ${TAPS_PER_FRAME_MAX} taps in all; gather more into the next frame`,
  );
export type ReactionCounts = z.infer<typeof ReactionCounts>;

const within = (counts: readonly (number | undefined)[]): boolean => {
  const sum = counts.reduce<number>((total, count) => total + (count ?? 0), 0);
  return sum >= 1 && sum <= TAPS_PER_FRAME_MAX;
};

/** All there have been on the stream. */
export const ReactionTotals = z.record(kind, z.number().int().min(0));
export type ReactionTotals = z.infer<typeof ReactionTotals>;

export const reactFrame = { counts: ReactionCounts, mediaTimeMs: MediaTimeMs.optional() };
