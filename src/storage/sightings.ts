// By which networks and devices people came lately, as keyed hashes; and whose ban reaches whoever comes by the same.
import { and, eq, gt, inArray, isNull, lte, ne, or, sql } from 'drizzle-orm';
import { SIGHTING_DAYS, SIGHTINGS_OF_ONE } from '../domain/chat/network-ban.ts';
import type { ChannelId, UserId } from '../protocol/ids.ts';
import type { BanRecord } from './bans.ts';
import { shelves } from './database.ts';
import { bans, sightings } from './schema.ts';

const KEPT_MS = SIGHTING_DAYS * 24 * 3_600_000;

/** What is old is swept out on the way, and of one person the newest are kept. */
export async function keepSightings(
  db: D1Database,
  { userId, tags }: { userId: UserId; tags: readonly string[] },
  nowMs: number,
): Promise<void> {
  if (tags.length === 0) return;
  const newest = shelves(db)
    .select({ tag: sightings.tag })
    .from(sightings)
    .where(eq(sightings.userId, userId))
    .orderBy(sql`${sightings.seenAtMs} DESC, rowid DESC`)
    .limit(SIGHTINGS_OF_ONE);
  await shelves(db).batch([
    old(db, nowMs),
    shelves(db)
      .insert(sightings)
      .values(tags.map((tag) => ({ userId, tag, seenAtMs: nowMs })))
      .onConflictDoUpdate({ target: [sightings.userId, sightings.tag], set: { seenAtMs: nowMs } }),
    shelves(db)
      .delete(sightings)
      .where(and(eq(sightings.userId, userId), sql`${sightings.tag} NOT IN ${newest}`)),
  ]);
}

/** What was seen long ago. */
export async function sweepSightings(db: D1Database, nowMs: number): Promise<void> {
  await old(db, nowMs);
}

const old = (db: D1Database, nowMs: number) =>
  shelves(db)
    .delete(sightings)
    .where(lte(sightings.seenAtMs, nowMs - KEPT_MS));

/** Those of a person whose ban reaches further than themselves. */
export async function listTagsOf(db: D1Database, userId: UserId, nowMs: number): Promise<string[]> {
  const rows = await shelves(db)
    .select({ tag: sightings.tag })
    .from(sightings)
    .where(and(eq(sightings.userId, userId), gt(sightings.seenAtMs, nowMs - KEPT_MS)));
  return rows.map(({ tag }) => tag);
}

/** Bans of others, of the channel or of the platform, that reach whoever comes by one of these. */
export async function listBansNear(
  db: D1Database,
  { channelId, userId, tags }: { channelId: ChannelId; userId: UserId; tags: readonly string[] },
  nowMs: number,
): Promise<BanRecord[]> {
  if (tags.length === 0) return [];
  const rows = await shelves(db)
    .selectDistinct({ ban: bans })
    .from(sightings)
    .innerJoin(bans, eq(bans.userId, sightings.userId))
    .where(
      and(
        inArray(sightings.tag, [...tags]),
        gt(sightings.seenAtMs, nowMs - KEPT_MS),
        ne(sightings.userId, userId),
        eq(bans.reach, 'network'),
        or(isNull(bans.channelId), eq(bans.channelId, channelId)),
        sql`(${bans.untilMs} IS NULL OR ${bans.untilMs} > ${nowMs})`,
      ),
    )
    .limit(NEAR_MAX);
  return rows.map(({ ban }) => ban);
}

/** One is enough to hold a line; they stay with the socket, where there is little room. */
const NEAR_MAX = 3;
