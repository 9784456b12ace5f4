// Blocks: neither of two people sees what the other says, whoever of them wanted it so.
import { z } from 'zod';
import { Person } from './people.ts';

/** Of those who have blocked somebody, so many are hidden from them: the newest. One's own blocks all count. */
export const HIDDEN_BY_OTHERS_MAX = 2000;

export const Block = z.object({ user: Person, blockedAt: z.iso.datetime() });
export type Block = z.infer<typeof Block>;

/** `GET /api/v1/users/me/blocks`. */
export const ListBlocksQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(200).optional(),
});
export const BlockPage = z.object({ blocks: z.array(Block), nextCursor: z.string().nullable() });
