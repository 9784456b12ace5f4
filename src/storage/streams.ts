// Streams: opening, changing, listing, and what their origin reports of them.
import { and, desc, eq, gt, inArray, ne, or, type SQL, sql } from 'drizzle-orm';
import type { Genre, StreamState, Visibility } from '../protocol/api.ts';
import type { ChannelId, StreamId, UserId } from '../protocol/ids.ts';
import type { LatencyProfile } from '../protocol/latency.ts';
import { shelves } from './database.ts';
import { type PageEnd, pageOf } from './page.ts';
import { channels, streams, users } from './schema.ts';

/** A stream with what its pages show of its channel and owner. */
export interface StreamRecord {
  id: StreamId;
  channelId: ChannelId;
  channelName: string;
  ownerId: UserId;
  ownerName: string;
  title: string;
  genre: Genre;
  visibility: Visibility;
  /** When the visibility or the password last changed: what let somebody in before is void. */
  gateAtMs: number;
  latency: LatencyProfile;
  reconnectWindowSeconds: number;
  state: StreamState;
  createdAtMs: number;
  scheduledAtMs: number | null;
  startedAtMs: number | null;
  endedAtMs: number | null;
}

export interface NewStream {
  id: StreamId;
  channelId: ChannelId;
  title: string;
  genre: Genre;
  visibility: Visibility;
  latency: LatencyProfile;
  reconnectWindowSeconds: number;
  scheduledAtMs: number | null;
  createdAtMs: number;
  /** Of the password that it is locked with from its first moment. */
  passwordHash?: string | null;
}

/** Called by the stream's origin at each change. An ended stream stays ended, and an older report changes nothing. */
export async function recordStreamState(
  db: D1Database,
  { streamId, state, atMs }: { streamId: StreamId; state: StreamState; atMs: number },
): Promise<void> {
  // The end needs no comparison: nothing comes after it.
  const isNewer = state === 'ended' ? undefined : sql`${streams.stateAtMs} <= ${atMs}`;
  await shelves(db)
    .update(streams)
    .set({
      state,
      stateAtMs: atMs,
      ...(state === 'live' && { startedAtMs: sql`coalesce(${streams.startedAtMs}, ${atMs})` }),
      ...(state === 'ended' && { endedAtMs: atMs }),
    })
    .where(and(eq(streams.id, streamId), ne(streams.state, 'ended'), isNewer));
}

/** The stream that an address of playback means: a stream by its id, a channel by its newest stream. Null: there is none. */
export async function resolvePlayable(db: D1Database, id: string): Promise<StreamRecord | null> {
  if (id.startsWith('ch_')) return newestStream(db, id as ChannelId);
  return findStream(db, id as StreamId);
}

export async function findStream(db: D1Database, id: StreamId): Promise<StreamRecord | null> {
  return (await selectStreams(db).where(eq(streams.id, id)).limit(1))[0] ?? null;
}

export async function newestStream(db: D1Database, channelId: ChannelId): Promise<StreamRecord | null> {
  const rows = await selectStreams(db)
    .where(eq(streams.channelId, channelId))
    .orderBy(...NEWEST_FIRST)
    .limit(1);
  return rows[0] ?? null;
}

/** The newest stream of each of a person's channels. */
export async function newestStreamsOf(db: D1Database, ownerId: UserId): Promise<StreamRecord[]> {
  const isNewest = sql`${streams}.rowid = (
    SELECT other.rowid FROM streams AS other WHERE other.channel_id = ${streams.channelId}
    ORDER BY other.created_at_ms DESC, other.rowid DESC LIMIT 1
  )`;
  return selectStreams(db).where(and(eq(channels.ownerId, ownerId), isNewest));
}

/** How many streams a person has on all channels: open at the moment, and opened since then. */
export async function countStreamsOf(
  db: D1Database,
  { ownerId, sinceMs }: { ownerId: UserId; sinceMs: number },
): Promise<{ open: number; since: number }> {
  const rows = await shelves(db)
    .select({
      open: sql<number>`total(${streams.state} <> 'ended')`,
      since: sql<number>`total(${streams.createdAtMs} > ${sinceMs})`,
    })
    .from(streams)
    .innerJoin(channels, eq(channels.id, streams.channelId))
    .where(and(eq(channels.ownerId, ownerId), or(ne(streams.state, 'ended'), gt(streams.createdAtMs, sinceMs))));
  return rows[0] ?? { open: 0, since: 0 };
}

