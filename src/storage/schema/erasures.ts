// The tables of what was forgotten.
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { ErasureId, StreamId } from '../../protocol/ids.ts';

/** A receipt: it says what was forgotten, and nothing of whom. */
export const erasures = sqliteTable('erasures', {
  id: text().$type<ErasureId>().primaryKey(),
  erasedAtMs: integer('erased_at_ms').notNull(),
  /** Rows by table, as a JSON object. */
  counts: text().notNull().default('{}'),
});

/** Streams whose media is still to be deleted from R2. */
export const erasedMedia = sqliteTable('erased_media', {
  streamId: text('stream_id').$type<StreamId>().primaryKey(),
  erasedAtMs: integer('erased_at_ms').notNull(),
  triedAtMs: integer('tried_at_ms'),
});
