// The cursor of a list: where the page ended, as one opaque word.
import { FootlightError } from '../protocol/errors.ts';
import { StreamId } from '../protocol/ids.ts';
import type { StreamCursor } from '../storage/streams.ts';

export const writeCursor = ({ atMs, id }: StreamCursor): string => btoa(`${atMs}.${id}`).replace(/=+$/, '');

/** Opposite of `writeCursor`; a cursor that we did not write is the sender's mistake. */
export function readCursor(cursor: string): StreamCursor {
  const [, atMs, id] = /^(\d{1,15})\.(st_[a-z0-9]+)$/.exec(decoded(cursor)) ?? [];
  const streamId = StreamId.safeParse(id);
  if (atMs === undefined || !streamId.success) {
    throw new FootlightError('invalid_request', 'The cursor is not one of ours. Start again without it.', {
      issues: [{ path: 'cursor', message: 'must be a nextCursor of an earlier page' }],
    });
  }
  return { atMs: Number(atMs), id: streamId.data };
}

function decoded(cursor: string): string {
  try {
    return atob(cursor);
  } catch {
    return '';
  }
}
