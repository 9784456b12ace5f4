// The words of a room: what somebody says, and how it is read again.
import { z } from 'zod';
import { MessageId, StreamId, UserId } from './ids.ts';

/** As people count: a flag or a family is one. */
export const MESSAGE_CHARACTERS_MAX = 500;
/** A family is 11 code units long; beyond this a text is no message, however few characters it draws. */
const MESSAGE_UNITS_MAX = 12 * MESSAGE_CHARACTERS_MAX;

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Stops counting at `max`: a longer text costs no more. */
function hasAtMost(max: number, text: string): boolean {
  let count = 0;
  for (const _character of segmenter.segment(text)) if (++count > max) return false;
  return true;
}

/** Spaces, marks of direction and joiners alone draw nothing. */
const VISIBLE = /[^\s\p{C}\p{M}\p{Z}\u115f\u1160\u3164\uffa0\u2800]/u;

export const MessageText = z
  .string()
  .trim()
  .min(1)
  .max(MESSAGE_UNITS_MAX)
  .refine((text) => VISIBLE.test(text), 'must have something to see')
  .refine((text) => hasAtMost(MESSAGE_CHARACTERS_MAX, text), `must have at most ${MESSAGE_CHARACTERS_MAX} characters`)
  .describe(`Up to ${MESSAGE_CHARACTERS_MAX} characters as people count them`);

export const SendMessage = z.object({ text: MessageText });
export type SendMessage = z.infer<typeof SendMessage>;

export const Message = z.object({
  id: MessageId,
  streamId: StreamId,
  author: z
    .object({ id: UserId, handle: z.string(), name: z.string() })
    .nullable()
    .describe('null: somebody who left Footlight'),
  text: z.string(),
  sentAt: z.iso.datetime(),
});
export type Message = z.infer<typeof Message>;

export const ListMessagesQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(200).optional(),
});
export type ListMessagesQuery = z.infer<typeof ListMessagesQuery>;

export const MessagePage = z.object({ messages: z.array(Message), nextCursor: z.string().nullable() });
export type MessagePage = z.infer<typeof MessagePage>;
