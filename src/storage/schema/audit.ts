// The tables of the audit log.
import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { AuditId, ErasureId, Pseudonym, UserId } from '../../protocol/ids.ts';

/** Triggers refuse every UPDATE and DELETE. */
export const auditEvents = sqliteTable(
  'audit_events',
  {
    id: text().$type<AuditId>().primaryKey(),
    seq: integer().notNull(),
    /** Canonical JSON of a ChainedEntry. */
    entry: text().notNull(),
    prevHash: text('prev_hash').notNull(),
    hash: text().notNull(),
  },
  (table) => [
    uniqueIndex('audit_events_by_seq').on(table.seq),
    index('audit_events_by_actor').on(sql`json_extract(entry, '$.actor.id')`, table.seq),
    index('audit_events_by_action').on(sql`json_extract(entry, '$.action')`, table.seq),
    index('audit_events_by_target').on(sql`json_extract(entry, '$.target.id')`, table.seq),
    index('audit_events_by_time').on(sql`json_extract(entry, '$.atMs')`, table.seq),
  ],
);

/** Beside the chain: what an erasure may blank. Triggers refuse every other change. */
export const auditDetails = sqliteTable(
  'audit_details',
  {
    entryId: text('entry_id').$type<AuditId>().primaryKey(),
    salt: text(),
    /** Canonical JSON of AuditFacts; null: blanked by `erasedBy`. */
    facts: text(),
    erasedBy: text('erased_by').$type<ErasureId>(),
  },
  (table) => [index('audit_details_by_erasure').on(table.erasedBy).where(sql`erased_by is not null`)],
);

export const auditPeople = sqliteTable(
  'audit_people',
  {
    userId: text('user_id').$type<UserId>().primaryKey(),
    pseudonym: text().$type<Pseudonym>().notNull(),
  },
  (table) => [uniqueIndex('audit_people_by_pseudonym').on(table.pseudonym)],
);

/** What the queue refused or gave up on; `problem` is null when it only waits to be chained. */
export const auditPending = sqliteTable(
  'audit_pending',
  {
    id: text().primaryKey(),
    body: text().notNull(),
    problem: text(),
    keptAtMs: integer('kept_at_ms').notNull(),
  },
  (table) => [index('audit_pending_waiting').on(table.keptAtMs).where(sql`problem is null`)],
);
