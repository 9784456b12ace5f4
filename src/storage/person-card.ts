// The card of a person on a channel: a few looks, each of them bounded however much somebody has said.
import { and, desc, eq, isNull, or, sql } from 'drizzle-orm';
import type { AuditAction } from '../protocol/audit.ts';
import type { ChannelId, UserId } from '../protocol/ids.ts';
import { CARD_ACTS, CARD_MESSAGES, type CardCounts } from '../protocol/person-card.ts';
import { shelves } from './database.ts';
import { messages, personActs, streams, users } from './schema.ts';

/** Messages and acts that are looked through: the newest. */
const LOOKED_THROUGH = 5000;
const DAY_MS = 24 * 3_600_000;

interface Where {
  channelId: ChannelId;
  userId: UserId;
}

/** The newest first. */
export const listActs = (db: D1Database, { channelId, userId }: Where) =>
  shelves(db)
    .select({
      id: personActs.id,
      action: personActs.action,
      atMs: personActs.atMs,
      by: { id: users.id, handle: users.handle, name: users.name },
      channelId: personActs.channelId,
      reason: personActs.reason,
      messageId: personActs.messageId,
      untilMs: personActs.untilMs,
      undoneAtMs: personActs.undoneAtMs,
    })
    .from(personActs)
    .leftJoin(users, eq(users.id, personActs.byId))
    .where(and(eq(personActs.userId, userId), or(eq(personActs.channelId, channelId), isNull(personActs.channelId))))
    .orderBy(desc(personActs.atMs), desc(personActs.id))
    .limit(CARD_ACTS);

/** What they said on the channel, the newest first: of their newest LOOKED_THROUGH messages anywhere. */
export function listMessagesOf(db: D1Database, { channelId, userId }: Where) {
  const newest = shelves(db)
    .select({
      id: messages.id,
      streamId: messages.streamId,
      text: messages.text,
      sentAtMs: messages.sentAtMs,
      mediaTimeMs: messages.mediaTimeMs,
      removedAtMs: messages.removedAtMs,
    })
    .from(messages)
    .where(eq(messages.authorId, userId))
    .orderBy(desc(messages.sentAtMs))
    .limit(LOOKED_THROUGH)
    .as('newest');
  return shelves(db)
    .select({
      id: newest.id,
      streamId: newest.streamId,
      text: newest.text,
      sentAtMs: newest.sentAtMs,
      mediaTimeMs: newest.mediaTimeMs,
      removedAtMs: newest.removedAtMs,
    })
    .from(newest)
    .innerJoin(streams, eq(streams.id, newest.streamId))
    .where(eq(streams.channelId, channelId))
    .orderBy(desc(newest.sentAtMs), desc(newest.id))
    .limit(CARD_MESSAGES);
}

/** `stoppedToday`: held or denied within 24 hours. */
export async function countsOf(
  db: D1Database,
  { channelId, userId }: Where,
  nowMs: number,
): Promise<{ counts: CardCounts; stoppedToday: number }> {
  const [said, acts] = await db.batch<Record<string, unknown>>([
    db
      .prepare(
        `SELECT count(*) AS messages, coalesce(sum(removed_by = 'moderator'), 0) AS removed
         FROM (SELECT stream_id, removed_by FROM messages WHERE author_id = ?1 ORDER BY sent_at_ms DESC LIMIT ?3) AS said
         JOIN streams ON streams.id = said.stream_id WHERE streams.channel_id = ?2`,
      )
      .bind(userId, channelId, LOOKED_THROUGH),
    db
      .prepare(
        `SELECT action, until_ms IS NOT NULL AS isTimed, count(*) AS total, sum(at_ms > ?4) AS today
         FROM (SELECT action, until_ms, at_ms FROM person_acts WHERE user_id = ?1 AND channel_id = ?2
               ORDER BY at_ms DESC LIMIT ?3) GROUP BY action, isTimed`,
      )
      .bind(userId, channelId, LOOKED_THROUGH, nowMs - DAY_MS),
  ]);
  const { messages = 0, removed = 0 } = (said?.results[0] ?? {}) as { messages?: number; removed?: number };
  const rows = (acts?.results ?? []) as unknown as {
    action: AuditAction;
    isTimed: number;
    total: number;
    today: number;
  }[];
  const of = (action: AuditAction, isTimed = 0) =>
    rows.find((row) => row.action === action && row.isTimed === isTimed) ?? { total: 0, today: 0 };
  // What a moderator denies was held before: it was stopped once.
  const deniedAtOnce = await countDeniedAtOnce(db, { channelId, userId }, nowMs - DAY_MS);
  return {
    counts: {
      messages,
      removed,
      held: of('message.held').total,
      denied: of('message.denied').total,
      timeouts: of('ban.placed', 1).total,
      bans: of('ban.placed', 0).total,
    },
    stoppedToday: of('message.held').today + deniedAtOnce,
  };
}

/** By a judge, before any moderator saw it. */
async function countDeniedAtOnce(db: D1Database, { channelId, userId }: Where, sinceMs: number): Promise<number> {
  const [row] = await shelves(db)
    .select({ total: sql<number>`count(*)` })
    .from(personActs)
    .where(
      and(
        eq(personActs.userId, userId),
        eq(personActs.channelId, channelId),
        sql`${personActs.atMs} > ${sinceMs}`,
        eq(personActs.action, 'message.denied'),
        isNull(personActs.byId),
      ),
    );
  return row?.total ?? 0;
}
