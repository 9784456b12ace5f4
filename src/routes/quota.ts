// The refusal of whoever has as much as there can be. Where several may ask at once the statement that adds counts once more.
import { hasRoom, type QuotaName, refusalOf, STREAMS_COUNTED_SECONDS } from '../domain/quotas.ts';
import { FootlightError } from '../protocol/errors.ts';
import type { UserId } from '../protocol/ids.ts';
import { countStreamsOf } from '../storage/streams.ts';

export function requireRoom(name: QuotaName, count: number): void {
  if (!hasRoom(name, count)) throw quotaExceeded(name);
}

export const quotaExceeded = (name: QuotaName): FootlightError => new FootlightError('quota_exceeded', refusalOf(name));

/** For another stream on any channel of this person, whoever opens it: they themselves or their encoder. */
export async function requireRoomForStream(db: D1Database, ownerId: UserId, nowMs: number): Promise<void> {
  const sinceMs = nowMs - STREAMS_COUNTED_SECONDS * 1000;
  const { open, since } = await countStreamsOf(db, { ownerId, sinceMs });
  requireRoom('open_streams', open);
  requireRoom('streams_a_day', since);
}

/** Why the statement that stores had no room for another stream of theirs. */
export async function quotaOfStreams(db: D1Database, ownerId: UserId, nowMs: number): Promise<FootlightError> {
  try {
    await requireRoomForStream(db, ownerId, nowMs);
  } catch (error) {
    if (error instanceof FootlightError) return error;
    throw error;
  }
  // Room has been made since then.
  return quotaExceeded('open_streams');
}
