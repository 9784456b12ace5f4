// A message: what is sent, and how everybody sees it.
import { z } from 'zod';
import { MessageId, StreamId, UserId } from '../ids.ts';
import { MessageText } from './text.ts';

/** What somebody is in a room beyond a viewer: their badges, lowest first. */
export const RoomRole = z.enum(['vip', 'channel_moderator', 'owner', 'moderator', 'admin']);
export type RoomRole = z.infer<typeof RoomRole>;

export const Author = z.object({
  id: UserId,
  handle: z.string(),
  name: z.string(),
  roles: z.array(RoomRole).describe('What the author was in this room when it was said'),
});
export type Author = z.infer<typeof Author>;

/** Programme time: the EXT-X-PROGRAM-DATE-TIME of the picture that its sender saw, Unix ms. */
export const MediaTimeMs = z.number().int().min(0).max(8_640_000_000_000_000);

/** The sender's own name for a message; sending it again under the same name says it once. */
export const ClientId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, dashes');

export const ReplyTo = z.object({
  id: MessageId,
  author: z.object({ id: UserId, handle: z.string(), name: z.string() }).nullable(),
  text: z.string().describe('The beginning of it'),
});
export type ReplyTo = z.infer<typeof ReplyTo>;

export const Message = z.object({
  id: MessageId,
  streamId: StreamId,
  seq: z.number().int().nullable().describe("Its place in the room's one order; null: from before there was one"),
  author: Author.nullable().describe('null: somebody who left Footlight'),
  text: z.string(),
  sentAt: z.iso.datetime(),
  mediaTimeMs: z
    .number()
    .int()
    .nullable()
    .describe('What its sender was watching: programme time in Unix ms; null: they did not say'),
  replyTo: ReplyTo.nullable(),
  mentions: z.array(z.string()).describe('Handles that it names, in lower case'),
  isAnnouncement: z.literal(true).optional().describe('In the history: said to everybody, as an `announcement`'),
});
export type Message = z.infer<typeof Message>;

/** `POST /api/v1/streams/{id}/chat`. */
export const SendMessage = z.object({
  text: MessageText,
  clientId: ClientId.optional().describe('Your own name for it: sent again under this name, it is said once'),
  replyTo: MessageId.optional(),
  mediaTimeMs: MediaTimeMs.optional().describe('The programme time of the picture that you see, Unix ms'),
});
export type SendMessage = z.infer<typeof SendMessage>;

const RANGE_MEANS =
  'From this moment of the programme on (Unix ms): in its order, the earliest first. A message belongs to the picture that its sender saw, or to the moment of sending where they did not say';

export const ListMessagesQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(200).optional(),
  fromMediaMs: z.coerce.number().int().min(0).optional().describe(RANGE_MEANS),
  toMediaMs: z.coerce.number().int().min(0).optional().describe('Up to, and without, this moment of the programme'),
});
export type ListMessagesQuery = z.infer<typeof ListMessagesQuery>;

export const MessagePage = z.object({ messages: z.array(Message), nextCursor: z.string().nullable() });
export type MessagePage = z.infer<typeof MessagePage>;
