// Which rooms may still know of somebody: of what they did there, and of what was told there of them.
import { and, eq, gte, inArray, isNull, ne, or, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/sqlite-core';
import type { StreamId, UserId } from '../protocol/ids.ts';
import { shelves } from './database.ts';
import { isOneOf } from './room-visits.ts';
import { blocks, messages, personActs, roomVisits, sightings, streams, upvotes } from './schema.ts';

/**
 * Where they have been or said something since then, or gave an upvote that is still counted; where somebody may be who is
 * hidden from them; and those that were told of a ban of theirs.
 */
export async function listRoomsThatKnow(
  db: D1Database,
  userIds: readonly UserId[],
  sinceMs: number,
): Promise<StreamId[]> {
  const found = await shelves(db).batch([
    shelves(db)
      .selectDistinct({ id: messages.streamId })
      .from(messages)
      .where(and(isOneOf(messages.authorId, userIds), gte(messages.sentAtMs, sinceMs))),
    visitsWhere(db, isOneOf(roomVisits.userId, userIds)),
    shelves(db)
      .selectDistinct({ id: upvotes.streamId })
      .from(upvotes)
      .innerJoin(streams, eq(streams.id, upvotes.streamId))
      .where(and(isOneOf(upvotes.userId, userIds), isOpenSince(sinceMs))),
    visitsWhere(
      db,
      sql`${roomVisits.userId} IN (
        SELECT ${blocks.blockedId} FROM ${blocks} WHERE ${isOneOf(blocks.userId, userIds)}
        UNION SELECT ${blocks.userId} FROM ${blocks} WHERE ${isOneOf(blocks.blockedId, userIds)})`,
    ),
    shelves(db)
      .selectDistinct({ id: streams.id })
      .from(personActs)
      .innerJoin(streams, eq(streams.channelId, personActs.channelId))
      .where(and(isBanSince(userIds, sinceMs), isOpenSince(sinceMs))),
    shelves(db)
      .selectDistinct({ id: roomVisits.streamId })
      .from(personActs)
      .innerJoin(theirs, eq(theirs.userId, personActs.userId))
      .innerJoin(sightings, eq(sightings.tag, theirs.tag))
      .innerJoin(roomVisits, eq(roomVisits.userId, sightings.userId))
      .where(and(isBanSince(userIds, sinceMs), isNull(personActs.channelId))),
  ]);
  return [...new Set(found.flat().map(({ id }) => id))];
}

const theirs = alias(sightings, 'theirs');

const visitsWhere = (db: D1Database, isMeant: ReturnType<typeof isOneOf>) =>
  shelves(db).selectDistinct({ id: roomVisits.streamId }).from(roomVisits).where(isMeant);

const isOpenSince = (sinceMs: number) => or(ne(streams.state, 'ended'), gte(streams.endedAtMs, sinceMs));

/** Placed or lifted. */
const isBanSince = (userIds: readonly UserId[], sinceMs: number) =>
  and(
    isOneOf(personActs.userId, userIds),
    inArray(personActs.action, ['ban.placed', 'ban.lifted']),
    gte(personActs.atMs, sinceMs),
  );
