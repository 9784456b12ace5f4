// The way of an entry to the audit log: the queue, and a shelf for what the queue refuses or gives up on.
import { asc, count, inArray, isNull, sql } from 'drizzle-orm';
import { AuditEntry } from '../protocol/audit.ts';
import { APPEND_MAX } from './audit-log.ts';
import { shelves } from './database.ts';
import { auditPending } from './schema.ts';

/** Never throws: what somebody did is not undone because its trace could not be sent. */
export async function leaveTrace({ AUDIT, DB }: Pick<Env, 'AUDIT' | 'DB'>, entry: AuditEntry): Promise<void> {
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
  const rows = JSON.stringify(pending.map((one) => ({ ...one, body: JSON.stringify(one.body) ?? 'null' })));
  await shelves(db).run(sql`
    INSERT OR IGNORE INTO audit_pending (id, body, problem, kept_at_ms)
    SELECT value ->> 'id', value ->> 'body', value ->> 'problem', ${nowMs} FROM json_each(${rows})`);
}

/** What waits to be chained, oldest first, at most APPEND_MAX entries. */
export async function listWaiting(db: D1Database): Promise<AuditEntry[]> {
  const rows = await shelves(db)
    .select({ body: auditPending.body })
    .from(auditPending)
    .where(isNull(auditPending.problem))
    .orderBy(asc(auditPending.keptAtMs), asc(sql`rowid`))
    .limit(APPEND_MAX);
  return rows.map(({ body }) => AuditEntry.parse(JSON.parse(body)));
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
