// What a room wants to know of somebody who comes in, in one look.
import { and, eq } from 'drizzle-orm';
import type { ChannelId, UserId } from '../protocol/ids.ts';
import type { ChannelRole } from '../protocol/people.ts';
import { shelves } from './database.ts';
import { channelRoles, follows, users } from './schema.ts';

export interface SpeakerFacts {
  createdAtMs: number;
  channelRole: ChannelRole | null;
  followedAtMs: number | null;
}

/** Null: the account is gone. */
export async function findSpeakerFacts(
  db: D1Database,
  { userId, channelId }: { userId: UserId; channelId: ChannelId },
): Promise<SpeakerFacts | null> {
  const rows = await shelves(db)
    .select({ createdAtMs: users.createdAtMs, channelRole: channelRoles.role, followedAtMs: follows.followedAtMs })
    .from(users)
    .leftJoin(channelRoles, and(eq(channelRoles.userId, users.id), eq(channelRoles.channelId, channelId)))
    .leftJoin(follows, and(eq(follows.userId, users.id), eq(follows.channelId, channelId)))
    .where(eq(users.id, userId));
  return rows[0] ?? null;
}
