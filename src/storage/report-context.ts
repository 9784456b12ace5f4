// What was said around a message, as a report keeps it: also what has been removed since.

import type { MessageId, StreamId, UserId } from '../protocol/ids.ts';
import { CONTEXT_LINES } from '../protocol/reports.ts';

/** A line of a report, as it is stored; names are looked up when somebody reads it. */
export interface KeptLine {
  id: MessageId;
  /** Null: somebody who left Footlight. */
  authorId: UserId | null;
  text: string;
  sentAtMs: number;
  mediaTimeMs: number | null;
  isRemoved: boolean;
}

/** In UTF-16 units: any message that people write, and none that is only long in bytes. */
const TEXT_MAX = 2000;
const CUT = '…';

/** Null: it was never said in this stream. */
export async function findSaid(db: D1Database, at: { streamId: StreamId; id: MessageId }): Promise<KeptLine | null> {
  const row = await db.prepare(`${SELECT} WHERE id = ?1 AND stream_id = ?2`).bind(at.id, at.streamId).first<Row>();
  return row && toLine(row);
}

/** The line, up to CONTEXT_LINES before it and as many after it, the oldest first. */
export async function linesAround(db: D1Database, streamId: StreamId, line: KeptLine): Promise<KeptLine[]> {
  const from = [streamId, line.sentAtMs, line.id, CONTEXT_LINES] as const;
  const [before, after] = await db.batch<Row>([
    db.prepare(`${BESIDE} < (?2, ?3) ORDER BY sent_at_ms DESC, id DESC LIMIT ?4`).bind(...from),
    db.prepare(`${BESIDE} > (?2, ?3) ORDER BY sent_at_ms, id LIMIT ?4`).bind(...from),
  ]);
  return [...(before?.results ?? []).map(toLine).reverse(), line, ...(after?.results ?? []).map(toLine)];
}

const SELECT = 'SELECT id, author_id, text, sent_at_ms, media_time_ms, removed_at_ms FROM messages';
const BESIDE = `${SELECT} WHERE stream_id = ?1 AND (sent_at_ms, id)`;

interface Row {
  id: MessageId;
  author_id: UserId | null;
  text: string;
  sent_at_ms: number;
  media_time_ms: number | null;
  removed_at_ms: number | null;
}

const toLine = (row: Row): KeptLine => ({
  id: row.id,
  authorId: row.author_id,
  text: row.text.length <= TEXT_MAX ? row.text : row.text.slice(0, TEXT_MAX).replace(/[\uD800-\uDBFF]$/, '') + CUT,
  sentAtMs: row.sent_at_ms,
  mediaTimeMs: row.media_time_ms,
  isRemoved: row.removed_at_ms !== null,
});
