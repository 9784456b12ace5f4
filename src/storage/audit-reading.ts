// Reads the audit log: pages by filter, with the names of the people who are still known.
import { and, asc, desc, eq, gt, lt, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/sqlite-core';
import { readJson } from '../domain/audit/read-json.ts';
import type { AuditAction } from '../protocol/audit.ts';
import { AuditFacts, type AuditProof, ChainedEntry } from '../protocol/audit-log.ts';
import type { AuditId, UserId } from '../protocol/ids.ts';
import { isMalformedJson, shelves } from './database.ts';
import { auditDetails, auditEvents, auditPeople, users } from './schema.ts';

export interface AuditFilter {
  /** A user, an app, a node or a pseudonym. */
  actor?: string | undefined;
  action?: AuditAction | undefined;
  target?: string | undefined;
  sinceMs?: number | undefined;
  untilMs?: number | undefined;
}

export interface AuditRow {
  proof: AuditProof;
  /** Where the stored content is no entry of the log, what can be said all the same; its action is `log.unreadable`. */
  entry: ChainedEntry;
  /** Null: blanked, not there, or not readable. */
  facts: AuditFacts | null;
  actor: { userId: UserId | null; name: string | null };
  target: { userId: UserId | null; name: string | null };
}

/** `after` reads up the chain, `before` down it; without either, the newest. */
export async function readAudit(
  db: D1Database,
  filter: AuditFilter,
  { limit, ...from }: { limit: number; before?: number | undefined } | { limit: number; after: number },
): Promise<AuditRow[]> {
  const isUp = 'after' in from;
  const edge = isUp
    ? gt(auditEvents.seq, from.after)
    : from.before === undefined
      ? undefined
      : lt(auditEvents.seq, from.before);
  const query = (of: (part: SQL) => SQL) =>
    select(db)
      .where(and(...conditions(filter, of), edge))
      .orderBy(isUp ? asc(auditEvents.seq) : desc(auditEvents.seq))
      .limit(limit);
  // By the indexes; where one is gone and a row is no JSON any more, without them.
  const rows = await query((part) => part).catch((error) => {
    if (!isMalformedJson(error)) throw error;
    return query(ofReadable);
  });
  return rows.map(toRow);
}

// As the indexes have them; they keep what is no JSON out for as long as they are there.
const ACTOR = sql`json_extract(${auditEvents.entry}, '$.actor.id')`;
const ACTION = sql`json_extract(${auditEvents.entry}, '$.action')`;
const TARGET = sql`json_extract(${auditEvents.entry}, '$.target.id')`;
const AT_MS = sql`json_extract(${auditEvents.entry}, '$.atMs')`;

const conditions = (
  { actor, action, target, sinceMs, untilMs }: AuditFilter,
  of: (part: SQL) => SQL,
): (SQL | undefined)[] => [
  actor === undefined ? undefined : sql`${of(ACTOR)} IN (${actor}, ${pseudonymOf(actor)})`,
  action && sql`${of(ACTION)} = ${action}`,
  target === undefined ? undefined : sql`${of(TARGET)} IN (${target}, ${pseudonymOf(target)})`,
  sinceMs === undefined ? undefined : sql`${of(AT_MS)} >= ${sinceMs}`,
  untilMs === undefined ? undefined : sql`${of(AT_MS)} < ${untilMs}`,
];

const pseudonymOf = (userId: string): SQL => sql`(SELECT pseudonym FROM audit_people WHERE user_id = ${userId})`;

/** Of what is no JSON, null: one row that was tampered with must not keep the others from being read. */
const ofReadable = (part: SQL): SQL => sql`CASE WHEN json_valid(${auditEvents.entry}) THEN ${part} END`;

const actorPerson = alias(auditPeople, 'actor_person');
const actorUser = alias(users, 'actor_user');
const targetPerson = alias(auditPeople, 'target_person');
const targetUser = alias(users, 'target_user');

const select = (db: D1Database) =>
  shelves(db)
    .select({
      event: auditEvents,
      details: auditDetails,
      actorId: actorPerson.userId,
      actorName: actorUser.name,
      targetId: targetPerson.userId,
      targetName: targetUser.name,
    })
    .from(auditEvents)
    .leftJoin(auditDetails, eq(auditDetails.entryId, auditEvents.id))
    .leftJoin(actorPerson, eq(actorPerson.pseudonym, ofReadable(ACTOR)))
    .leftJoin(actorUser, eq(actorUser.id, actorPerson.userId))
    .leftJoin(targetPerson, eq(targetPerson.pseudonym, ofReadable(TARGET)))
    .leftJoin(targetUser, eq(targetUser.id, targetPerson.userId))
    .$dynamic();

type Selected = Awaited<ReturnType<typeof select>>[number];

function toRow({ event, details, actorId, actorName, targetId, targetName }: Selected): AuditRow {
  const { id, seq } = event;
  const [entry, prevHash, hash] = [event.entry, event.prevHash, event.hash].map(asText) as [string, string, string];
  const [salt, facts, erasedBy] = [details?.salt, details?.facts, details?.erasedBy].map((text) =>
    text == null ? null : asText(text),
  ) as [string | null, string | null, string | null];
  return {
    proof: { seq, entry, prevHash, hash, salt, facts, erasedBy, hasDetails: details !== null },
    entry: readJson(ChainedEntry, entry) ?? unreadable(id, seq),
    facts: facts === null ? null : readJson(AuditFacts, facts),
    actor: { userId: actorId, name: actorName },
    target: { userId: targetId, name: targetName },
  };
}

/** SQLite keeps bytes in a column of text, too, and hands them over as they are. */
const asText = (stored: unknown): string => (typeof stored === 'string' ? stored : JSON.stringify(stored));

const unreadable = (id: AuditId, seq: number): ChainedEntry => ({
  id,
  seq,
  atMs: 0,
  actor: { kind: 'system', id: null, appId: null },
  action: 'log.unreadable',
  target: null,
  facts: '',
});
