// What was done about people, as their card has it: kept beside the audit log, by channel and person, for a year.
import type { PersonAct } from '../domain/chat/acts.ts';
import { type ChannelId, mintId, type UserId } from '../protocol/ids.ts';

const KEPT_MS = 365 * 24 * 3_600_000;
const SWEPT_AT_ONCE = 1000;

/** Each once, however often it comes. Who has left Footlight has no card any more. */
export async function keepActs(db: D1Database, acts: readonly PersonAct[], nowMs: number): Promise<void> {
  if (acts.length === 0) return;
  const json = JSON.stringify(acts);
  await db.batch([
    db.prepare(SWEEP).bind(nowMs - KEPT_MS),
    db.prepare(INSERT).bind(json),
    db.prepare(APPROVE).bind(json),
  ]);
}

/** One that a door has carried out. `channelId` null: everywhere. */
export async function keepAct(
  db: D1Database,
  act: Pick<PersonAct, 'userId' | 'action' | 'byId' | 'reason'> & { channelId: ChannelId | null } & Partial<
      Pick<PersonAct, 'messageId' | 'untilMs'>
    >,
  nowMs: number,
): Promise<void> {
  const id = mintId('au', crypto.getRandomValues(new Uint8Array(16)));
  await keepActs(db, [{ id, streamId: null, messageId: null, untilMs: null, atMs: nowMs, ...act }], nowMs);
}

/** What stood against somebody has been lifted. */
export async function undoBans(
  db: D1Database,
  { channelId, userId }: { channelId: ChannelId | null; userId: UserId },
  nowMs: number,
): Promise<void> {
  await db
    .prepare(
      `UPDATE person_acts SET undone_at_ms = ?3 WHERE user_id = ?1 AND channel_id IS ?2 AND action = 'ban.placed'
       AND undone_at_ms IS NULL AND (until_ms IS NULL OR until_ms > ?3)`,
    )
    .bind(userId, channelId, nowMs)
    .run();
}

/** Those that are a year old. */
export async function sweepActs(db: D1Database, nowMs: number): Promise<void> {
  await db
    .prepare(SWEEP)
    .bind(nowMs - KEPT_MS)
    .run();
}

const SWEEP = `DELETE FROM person_acts WHERE id IN (SELECT id FROM person_acts WHERE at_ms <= ?1 ORDER BY at_ms LIMIT ${SWEPT_AT_ONCE})`;

const INSERT = `
  INSERT OR IGNORE INTO person_acts (id, channel_id, user_id, action, at_ms, by_id, reason, message_id, until_ms)
  SELECT value ->> 'id',
    coalesce(value ->> 'channelId', (SELECT channel_id FROM streams WHERE id = value ->> 'streamId')),
    person.id, value ->> 'action', value ->> 'atMs',
    (SELECT id FROM users WHERE id = value ->> 'byId' AND erased_at_ms IS NULL),
    value ->> 'reason', value ->> 'messageId', value ->> 'untilMs'
  FROM json_each(?1) JOIN users AS person ON person.erased_at_ms IS NULL AND person.id =
    coalesce(value ->> 'userId', (SELECT author_id FROM messages WHERE messages.id = value ->> 'messageId'))`;

/** What was held and is approved after all. */
const APPROVE = `
  UPDATE person_acts SET undone_at_ms = approved.value ->> 'atMs' FROM json_each(?1) AS approved
  WHERE approved.value ->> 'action' = 'message.approved' AND user_id = approved.value ->> 'userId'
  AND message_id = approved.value ->> 'messageId' AND action = 'message.held'`;
