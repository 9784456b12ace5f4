// The table of a room's log, and what is told of it to whom.
import type { RoomEvent } from '../../src/protocol/chat/events.ts';
import type { MessageId, UserId } from '../../src/protocol/ids.ts';

export const LOG_SCHEMA = `
  CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, at_ms INTEGER NOT NULL, frame TEXT NOT NULL,
    message_id TEXT, about_id TEXT, author_id TEXT, client_id TEXT, sameness TEXT,
    is_removed INTEGER NOT NULL, is_archived INTEGER NOT NULL, trace TEXT);
  CREATE UNIQUE INDEX IF NOT EXISTS events_by_message ON events (message_id) WHERE message_id IS NOT NULL;
  CREATE UNIQUE INDEX IF NOT EXISTS events_by_client ON events (author_id, client_id) WHERE client_id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS events_about ON events (about_id) WHERE about_id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS events_by_author ON events (author_id, seq) WHERE author_id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS events_by_sameness ON events (sameness) WHERE sameness IS NOT NULL;
  CREATE INDEX IF NOT EXISTS events_to_archive ON events (seq) WHERE is_archived = 0;
  CREATE INDEX IF NOT EXISTS events_to_empty ON events (seq) WHERE is_removed = 1 AND frame <> '{}';
`;

export interface LoggedFrame {
  seq: number;
  /** As it is sent. */
  frame: string;
  /** Nobody else is told. */
  onlyFor?: UserId | null;
  /** They have been told it before, alone. */
  notFor?: UserId | null;
}

/** Is it for them? `userId` null: for nobody in particular. */
export const isFor = ({ onlyFor, notFor }: LoggedFrame, userId: UserId | null): boolean =>
  (!onlyFor || onlyFor === userId) && (!notFor || notFor !== userId);

/** By the frame alone: what people write is escaped in it. */
export const isOfKind = ({ frame }: LoggedFrame, ...kinds: RoomEvent['kind'][]): boolean =>
  kinds.some((kind) => frame.includes(`"kind":"${kind}"`));

/** The message that an event shows beside itself. */
export function aboutOf(event: RoomEvent): MessageId | null {
  if (event.kind === 'message') return event.replyTo?.id ?? null;
  return event.kind === 'pin' ? (event.message?.id ?? null) : null;
}
