// How lines are judged on a channel: how strictly, what follows from links, and words of its own.
import { z } from 'zod';

export const OwnWord = z.object({
  text: z
    .string()
    .trim()
    .min(2)
    .max(60)
    .describe('A word or phrase, found however it is written; * at an edge: the word may go on there'),
  action: z.enum(['mask', 'hold', 'deny']),
});
export type OwnWord = z.infer<typeof OwnWord>;

export const WORDS_MAX = 1000;
export const ALLOWED_SITES_MAX = 100;
const words = z.array(OwnWord).max(WORDS_MAX).describe('Seen by moderators only');

/** `GET` and `PUT /api/v1/channels/{id}/rules`. */
export const ChannelRules = z.object({
  strictness: z.enum(['relaxed', 'standard', 'strict']),
  links: z
    .enum(['allow', 'hold', 'deny'])
    .nullable()
    .describe('What follows from a link to a site that is not allowed; null: what the strictness says'),
  allowedSites: z
    .array(
      z
        .string()
        .trim()
        .toLowerCase()
        .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'must be a domain such as example.com')
        .max(100),
    )
    .max(ALLOWED_SITES_MAX)
    .describe('With what stands below them'),
  words,
  whenModelIsDown: z
    .enum(['allow', 'hold'])
    .default('allow')
    .describe(
      'What holds for a line that the rules doubt while the model does not answer. allow: what the rules say. hold: it waits for a moderator',
    ),
});
export type ChannelRules = z.infer<typeof ChannelRules>;

export const STANDARD_RULES: ChannelRules = {
  strictness: 'standard',
  links: null,
  allowedSites: [],
  words: [],
  whenModelIsDown: 'allow',
};

/** `GET` and `PUT /api/v1/rules`: for every channel. */
export const PlatformRules = z.object({ words });
export type PlatformRules = z.infer<typeof PlatformRules>;
