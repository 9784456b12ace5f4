// The tables behind the card of a person: what was done about them on a channel, and what its moderators have noted.
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { AuditAction } from '../../protocol/audit.ts';
import type { AuditId, ChannelId, MessageId, NoteId, UserId } from '../../protocol/ids.ts';
import { users } from './people.ts';
import { channels } from './streams.ts';

export const personActs = sqliteTable(
  'person_acts',
  {
    id: text().$type<AuditId>().primaryKey(),
    /** Null: everywhere. */
    channelId: text('channel_id')
      .$type<ChannelId>()
      .references(() => channels.id),
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    action: text().$type<AuditAction>().notNull(),
    atMs: integer('at_ms').notNull(),
    /** Null: by itself, or somebody who left Footlight. */
    byId: text('by_id')
      .$type<UserId>()
      .references(() => users.id),
    reason: text(),
    messageId: text('message_id').$type<MessageId>(),
    untilMs: integer('until_ms'),
    undoneAtMs: integer('undone_at_ms'),
  },
  (table) => [
    index('person_acts_by_person').on(table.userId, table.channelId, table.atMs),
    index('person_acts_by_time').on(table.atMs),
  ],
);

export const personNotes = sqliteTable(
  'person_notes',
  {
    id: text().$type<NoteId>().primaryKey(),
    channelId: text('channel_id')
      .$type<ChannelId>()
      .notNull()
      .references(() => channels.id),
    /** About whom. */
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    /** Null: somebody who left Footlight. */
    authorId: text('author_id')
      .$type<UserId>()
      .references(() => users.id),
    text: text().notNull(),
    writtenAtMs: integer('written_at_ms').notNull(),
  },
  (table) => [index('person_notes_by_person').on(table.userId, table.channelId, table.writtenAtMs)],
);
