// A stream comes into being: counted, and with its channel where it has none yet, in one transaction.
import { QUOTAS, STREAMS_COUNTED_SECONDS } from '../domain/quotas.ts';
import type { ChannelId, UserId } from '../protocol/ids.ts';
import type { StreamKeyRecord } from './channels.ts';
import { isUniqueViolation } from './database.ts';
import type { NewStream } from './streams.ts';

/** A channel is never without a key at its start. */
export interface NewChannel {
  id: ChannelId;
  ownerId: UserId;
  name: string;
  key: StreamKeyRecord;
}

/** `taken`: the channel has an open stream already. `full`: its owner has as many as they may. Nothing is stored then. */
export type Opening = 'opened' | 'taken' | 'full';

/** `channel`: stored with the stream, or neither is. */
export async function openStream(
  db: D1Database,
  stream: NewStream,
  channel: NewChannel | null = null,
): Promise<Opening> {
  const before = channel ? channelStatements(db, channel, stream.createdAtMs) : [];
  try {
    const results = await db.batch([...before, ...streamStatements(db, stream)]);
    return results[before.length]!.meta.changes > 0 ? 'opened' : 'full';
  } catch (error) {
    if (isUniqueViolation(error)) return 'taken';
    throw error;
  }
}

/** Of streams on all channels of whoever `owner` names; ?1: since when those of a day are counted. */
const hasRoom = (owner: string): string => {
  const theirs = `SELECT count(*) FROM streams JOIN channels ON channels.id = streams.channel_id WHERE owner_id = ${owner}`;
  return `(${theirs} AND state <> 'ended') < ${QUOTAS.open_streams.max}
    AND (${theirs} AND streams.created_at_ms > ?1) < ${QUOTAS.streams_a_day.max}`;
};

const countedSinceMs = (nowMs: number): number => nowMs - STREAMS_COUNTED_SECONDS * 1000;

const channelStatements = (db: D1Database, { id, ownerId, name, key }: NewChannel, nowMs: number) => [
  db
    .prepare(`INSERT INTO channels (id, owner_id, name, created_at_ms) SELECT ?2, ?3, ?4, ?5 WHERE ${hasRoom('?3')}`)
    .bind(countedSinceMs(nowMs), id, ownerId, name, nowMs),
  db
    .prepare(
      `INSERT INTO stream_keys (key_hash, channel_id, hint, created_at_ms)
       SELECT ?1, id, ?3, ?4 FROM channels WHERE id = ?2`,
    )
    .bind(key.keyHash, id, key.hint, nowMs),
];

function streamStatements(db: D1Database, { passwordHash = null, ...stream }: NewStream) {
  const { id, channelId, title, genre, visibility, latency, reconnectWindowSeconds } = stream;
  const { scheduledAtMs, createdAtMs } = stream;
  const insert = db
    .prepare(
      `INSERT INTO streams (id, channel_id, title, genre, visibility, gate_at_ms, latency, reconnect_window_seconds,
         state, state_at_ms, created_at_ms, scheduled_at_ms)
       SELECT ?2, id, ?4, ?5, ?6, ?9, ?7, ?8, 'waiting', ?9, ?9, ?10 FROM channels AS this
       WHERE id = ?3 AND ${hasRoom('this.owner_id')}`,
    )
    .bind(
      ...[countedSinceMs(createdAtMs), id, channelId, title, genre, visibility, latency, reconnectWindowSeconds],
      ...[createdAtMs, scheduledAtMs],
    );
  if (passwordHash === null) return [insert];
  const password = db
    .prepare('INSERT INTO stream_passwords (stream_id, password_hash) SELECT id, ?2 FROM streams WHERE id = ?1')
    .bind(id, passwordHash);
  return [insert, password];
}
