// Appeals: somebody who is banned asks for another look, and a moderator answers.
import { z } from 'zod';
import { AppealId, ChannelId } from './ids.ts';
import { Person } from './people.ts';

/** Nobody has answered for this long: the appeal lapses, the ban stands, and one may ask again. */
export const APPEAL_DAYS = 30;
/** After an answer that upholds the ban, one may ask again after this long. */
export const APPEAL_AGAIN_DAYS = 30;
/** What is closed is forgotten after this long. */
export const CLOSED_APPEAL_DAYS = 365;
/** Of one person, in the list of their own; older ones are not shown. */
export const OWN_APPEALS_LISTED = 100;

/** `POST /api/v1/channels/{id}/appeals` and `POST /api/v1/appeals`. */
export const MakeAppeal = z.object({
  text: z.string().trim().min(1).max(1000).describe('Why the ban should be lifted; moderators read it'),
});
export type MakeAppeal = z.infer<typeof MakeAppeal>;

/** `lapsed`: nobody answered in time, or the ban it was about ended, or one that its subject does not know of took its place. */
export const AppealState = z.enum(['open', 'lifted', 'upheld', 'lapsed']);
export type AppealState = z.infer<typeof AppealState>;

export const Appeal = z.object({
  id: AppealId,
  user: Person,
  channelId: ChannelId.nullable().describe('null: about a ban everywhere'),
  bannedAt: z.iso.datetime().describe('Which ban it is about'),
  text: z.string(),
  state: AppealState.describe('lapsed: nobody answered in time, or the ban ended by itself'),
  askedAt: z.iso.datetime(),
  lapsesAt: z.iso.datetime().nullable().describe('When it lapses unless somebody answers; null: it is closed'),
  closedAt: z.iso.datetime().nullable(),
  reason: z.string().nullable().describe('What the moderator answered'),
  mayAskAgainAt: z.iso.datetime().nullable().describe('null: while it is open; and where nothing forbids it'),
});
export type Appeal = z.infer<typeof Appeal>;

/** `GET .../appeals`: open ones as they came, closed ones the newest first. */
export const ListAppealsQuery = z.object({
  state: z.enum(['open', 'closed']).default('open'),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(200).optional(),
});
export type ListAppealsQuery = z.infer<typeof ListAppealsQuery>;
export const AppealPage = z.object({ appeals: z.array(Appeal), nextCursor: z.string().nullable() });
export type AppealPage = z.infer<typeof AppealPage>;

/** `GET .../appeals/mine`. */
export const OwnAppeals = z.object({
  appeals: z.array(Appeal),
  mayAsk: z.boolean().describe('The ban that stands against you may be appealed now'),
  mayAskFrom: z.iso
    .datetime()
    .nullable()
    .describe('When it may, where that is later; null: now, or not while none stands or one waits'),
});
export type OwnAppeals = z.infer<typeof OwnAppeals>;

/** `PUT .../appeals/{appealId}/answer`. */
export const AnswerAppeal = z.object({
  decision: z.enum(['lifted', 'upheld']).describe('lifted: the ban is over at once. upheld: it stands'),
  reason: z.string().trim().min(1).max(500).describe('The person who asked reads it'),
});
export type AnswerAppeal = z.infer<typeof AnswerAppeal>;

/** Where a ban of this list is appealed. */
export const appealsPath = (channelId: ChannelId | null): string =>
  channelId === null ? '/api/v1/appeals' : `/api/v1/channels/${channelId}/appeals`;
