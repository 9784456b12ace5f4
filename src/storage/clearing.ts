// Takes away all that was said in a stream up to a number, in portions: one statement over a long stream is more than the database takes.
import type { StreamId } from '../protocol/ids.ts';

/** All of a stream that was said up to this number is gone. */
export interface Clearing {
  streamId: StreamId;
  upToSeq: number;
  atMs: number;
}

/** Of messages, whether they are to go or not: each is looked at once. */
const PORTION = 5000;

const END = `
  SELECT sent_at_ms AS atMs, id FROM messages WHERE stream_id = ?1 AND (sent_at_ms, id) > (?2, ?3)
  ORDER BY sent_at_ms, id LIMIT 1 OFFSET ${PORTION - 1}`;

const CLEAR = `
  UPDATE messages SET removed_at_ms = ?7, removed_by = 'moderator'
  WHERE stream_id = ?1 AND (sent_at_ms, id) > (?2, ?3) AND (sent_at_ms, id) <= (?4, ?5)
    AND kind IS NULL AND coalesce(seq, 0) <= ?6 AND removed_at_ms IS NULL`;

/** What was announced stays. May fail on the way: what is gone is gone, and done again it takes the rest. */
export async function clearMessages(db: D1Database, { streamId, upToSeq, atMs }: Clearing): Promise<void> {
  let from = { atMs: -1, id: '' };
  for (;;) {
    const end = await db.prepare(END).bind(streamId, from.atMs, from.id).first<typeof from>();
    const to = end ?? { atMs: Number.MAX_SAFE_INTEGER, id: '' };
    await db.prepare(CLEAR).bind(streamId, from.atMs, from.id, to.atMs, to.id, upToSeq, atMs).run();
    if (!end) return;
    from = end;
  }
}
