// What moderators of a channel have written down about somebody, for each other.
import { and, desc, eq } from 'drizzle-orm';
import { QUOTAS } from '../domain/quotas.ts';
import type { ChannelId, NoteId, UserId } from '../protocol/ids.ts';
import { shelves } from './database.ts';
import { personNotes, users } from './schema.ts';

export interface NoteRecord {
  id: NoteId;
  channelId: ChannelId;
  /** About whom. */
  userId: UserId;
  authorId: UserId;
  text: string;
  writtenAtMs: number;
}

/** False: there are as many as there may be, counted in the statement that stores. */
export async function writeNote(db: D1Database, note: NoteRecord): Promise<boolean> {
  const { id, channelId, userId, authorId, text, writtenAtMs } = note;
  const { meta } = await db
    .prepare(
      `INSERT INTO person_notes (id, channel_id, user_id, author_id, text, written_at_ms) SELECT ?1, ?2, ?3, ?4, ?5, ?6
       WHERE (SELECT count(*) FROM person_notes WHERE user_id = ?3 AND channel_id = ?2) < ?7`,
    )
    .bind(id, channelId, userId, authorId, text, writtenAtMs, QUOTAS.notes.max)
    .run();
  return meta.changes > 0;
}

type Where = Pick<NoteRecord, 'channelId' | 'userId'>;

/** The newest first. */
export const listNotes = (db: D1Database, { channelId, userId }: Where) =>
  selectNotes(db)
    .where(and(eq(personNotes.userId, userId), eq(personNotes.channelId, channelId)))
    .orderBy(desc(personNotes.writtenAtMs), desc(personNotes.id))
    .limit(QUOTAS.notes.max);

/** Null: there is none of this id about this person on this channel. */
export async function findNote(db: D1Database, { id, channelId, userId }: Where & { id: NoteId }) {
  const [row] = await selectNotes(db).where(
    and(eq(personNotes.id, id), eq(personNotes.userId, userId), eq(personNotes.channelId, channelId)),
  );
  return row ?? null;
}

export async function deleteNote(db: D1Database, id: NoteId): Promise<boolean> {
  const { meta } = await shelves(db).delete(personNotes).where(eq(personNotes.id, id));
  return meta.changes > 0;
}

const selectNotes = (db: D1Database) =>
  shelves(db)
    .select({
      id: personNotes.id,
      text: personNotes.text,
      writtenAtMs: personNotes.writtenAtMs,
      author: { id: users.id, handle: users.handle, name: users.name },
    })
    .from(personNotes)
    .leftJoin(users, eq(users.id, personNotes.authorId))
    .$dynamic();
