// The refusal of whoever has as much as there can be. Counted before it is added: of requests at the same moment a few may fit that should not.
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
