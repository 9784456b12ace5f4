// What is counted in a room, as it stands: told whole each time, so that a tally that went missing is made good by the next.
import { z } from 'zod';
import { PollId } from '../ids.ts';
import { Poll } from './polls.ts';
import { ReactionTotals } from './reactions.ts';
import { VIEWERS_MEANS } from './viewers.ts';

export const Tally = z.object({
  reactions: ReactionTotals.describe('All there have been'),
  upvotes: z.number().int().describe('Accounts that have given theirs'),
  viewers: z.number().int().describe(VIEWERS_MEANS),
  poll: Poll.nullable().describe('The newest one, open or ended; null: none, or it was taken away'),
});
export type Tally = z.infer<typeof Tally>;

/** `GET /api/v1/streams/{id}/room/tally`: with what is the asker's own of it. */
export const TallyView = Tally.extend({
  isUpvoted: z.boolean(),
  mayAsk: z.boolean().describe('May you ask polls here?'),
  vote: z.object({ pollId: PollId, option: z.number().int() }).nullable().describe('In the poll that is open'),
});
export type TallyView = z.infer<typeof TallyView>;

/** `PUT` and `DELETE /api/v1/streams/{id}/upvote`. */
export const Upvotes = z.object({ isUpvoted: z.boolean(), upvotes: z.number().int() });
export type Upvotes = z.infer<typeof Upvotes>;
