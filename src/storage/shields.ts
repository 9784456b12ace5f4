// The shield of a channel, as it is kept: what it is, what trips it, and until when it is up.
import { and, eq, isNull, lt, or, sql } from 'drizzle-orm';
import type { ChannelId, StreamId } from '../protocol/ids.ts';
import { NO_TRIPS, STANDARD_SHIELD } from '../protocol/shield.ts';
import { shelves } from './database.ts';
import { shields, streams } from './schema.ts';

export type ShieldRecord = typeof shields.$inferSelect;

/** Until somebody sets it otherwise. */
const unset = (channelId: ChannelId): ShieldRecord => ({
  channelId,
  version: 0,
  mode: STANDARD_SHIELD,
  trips: NO_TRIPS,
  untilMs: null,
  raisedBy: null,
});

export async function findShield(db: D1Database, channelId: ChannelId): Promise<ShieldRecord> {
  const [row] = await shelves(db).select().from(shields).where(eq(shields.channelId, channelId));
  return row ?? unset(channelId);
}

/** Null: there is no such stream. */
export async function findShieldOfStream(db: D1Database, id: StreamId): Promise<ShieldRecord | null> {
  const [row] = await shelves(db)
    .select({ channelId: streams.channelId, shield: shields })
    .from(streams)
    .leftJoin(shields, eq(shields.channelId, streams.channelId))
    .where(eq(streams.id, id));
  return row ? (row.shield ?? unset(row.channelId)) : null;
}

/** What is not named stays as it is. */
export async function changeShield(
  db: D1Database,
  channelId: ChannelId,
  change: Partial<Omit<ShieldRecord, 'channelId' | 'version'>>,
): Promise<ShieldRecord> {
  const [row] = await shelves(db)
    .insert(shields)
    .values({ ...unset(channelId), ...change, version: 1 })
    .onConflictDoUpdate({ target: shields.channelId, set: { ...change, version: sql`${shields.version} + 1` } })
    .returning();
  if (!row) throw new Error(`The shield of ${channelId} was not kept.`);
  return row;
}

/** A room has raised it by itself. Whoever has changed it meanwhile has decided, and what is up for longer stays so. */
export async function tripShield(
  db: D1Database,
  { channelId, version }: ShieldRecord,
  untilMs: number,
): Promise<ShieldRecord> {
  await shelves(db)
    .update(shields)
    .set({ untilMs, raisedBy: 'itself', version: sql`${shields.version} + 1` })
    .where(
      and(
        eq(shields.channelId, channelId),
        eq(shields.version, version),
        or(isNull(shields.untilMs), lt(shields.untilMs, untilMs)),
      ),
    );
  return findShield(db, channelId);
}
