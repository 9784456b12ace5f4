// Bans, as they are kept: one of a person on a channel, and one everywhere.
import { and, desc, eq, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import { QUOTAS } from '../domain/quotas.ts';
import type { BanEffect } from '../protocol/bans.ts';
import type { ChannelId, UserId } from '../protocol/ids.ts';
import { shelves } from './database.ts';
import { appeals, bans, users } from './schema.ts';

export interface BanRecord {
  channelId: ChannelId | null;
  userId: UserId;
  effect: BanEffect;
  /** `network`: others who come by the same are held. */
  reach: 'person' | 'network';
  reason: string | null;
  bannedAtMs: number;
  untilMs: number | null;
}

type Where = Pick<BanRecord, 'channelId' | 'userId'>;

/** False: there are as many as there may be, counted in the statements that store, and nothing is changed. In place of the one there is, whose open appeal goes on about this one if its subject is told of it. What has run out is swept out on the way. */
export async function placeBan(db: D1Database, ban: BanRecord, nowMs: number): Promise<boolean> {
  const { channelId, userId, effect, reach, reason, bannedAtMs, untilMs } = ban;
  const hasRoom = sql`(SELECT count(*) FROM ${bans} WHERE ${isOn(channelId)} AND ${bans.userId} <> ${userId}) < ${QUOTAS.bans.max}`;
  const [, , , placed] = await shelves(db).batch([
    shelves(db).delete(bans).where(lte(bans.untilMs, nowMs)),
    shelves(db)
      .update(appeals)
      .set({ bannedAtMs: ban.bannedAtMs })
      .where(
        and(
          ban.channelId === null ? isNull(appeals.channelId) : eq(appeals.channelId, ban.channelId),
          eq(appeals.userId, ban.userId),
          eq(appeals.state, 'open'),
          inArray(appeals.bannedAtMs, shelves(db).select({ atMs: bans.bannedAtMs }).from(bans).where(isThis(ban))),
          sql`${ban.effect} = 'refuse'`,
          hasRoom,
        ),
      ),
    shelves(db)
      .delete(bans)
      .where(and(isThis(ban), hasRoom)),
    // The columns in the order of the table.
    shelves(db)
      .insert(bans)
      .select(sql`SELECT ${channelId}, ${userId}, ${effect}, ${reason}, ${bannedAtMs}, ${untilMs}, ${reach}
        WHERE ${hasRoom}`)
      .returning({ userId: bans.userId }),
  ]);
  return placed.length > 0;
}

/** Null: there was none. */
export async function liftBan(db: D1Database, where: Where): Promise<BanRecord | null> {
  const [row] = await shelves(db).delete(bans).where(isThis(where)).returning();
  return row ?? null;
}

export async function findBan(db: D1Database, where: Where, nowMs: number): Promise<BanRecord | null> {
  const [row] = await shelves(db)
    .select()
    .from(bans)
    .where(and(isThis(where), stands(nowMs)));
  return row ?? null;
}

/** Those that stand, the newest first. */
export async function listBans(db: D1Database, channelId: ChannelId | null, nowMs: number) {
  return shelves(db)
    .select({
      id: users.id,
      handle: users.handle,
      name: users.name,
      channelId: bans.channelId,
      effect: bans.effect,
      reach: bans.reach,
      reason: bans.reason,
      bannedAtMs: bans.bannedAtMs,
      untilMs: bans.untilMs,
    })
    .from(bans)
    .innerJoin(users, eq(users.id, bans.userId))
    .where(and(isOn(channelId), stands(nowMs)))
    .orderBy(desc(bans.bannedAtMs), users.id);
}

/** What stands against somebody on a channel: of the channel, and of the platform. */
export async function listBansOf(
  db: D1Database,
  { channelId, userId }: { channelId: ChannelId; userId: UserId },
): Promise<BanRecord[]> {
  return shelves(db)
    .select()
    .from(bans)
    .where(and(eq(bans.userId, userId), or(isNull(bans.channelId), eq(bans.channelId, channelId))));
}

const isOn = (channelId: ChannelId | null) =>
  channelId === null ? isNull(bans.channelId) : eq(bans.channelId, channelId);
const isThis = ({ channelId, userId }: Where) => and(isOn(channelId), eq(bans.userId, userId));
const stands = (nowMs: number) => sql`(${bans.untilMs} IS NULL OR ${bans.untilMs} > ${nowMs})`;
