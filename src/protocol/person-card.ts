// The card of a person on a channel, as its moderators see it: who they are there, what was done about them, what is noted.
import { z } from 'zod';
import { AuditAction } from './audit.ts';
import { Ban } from './bans.ts';
import { RoomRole } from './chat/message.ts';
import { AuditId, MessageId, NoteId, StreamId } from './ids.ts';
import { Person } from './people.ts';

export const CARD_ACTS = 50;
export const CARD_MESSAGES = 50;

/** `POST /api/v1/channels/{id}/people/{userId}/notes`. */
export const WriteNote = z.object({ text: z.string().trim().min(1).max(1000) });

export const Note = z.object({
  id: NoteId,
  text: z.string(),
  author: Person.nullable().describe('null: somebody who left Footlight'),
  writtenAt: z.iso.datetime(),
});
export type Note = z.infer<typeof Note>;

export const Suspicion = z.object({
  kind: z.string().describe('new_account, often_stopped, reported, banned_network; others may come'),
  words: z.string().describe('The same for people to read'),
  count: z.number().int().nullable().describe('How often, where it is counted'),
});
export type Suspicion = z.infer<typeof Suspicion>;

export const ActAbout = z.object({
  id: AuditId,
  action: AuditAction,
  at: z.iso.datetime(),
  by: Person.nullable().describe('null: the room or a judge by itself, or somebody who left'),
  isEverywhere: z.boolean().describe('By moderators of the platform, for every channel'),
  reason: z.string().nullable(),
  messageId: MessageId.nullable(),
  until: z.iso.datetime().nullable().describe('Of a ban that ends by itself'),
  undoneAt: z.iso.datetime().nullable().describe('Lifted, or approved after all'),
});
export type ActAbout = z.infer<typeof ActAbout>;

export const CardMessage = z.object({
  id: MessageId,
  streamId: StreamId,
  text: z.string(),
  sentAt: z.iso.datetime(),
  mediaTimeMs: z.number().int().nullable(),
  isRemoved: z.boolean(),
});
export type CardMessage = z.infer<typeof CardMessage>;

export const CardCounts = z.object({
  messages: z.number().int().describe('Said on this channel, among the newest 5000 that they said anywhere'),
  removed: z.number().int().describe('Of these, by moderators'),
  held: z.number().int(),
  denied: z.number().int(),
  timeouts: z.number().int(),
  bans: z.number().int(),
});
export type CardCounts = z.infer<typeof CardCounts>;

/** `GET /api/v1/channels/{id}/people/{userId}`. */
export const PersonCard = z.object({
  user: Person.extend({ createdAt: z.iso.datetime().describe('When the account was made') }),
  roles: z.array(RoomRole).describe('On this channel, beyond a viewer'),
  followedAt: z.iso.datetime().nullable(),
  bans: z.array(Ban).describe('What stands against them, on the channel and everywhere'),
  suspicions: z.array(Suspicion),
  counts: CardCounts.describe('Within a year'),
  acts: z.array(ActAbout).describe(`What was done about them, the newest first, up to ${CARD_ACTS}`),
  messages: z.array(CardMessage).describe(`What they said on this channel, the newest first, up to ${CARD_MESSAGES}`),
  notes: z.array(Note).describe('The newest first'),
});
export type PersonCard = z.infer<typeof PersonCard>;
