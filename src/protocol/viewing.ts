// The words of coming in to a gated stream: passwords, invitations, and the viewing pass that travels in its URLs.
import { z } from 'zod';
import { ChannelId, StreamId } from './ids.ts';
import { PASS_PARAMETER } from './paths.ts';
import { Handle, Person } from './people.ts';

/** A URL that leaks is of use for no longer. */
export const PASS_SECONDS = 600;

export const StreamPassword = z.string().min(4).max(128);

/** A stream, or a channel, which means its newest stream. */
export const PlayableId = z.union([StreamId, ChannelId]);

export const AskForPass = z.object({
  password: z
    .string()
    .max(128)
    .optional()
    .describe('Of a stream with a password; whoever keeps the channel needs none'),
});
export const ViewingPass = z.object({
  pass: z.string().describe(`Goes into the query of every URL of the stream as \`${PASS_PARAMETER}\``),
  expiresAt: z.iso.datetime().describe('Ask for a new one before then'),
  streamId: StreamId,
});
export type ViewingPass = z.infer<typeof ViewingPass>;

export const Member = z.object({ user: Person, invitedAt: z.iso.datetime() });
export type Member = z.infer<typeof Member>;
export const MemberList = z.object({ members: z.array(Member) });
/** In a path: the handle of a person, or their id. */
export const MemberName = Handle;
