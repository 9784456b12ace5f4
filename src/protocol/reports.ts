// Reports: a message that people complain about, with what was said around it, and what moderators make of it.
import { z } from 'zod';
import { ChannelId, MessageId, ReportId, StreamId } from './ids.ts';
import { Person } from './people.ts';

/** Lines that a report keeps before its message, and as many after it. */
export const CONTEXT_LINES = 20;
/** Unanswered for longer, a report goes to the moderators of the platform as well. */
export const ESCALATED_AFTER_HOURS = 24;
/** Of what people say about one message, a list shows the newest. */
export const COMPLAINTS_SHOWN = 20;

export const ReportReason = z.enum(['spam', 'harassment', 'hate', 'sexual', 'threat', 'self_harm', 'scam', 'other']);
export type ReportReason = z.infer<typeof ReportReason>;

/** `POST /api/v1/streams/{id}/chat/{messageId}/reports`. */
export const MakeReport = z.object({
  reason: ReportReason,
  text: z.string().trim().min(1).max(500).optional().describe('In your own words, for the moderators'),
});
export type MakeReport = z.infer<typeof MakeReport>;

/** What the person who complains is shown of it. */
export const ReportMade = z.object({
  id: ReportId,
  messageId: MessageId,
  reason: ReportReason,
  text: z.string().nullable(),
  at: z.iso.datetime(),
});
export type ReportMade = z.infer<typeof ReportMade>;

/** As it was when it was reported; it stays when the message is removed. */
export const ReportedLine = z.object({
  id: MessageId,
  author: Person.nullable().describe('null: somebody who left Footlight'),
  text: z.string(),
  sentAt: z.iso.datetime(),
  mediaTimeMs: z.number().int().nullable().describe('What its sender was watching: programme time in Unix ms'),
  isRemoved: z.boolean().describe('Was it removed before it was reported?'),
});
export type ReportedLine = z.infer<typeof ReportedLine>;

export const Complaint = z.object({
  reason: ReportReason,
  text: z.string().nullable(),
  at: z.iso.datetime(),
  by: Person.nullable().describe(
    'Shown to moderators of the platform, so that nobody is afraid of those of a channel; null also where they have left',
  ),
});
export type Complaint = z.infer<typeof Complaint>;

export const ReportOutcome = z.enum(['acted', 'dismissed']);
export type ReportOutcome = z.infer<typeof ReportOutcome>;

export const ReportAnswer = z.object({
  outcome: ReportOutcome,
  note: z.string().nullable(),
  by: Person.nullable().describe('null: somebody who left Footlight'),
  at: z.iso.datetime(),
});
export type ReportAnswer = z.infer<typeof ReportAnswer>;

export const Report = z.object({
  id: ReportId,
  channelId: ChannelId,
  streamId: StreamId,
  messageId: MessageId,
  author: Person.nullable().describe('Of the message; null: somebody who left Footlight'),
  mediaTimeMs: z.number().int().nullable().describe('Where in the stream: programme time in Unix ms; null: not known'),
  context: z
    .array(ReportedLine)
    .describe(`The message, up to ${CONTEXT_LINES} before and ${CONTEXT_LINES} after it, the oldest first`),
  count: z.number().int().describe('People who complain about it'),
  complaints: z.array(Complaint).describe(`What they say, the newest first, up to ${COMPLAINTS_SHOWN}`),
  reportedAt: z.iso.datetime().describe('By the first of them'),
  isEscalated: z.boolean().describe(`Nobody has answered within ${ESCALATED_AFTER_HOURS} hours`),
  answer: ReportAnswer.nullable(),
});
export type Report = z.infer<typeof Report>;

/** `GET /api/v1/channels/{id}/reports`. */
export const ListReportsQuery = z.object({
  state: z.enum(['open', 'closed']).default('open'),
  limit: z.coerce.number().int().min(1).max(30).default(20),
  cursor: z.string().max(200).optional(),
});
export type ListReportsQuery = z.infer<typeof ListReportsQuery>;

/** `GET /api/v1/reports`. */
export const ListAllReportsQuery = ListReportsQuery.extend({
  escalated: z.stringbool().default(false).describe('Only open ones that nobody has answered in time'),
});

export const ReportPage = z.object({ reports: z.array(Report), nextCursor: z.string().nullable() });
export type ReportPage = z.infer<typeof ReportPage>;

/** `PUT .../reports/{reportId}/answer`. */
export const AnswerReport = z.object({
  outcome: ReportOutcome,
  note: z.string().trim().min(1).max(500).optional().describe('For moderators and the audit log'),
});
export type AnswerReport = z.infer<typeof AnswerReport>;

/** What moderators in a room hear of reports on its channel: `reported` of docs/protocol.md. */
export const ReportNotice = z.object({
  reportId: ReportId,
  streamId: StreamId,
  messageId: MessageId,
  state: z.enum(['open', 'closed']),
  /** People who complain about this message. */
  count: z.number().int(),
  /** Reports of the channel that nobody has answered. */
  open: z.number().int(),
});
export type ReportNotice = z.infer<typeof ReportNotice>;
