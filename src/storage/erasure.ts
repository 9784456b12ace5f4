// Forgets a person: one transaction over every table of the data map, with a receipt of what it did.
import { and, asc, eq, inArray, isNull, lt, lte, ne, or } from 'drizzle-orm';
import type { AuditEntry, Facts } from '../protocol/audit.ts';
import type { ErasureId, Pseudonym, StreamId, UserId } from '../protocol/ids.ts';
import { shelves } from './database.ts';
import { MY_CHANNELS, PERSONAL_DATA, type Share } from './personal-data.ts';
import { apps, auditPeople, channels, erasedMedia, erasures, streams } from './schema.ts';

export interface Receipt {
  id: ErasureId;
  erasedAtMs: number;
  counts: Record<string, number>;
}

/** All of it or nothing; the receipt is stored with it, and so is `signature`, which waits to be chained: the log accepts as many blank details as it signs for. */
export async function erasePerson(
  db: D1Database,
  { userId, id, nowMs, signature }: { userId: UserId; id: ErasureId; nowMs: number; signature: AuditEntry },
): Promise<{ receipt: Receipt; signed: AuditEntry }> {
  const prepare = (sql: string) => db.prepare(sql).bind(...[userId, nowMs, id].slice(0, valuesIn(sql)));
  const statements = PERSONAL_DATA.flatMap((share) => {
    const { table, gone } = share;
    const sqls = [gone === undefined ? null : `DELETE FROM ${table} WHERE ${gone}`, statementOf(share)];
    return sqls.flatMap((sql) => (sql === null ? [] : [prepare(sql), prepare(tallyOf(table))]));
  });
  await db.batch([
    prepare(`INSERT INTO erasures (id, erased_at_ms) VALUES (?3, ?2)`),
    prepare(MEDIA_OF_MINE),
    ...statements,
    db.prepare(SIGNATURE).bind(signature.id, JSON.stringify(signature), nowMs, id),
  ]);
  const receipt = await findReceipt(db, id);
  if (!receipt) throw new Error(`The erasure ${id} has no receipt.`);
  return { receipt, signed: { ...signature, after: signedFor(receipt) } };
}

const signedFor = ({ id, counts }: Receipt): Facts => ({ erasure: id, entriesBlanked: counts.audit_details ?? 0 });

/** As `signedFor` says it, by the counts of the same transaction. */
const SIGNATURE = `
  INSERT INTO audit_pending (id, body, problem, kept_at_ms)
  SELECT ?1, json_set(?2, '$.after', json_object(
    'erasure', id, 'entriesBlanked', coalesce(json_extract(counts, '$.audit_details'), 0)
  )), NULL, ?3 FROM erasures WHERE id = ?4`;

export async function findReceipt(db: D1Database, id: ErasureId): Promise<Receipt | null> {
  const [row] = await shelves(db).select().from(erasures).where(eq(erasures.id, id));
  return row ? { ...row, counts: JSON.parse(row.counts) } : null;
}

/** How the log calls the person; null: they are not in it. */
export async function findPseudonym(db: D1Database, userId: UserId): Promise<Pseudonym | null> {
  const [row] = await shelves(db).select().from(auditPeople).where(eq(auditPeople.userId, userId));
  return row?.pseudonym ?? null;
}

export async function listOpenStreams(db: D1Database, ownerIds: readonly UserId[]) {
  const { id, channelId, latency, reconnectWindowSeconds } = streams;
  return shelves(db)
    .select({ id, channelId, latency, reconnectWindowSeconds })
    .from(streams)
    .innerJoin(channels, eq(channels.id, streams.channelId))
    .where(and(inArray(channels.ownerId, [...ownerIds]), ne(streams.state, 'ended')));
}

/** A person's account, and those of their bots. */
export async function listAccountsOf(db: D1Database, userId: UserId): Promise<UserId[]> {
  const rows = await shelves(db).select({ id: apps.botId }).from(apps).where(eq(apps.ownerId, userId));
  return [userId, ...rows.flatMap(({ id }) => id ?? [])];
}

/** The stream whose media has waited longest for a try, of those that were erased up to then and not tried in this run. */
export async function takeErasedMedia(
  db: D1Database,
  { erasedUntilMs, nowMs }: { erasedUntilMs: number; nowMs: number },
): Promise<StreamId | null> {
  const { streamId, erasedAtMs, triedAtMs } = erasedMedia;
  const next = shelves(db)
    .select({ streamId })
    .from(erasedMedia)
    .where(and(lte(erasedAtMs, erasedUntilMs), or(isNull(triedAtMs), lt(triedAtMs, nowMs))))
    .orderBy(asc(triedAtMs), asc(erasedAtMs))
    .limit(1);
  const [taken] = await shelves(db)
    .update(erasedMedia)
    .set({ triedAtMs: nowMs })
    .where(inArray(streamId, next))
    .returning({ streamId });
  return taken?.streamId ?? null;
}

export async function dropErasedMedia(db: D1Database, streamId: StreamId): Promise<void> {
  await shelves(db).delete(erasedMedia).where(eq(erasedMedia.streamId, streamId));
}

const MEDIA_OF_MINE = `
  INSERT OR IGNORE INTO erased_media (stream_id, erased_at_ms)
  SELECT id, ?2 FROM streams WHERE channel_id IN (${MY_CHANNELS})`;

function statementOf({ table, mine, erased }: Share): string | null {
  if (erased === null) return null;
  return erased === 'delete' ? `DELETE FROM ${table} WHERE ${mine}` : `UPDATE ${table} SET ${erased.set} WHERE ${mine}`;
}

/** Stands right behind the statement that it counts; of two about one table it adds up. */
const tallyOf = (table: string): string =>
  `UPDATE erasures SET counts =
     json_set(counts, '$.${table}', coalesce(json_extract(counts, '$.${table}'), 0) + changes()) WHERE id = ?3`;

/** The highest of ?1, ?2, ?3 that a statement asks for. */
const valuesIn = (sql: string): number =>
  Math.max(...Array.from(sql.matchAll(/\?(\d)/g), ([, place]) => Number(place)));
