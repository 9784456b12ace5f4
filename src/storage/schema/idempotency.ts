// The table of answers that are kept for a repeat.
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const idempotencyKeys = sqliteTable(
  'idempotency_keys',
  {
    id: text().primaryKey(),
    requestHash: text('request_hash').notNull(),
    startedAtMs: integer('started_at_ms').notNull(),
    expiresAtMs: integer('expires_at_ms').notNull(),
    sealed: text(),
  },
  (table) => [index('idempotency_keys_by_expiry').on(table.expiresAtMs)],
);
