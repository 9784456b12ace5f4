// The cursor of a list: where the page ended, as one opaque word.
import type { z } from 'zod';
import { FootlightError } from '../protocol/errors.ts';

export const writeCursor = ({ atMs, id }: { atMs: number; id: string }): string =>
  btoa(`${atMs}.${id}`).replace(/=+$/, '');

/** Opposite of `writeCursor`, for a list of what has such ids; a cursor that we did not write is the sender's mistake. */
export function readCursor<Id extends z.ZodType>(cursor: string, idSchema: Id): { atMs: number; id: z.infer<Id> } {
  const [, atMs, id] = /^(\d{1,15})\.([a-z0-9_]+)$/.exec(decoded(cursor)) ?? [];
  const parsed = idSchema.safeParse(id);
  if (atMs === undefined || !parsed.success) {
    throw new FootlightError('invalid_request', 'The cursor is not one of ours. Start again without it.', {
      issues: [{ path: 'cursor', message: 'must be a nextCursor of an earlier page' }],
    });
  }
  return { atMs: Number(atMs), id: parsed.data };
}

function decoded(cursor: string): string {
  try {
    return atob(cursor);
  } catch {
    return '';
  }
}
