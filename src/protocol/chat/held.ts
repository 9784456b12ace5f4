// Lines that a judge holds: moderators see them, and one of them decides before anybody else does.
import { z } from 'zod';
import { MessageId, StreamId } from '../ids.ts';
import { Author, ReplyTo } from './message.ts';

/** A line waits this long for a moderator, and is dropped then. */
export const HOLD_SECONDS = 300;
/** Lines that wait in one room; a line that finds no place is refused. */
export const HELD_LINES_MAX = 200;
/** Of one person: nobody fills the queue alone. */
export const HELD_LINES_OF_ONE_MAX = 5;

export const HeldLine = z.object({
  id: MessageId.describe('What the message is called once it is approved'),
  streamId: StreamId,
  author: Author.nullable().describe('null: somebody who left Footlight'),
  text: z.string().describe('As it was written'),
  shown: z.string().describe('What everybody sees once it is approved: parts of it may be masked'),
  found: z
    .array(z.object({ from: z.number().int(), to: z.number().int() }))
    .optional()
    .describe('Where in `text` the judge found something, in UTF-16 units; empty where it is the line as a whole'),
  reason: z.string().describe('What the judge found, or why everything of its author is held'),
  score: z.number().describe('0 to 1: how sure the judge is'),
  replyTo: ReplyTo.nullable(),
  mediaTimeMs: z.number().int().nullable(),
  heldAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});
export type HeldLine = z.infer<typeof HeldLine>;

export const HeldOutcome = z.enum(['approved', 'denied', 'expired']);
export type HeldOutcome = z.infer<typeof HeldOutcome>;

/** `GET /api/v1/streams/{id}/room/held`. */
export const HeldLines = z.object({ lines: z.array(HeldLine) });

/** `PUT /api/v1/streams/{id}/room/held/{messageId}/decision`. */
export const DecideHeld = z.object({
  decision: z.enum(['approved', 'denied']),
  reason: z.string().trim().min(1).max(200).optional().describe('For the audit log'),
});
export type DecideHeld = z.infer<typeof DecideHeld>;

export const HeldDecision = z.object({
  id: MessageId,
  decision: HeldOutcome,
  by: Author.pick({ id: true, handle: true, name: true }).nullable().describe('null: nobody in time, or they left'),
  at: z.iso.datetime(),
});
export type HeldDecision = z.infer<typeof HeldDecision>;
