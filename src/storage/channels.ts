// Channels and the one stream key that is in force on each.
import { and, desc, eq, isNotNull, isNull, notExists, sql } from 'drizzle-orm';
import type { ChannelId, UserId } from '../protocol/ids.ts';
import { shelves } from './database.ts';
import { apps, channels, streamKeys, users } from './schema.ts';

export interface ChannelRecord {
  id: ChannelId;
  ownerId: UserId;
  ownerName: string;
  name: string;
  /** The last characters of the key in force; null when there is none. */
  streamKeyHint: string | null;
}

/** A key as it is kept: its SHA-256 in hex, and its last four characters for people. */
export interface StreamKeyRecord {
  keyHash: string;
  hint: string;
}

/** More than a person keeps by hand; the rest is reached by id. */
const CHANNELS_LISTED = 200;

export async function findChannel(db: D1Database, id: ChannelId): Promise<ChannelRecord | null> {
  return (await selectChannels(db).where(eq(channels.id, id)))[0] ?? null;
}

export async function listChannelsOf(db: D1Database, ownerId: UserId): Promise<ChannelRecord[]> {
  return selectChannels(db)
    .where(eq(channels.ownerId, ownerId))
    .orderBy(desc(channels.createdAtMs))
    .limit(CHANNELS_LISTED);
}

/**
 * The channel that a key opens now; null for a wrong or revoked one, and for one that was made while its owner was
 * erased, or the app deleted whose bot the owner is.
 */
export async function findChannelByKey(db: D1Database, keyHash: string): Promise<ChannelRecord | null> {
  const deletedBots = shelves(db)
    .select({ id: sql`1` })
    .from(apps)
    .where(and(eq(apps.botId, channels.ownerId), isNotNull(apps.deletedAtMs)));
  const opens = and(eq(streamKeys.keyHash, keyHash), isNull(users.erasedAtMs), notExists(deletedBots));
  return (await selectChannels(db).where(opens))[0] ?? null;
}

/** From this moment the old key opens nothing; both statements take effect together. */
export async function replaceStreamKey(
  db: D1Database,
  { channelId, key, nowMs }: { channelId: ChannelId; key: StreamKeyRecord; nowMs: number },
): Promise<void> {
  await shelves(db).batch([
    revocation(db, channelId, nowMs),
    shelves(db)
      .insert(streamKeys)
      .values({ ...key, channelId, createdAtMs: nowMs }),
  ]);
}

export async function revokeStreamKey(db: D1Database, channelId: ChannelId, nowMs: number): Promise<void> {
  await revocation(db, channelId, nowMs);
}

const revocation = (db: D1Database, channelId: ChannelId, nowMs: number) =>
  shelves(db)
    .update(streamKeys)
    .set({ revokedAtMs: nowMs })
    .where(and(eq(streamKeys.channelId, channelId), isNull(streamKeys.revokedAtMs)));

/** Only a key in force is joined: a revoked one is as good as none. */
const selectChannels = (db: D1Database) =>
  shelves(db)
    .select({
      id: channels.id,
      ownerId: channels.ownerId,
      ownerName: users.name,
      name: channels.name,
      streamKeyHint: streamKeys.hint,
    })
    .from(channels)
    .innerJoin(users, eq(users.id, channels.ownerId))
    .leftJoin(streamKeys, and(eq(streamKeys.channelId, channels.id), isNull(streamKeys.revokedAtMs)))
    .$dynamic();
