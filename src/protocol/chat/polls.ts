// A poll in a room: asked by its moderators, one vote of each account, counted as it goes.
import { z } from 'zod';
import { PollId } from '../ids.ts';
import { MediaTimeMs } from './message.ts';

export const POLL_OPTIONS_MAX = 6;
export const POLL_SECONDS_MAX = 3600;
const QUESTION_CHARACTERS_MAX = 140;
const OPTION_CHARACTERS_MAX = 60;

export const Poll = z.object({
  id: PollId,
  question: z.string(),
  options: z.array(z.object({ text: z.string(), votes: z.number().int() })),
  votes: z.number().int().describe('Accounts that have voted'),
  state: z.enum(['open', 'ended']),
  mediaTimeMs: z
    .number()
    .int()
    .nullable()
    .describe('The picture that it was asked about: programme time in Unix ms; null: not said'),
  openedAt: z.iso.datetime(),
  closesAt: z.iso.datetime().describe('When it closes or has closed'),
});
export type Poll = z.infer<typeof Poll>;

const words = (max: number) => z.string().trim().min(1).max(max);

/** `POST /api/v1/streams/{id}/room/polls`. */
export const CreatePoll = z.object({
  question: words(QUESTION_CHARACTERS_MAX),
  options: z
    .array(words(OPTION_CHARACTERS_MAX))
    .min(2)
    .max(POLL_OPTIONS_MAX)
    .refine((options) => new Set(options).size === options.length, 'must differ from each other'),
  seconds: z.number().int().min(5).max(POLL_SECONDS_MAX).default(60),
  mediaTimeMs: MediaTimeMs.optional().describe('The programme time of the picture that it is about, Unix ms'),
});
export type CreatePoll = z.infer<typeof CreatePoll>;

/** `PATCH /api/v1/streams/{id}/room/polls/{pollId}`: there is only one way for a poll to change. */
export const EndPoll = z.object({ state: z.literal('ended') });

/** `PUT /api/v1/streams/{id}/room/polls/{pollId}/vote`. */
export const CastVote = z.object({
  option: z
    .number()
    .int()
    .min(0)
    .max(POLL_OPTIONS_MAX - 1)
    .describe('Its place in the list, from 0'),
});