export type StreamSettings = Pick<
  NewStream,
  'title' | 'genre' | 'visibility' | 'reconnectWindowSeconds' | 'scheduledAtMs'
>;

/** False when the settings are no longer those of `from`, where it is given; nothing is changed then. */
export async function changeStream(
  db: D1Database,
  id: StreamId,
  change: Partial<StreamSettings & { gateAtMs: number }>,
  { from }: { from?: (StreamSettings & { gateAtMs: number }) | undefined } = {},
): Promise<boolean> {
  if (Object.keys(change).length === 0) return true;
  const isAsRead = from && [
    eq(streams.title, from.title),
    eq(streams.genre, from.genre),
    eq(streams.visibility, from.visibility),
    eq(streams.reconnectWindowSeconds, from.reconnectWindowSeconds),
    sql`${streams.scheduledAtMs} IS ${from.scheduledAtMs}`,
    // A new password shows in nothing else.
    eq(streams.gateAtMs, from.gateAtMs),
  ];
  const { meta } = await shelves(db)
    .update(streams)
    .set(change)
    .where(and(eq(streams.id, id), ...(isAsRead ?? [])));
  return meta.changes > 0;
}

/** Where a page of streams ends: the sort key of its last row. */
export type StreamCursor = PageEnd<StreamId>;

export interface StreamFilter {
  states: readonly StreamState[];
  genre?: Genre | undefined;
  channelId?: ChannelId | undefined;
  /** Only their streams, the unlisted, private and locked ones too. */
  ownerId?: UserId | undefined;
  /** Only the private streams that they are invited to. */
  memberId?: UserId | undefined;
  before?: StreamCursor | undefined;
  limit: number;
}

/** Newest first: by when it went live, or was made. */
export async function listStreams(
  db: D1Database,
  { states, genre, channelId, ownerId, memberId, before, limit }: StreamFilter,
): Promise<{ streams: StreamRecord[]; next: StreamCursor | null }> {
  const conditions: (SQL | undefined)[] = [
    inArray(streams.state, [...states]),
    ownerId && eq(channels.ownerId, ownerId),
    memberId && isInvited(memberId),
    ownerId || memberId ? undefined : eq(streams.visibility, 'public'),
    genre && eq(streams.genre, genre),
    channelId && eq(streams.channelId, channelId),
    before && sql`(${SORT_KEY}, ${streams.id}) < (${before.atMs}, ${before.id})`,
  ];
  const rows = await selectStreams(db)
    .where(and(...conditions))
    .orderBy(desc(SORT_KEY), desc(streams.id))
    .limit(limit + 1);
  const { page, next } = pageOf(rows, limit, ({ startedAtMs, createdAtMs, id }) => ({
    atMs: startedAtMs ?? createdAtMs,
    id,
  }));
  return { streams: page, next };
}

const isInvited = (userId: UserId): SQL =>
  sql`${streams.visibility} = 'private' AND ${streams.id} IN (
    SELECT stream_id FROM stream_members WHERE user_id = ${userId}
  )`;

const SORT_KEY = sql<number>`coalesce(${streams.startedAtMs}, ${streams.createdAtMs})`;
/** rowid breaks the tie of two streams made within one millisecond. */
const NEWEST_FIRST = [desc(streams.createdAtMs), desc(sql`${streams}.rowid`)];

/** A stream with what its pages show of its channel and owner; a condition is for whoever asks. */
export const selectStreams = (db: D1Database) =>
  shelves(db)
    .select({
      id: streams.id,
      channelId: streams.channelId,
      channelName: channels.name,
      ownerId: channels.ownerId,
      ownerName: users.name,
      title: streams.title,
      genre: streams.genre,
      visibility: streams.visibility,
      gateAtMs: streams.gateAtMs,
      latency: streams.latency,
      reconnectWindowSeconds: streams.reconnectWindowSeconds,
      state: streams.state,
      createdAtMs: streams.createdAtMs,
      scheduledAtMs: streams.scheduledAtMs,
      startedAtMs: streams.startedAtMs,
      endedAtMs: streams.endedAtMs,
    })
    .from(streams)
    .innerJoin(channels, eq(channels.id, streams.channelId))
    .innerJoin(users, eq(users.id, channels.ownerId))
    .$dynamic();
