// What only moderators hear beside the queue: a line that a judge denied, and what one of them has done.
import { z } from 'zod';
import { Ban } from '../bans.ts';
import { MessageId } from '../ids.ts';
import { HeldLine } from './held.ts';
import { Author } from './message.ts';

/** Its words are kept nowhere: whoever is there reads them, and nobody afterwards. */
export const DeniedLine = HeldLine.pick({ id: true, author: true, text: true, reason: true, score: true }).extend({
  at: z.iso.datetime(),
});
export type DeniedLine = z.infer<typeof DeniedLine>;

const Named = Author.pick({ id: true, handle: true, name: true });

export const ModeratorAct = z.object({
  act: z.enum(['banned', 'lifted', 'removed', 'cleared']),
  by: Named,
  /** About whom; null: about no one person. */
  user: Named.nullable(),
  scope: z.enum(['channel', 'platform']),
  /** Of `banned`: how it stands now. */
  ban: Ban.nullable(),
  /** Of `removed`. */
  messageIds: z.array(MessageId),
  at: z.iso.datetime(),
});
export type ModeratorAct = z.infer<typeof ModeratorAct>;
