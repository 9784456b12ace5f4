// Where people have been let in: which rooms must hear that a session has ended or a role was lost.
import { and, eq, inArray, lte, ne, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import type { ChannelId, StreamId, UserId } from '../protocol/ids.ts';
import { shelves } from './database.ts';
import { roomVisits, sightings, streams } from './schema.ts';

export interface RoomVisit {
  userId: UserId;
  /** The browser session or the app by which they came. */
  holder: string;
  streamId: StreamId;
  expiresAtMs: number;
}

/** Visits that have run out are swept out on the way. */
export async function keepRoomVisit(db: D1Database, visit: RoomVisit, nowMs: number): Promise<void> {
  const { expiresAtMs } = visit;
  await shelves(db).batch([
    shelves(db).delete(roomVisits).where(lte(roomVisits.expiresAtMs, nowMs)),
    shelves(db)
      .insert(roomVisits)
      .values(visit)
      .onConflictDoUpdate({
        target: [roomVisits.userId, roomVisits.holder, roomVisits.streamId],
        set: { expiresAtMs: sql`max(${roomVisits.expiresAtMs}, ${expiresAtMs})` },
      }),
  ]);
}

/** The rooms that somebody may be in: by one session or app, on one channel, or wherever they are. */
export async function listVisitedRooms(
  db: D1Database,
  {
    userId,
    holder,
    channelId,
  }: { userId?: UserId | undefined; holder?: string | undefined; channelId?: ChannelId | undefined },
): Promise<StreamId[]> {
  const isMeant: (SQL | undefined)[] = [
    userId === undefined ? undefined : eq(roomVisits.userId, userId),
    holder === undefined ? undefined : eq(roomVisits.holder, holder),
    channelId &&
      sql`${roomVisits.streamId} IN (SELECT ${streams.id} FROM ${streams} WHERE ${streams.channelId} = ${channelId})`,
  ];
  const rows = await shelves(db)
    .selectDistinct({ id: roomVisits.streamId })
    .from(roomVisits)
    .where(and(...isMeant));
  return rows.map(({ id }) => id);
}

/** The rooms where somebody may be who came by one of these. */
export async function listRoomsNear(db: D1Database, tags: readonly string[]): Promise<StreamId[]> {
  if (tags.length === 0) return [];
  const rows = await shelves(db)
    .selectDistinct({ id: roomVisits.streamId })
    .from(roomVisits)
    .innerJoin(sightings, eq(sightings.userId, roomVisits.userId))
    .where(isOneOf(sightings.tag, tags));
  return rows.map(({ id }) => id);
}

/** Everywhere: those of streams that are on the air. */
export async function listRoomsOnAir(db: D1Database): Promise<StreamId[]> {
  const rows = await shelves(db)
    .select({ id: streams.id })
    .from(streams)
    .where(inArray(streams.state, ['live', 'interrupted']));
  return rows.map(({ id }) => id);
}

/** Of a channel: those whose stream has not ended. */
export async function listOpenRooms(db: D1Database, channelId: ChannelId): Promise<StreamId[]> {
  const rows = await shelves(db)
    .select({ id: streams.id })
    .from(streams)
    .where(and(eq(streams.channelId, channelId), ne(streams.state, 'ended')));
  return rows.map(({ id }) => id);
}

/** One parameter, however many values. */
export const isOneOf = (column: SQLWrapper, values: readonly string[]): SQL =>
  sql`${column} in (select value from json_each(${JSON.stringify(values)}))`;
