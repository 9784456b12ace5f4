// The way of an entry to the audit log: the queue, and a shelf for what the queue refuses or gives up on.
import { asc, count, eq, inArray, isNull, sql } from 'drizzle-orm';
import { inBatches, withinBounds } from '../domain/audit/bounds.ts';
import { AuditEntry } from '../protocol/audit.ts';
import { APPEND_MAX } from './audit-log.ts';
import { BOUND_BYTES_MAX, bytesBound, shelves } from './database.ts';
import { auditPending } from './schema.ts';

/** More than these help nobody. */
const ISSUES_MAX = 10;

/** Never throws: what somebody did is not undone because its trace could not be sent. Texts are cut to what the log has room for. */
export async function leaveTrace({ AUDIT, DB }: Pick<Env, 'AUDIT' | 'DB'>, noted: AuditEntry): Promise<void> {
  const entry = withinBounds(noted);
  try {
    await AUDIT.send(entry);
  } catch (refusal) {
    console.error(`The audit queue refused ${entry.id}; it is kept in audit_pending.`, refusal);
    await keepPending(DB, [{ id: entry.id, body: entry, problem: null }], Date.now()).catch((error) =>
      // The log of the Worker is the last place there is.
      console.error(`Neither the audit queue nor the database took this entry: ${JSON.stringify(entry)}`, error),
    );
  }
}

/** The queue takes this many at once. */
const SEND_MAX = 100;

/** The same for many; what has come twice is chained once. */
export async function leaveTraces(env: Pick<Env, 'AUDIT' | 'DB'>, entries: readonly AuditEntry[]): Promise<void> {
  for (let from = 0; from < entries.length; from += SEND_MAX) {
    const some = entries.slice(from, from + SEND_MAX);
    try {
      await env.AUDIT.sendBatch(some.map((body) => ({ body })));
    } catch (refusal) {
      console.error(`The audit queue refused ${some.length} entries; they are kept in audit_pending.`, refusal);
      const pending = some.map((body) => ({ id: body.id, body, problem: null }));
      await keepPending(env.DB, pending, Date.now());
    }
  }
}

export interface Pending {
  id: string;
  body: unknown;
  /** Null: it only waits to be chained. */
  problem: string | null;
}

export async function keepPending(db: D1Database, pending: readonly Pending[], nowMs: number): Promise<void> {
  const rows = pending.map((one) => ({ ...one, body: JSON.stringify(one.body) ?? 'null' }));
  for (const batch of inBatches(rows, { most: APPEND_MAX, bytesMax: BOUND_BYTES_MAX, bytesOf: bytesBound })) {
    await shelves(db).run(sql`
    INSERT OR IGNORE INTO audit_pending (id, body, problem, kept_at_ms)
      SELECT value ->> 'id', value ->> 'body', value ->> 'problem', ${nowMs} FROM json_each(${JSON.stringify(batch)})`);
  }
}

/** What waits to be chained, oldest first, at most APPEND_MAX rows. `unreadable` fits the log no more. */
export async function listWaiting(db: D1Database): Promise<{ entries: AuditEntry[]; unreadable: Pending[] }> {
  const rows = await shelves(db)
    .select({ id: auditPending.id, body: auditPending.body })
    .from(auditPending)
    .where(isNull(auditPending.problem))
    .orderBy(asc(auditPending.keptAtMs), asc(sql`rowid`))
    .limit(APPEND_MAX);
  const read = rows.map(({ id, body }) => readEntry(id, parsed(body)));
  return {
    entries: read.flatMap(({ entry }) => entry ?? []),
    unreadable: read.flatMap(({ pending }) => pending ?? []),
  };
}

/** They stay as they are and wait no more: somebody has to look. */
export async function setAside(db: D1Database, unreadable: readonly Pending[]): Promise<void> {
  for (const { id, problem } of unreadable)
    await shelves(db).update(auditPending).set({ problem }).where(eq(auditPending.id, id));
}

export type ReadEntry = { entry: AuditEntry; pending: null } | { entry: null; pending: Pending };

/** An entry, or what keeps it from being one. */
export function readEntry(id: string, body: unknown): ReadEntry {
  const { data, error } = AuditEntry.safeParse(body);
  if (data) return { entry: data, pending: null };
  const issues = error.issues.slice(0, ISSUES_MAX).map(({ path, message }) => `${path.join('.')}: ${message}`);
  return { entry: null, pending: { id, body, problem: `It is no audit entry: ${issues.join('; ')}` } };
}

/** What is no JSON is no entry either. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

export async function dropPending(db: D1Database, ids: readonly string[]): Promise<void> {
  await shelves(db)
    .delete(auditPending)
    .where(inArray(auditPending.id, [...ids]));
}

/** `waiting` are chained by themselves; `unreadable` need somebody to look. */
export async function countPending(db: D1Database): Promise<{ waiting: number; unreadable: number }> {
  const rows = await shelves(db)
    .select({ isWaiting: sql<number>`problem IS NULL`, rows: count() })
    .from(auditPending)
    .groupBy(sql`problem IS NULL`);
  const of = (isWaiting: number) => rows.find((row) => row.isWaiting === isWaiting)?.rows ?? 0;
  return { waiting: of(1), unreadable: of(0) };
}
