// What of an act in a room goes to the audit log: who and what, and never the words.
import type { RoomSettings } from '../../protocol/chat/settings.ts';
import type { MessageId, StreamId, UserId } from '../../protocol/ids.ts';
import type { LineToHold } from './holding.ts';
import type { RoomTrace } from './inputs.ts';

/** What was said stays in the room. */
export const sentTrace = (streamId: StreamId, id: MessageId): RoomTrace => ({
  action: 'message.sent',
  target: { type: 'message', id },
  after: { streamId },
});

/** A judge let nobody see it; whose line it was, for the moderators who look at them next. */
export const deniedTrace = ({ id, streamId, author, reason, score }: LineToHold): RoomTrace => ({
  action: 'message.denied',
  target: { type: 'message', id },
  after: { streamId, authorId: author?.id ?? null, heldFor: null, score },
  reason,
});

export const removedTrace = (streamId: StreamId, id: MessageId, by: 'author' | 'moderator'): RoomTrace => ({
  action: 'message.removed',
  target: { type: 'message', id },
  after: { streamId, by },
});

/** So many of one person at once. */
export const removedAllTrace = (streamId: StreamId, userId: UserId, count: number): RoomTrace => ({
  action: 'message.removed',
  target: { type: 'user', id: userId },
  after: { streamId, by: 'moderator', count },
});

/** Null: nothing has changed. */
export function changedTrace(streamId: StreamId, before: RoomSettings, after: RoomSettings): RoomTrace | null {
  const names = (Object.keys(after) as (keyof RoomSettings)[]).filter((name) => after[name] !== before[name]);
  if (names.length === 0) return null;
  const of = (all: RoomSettings) => Object.fromEntries(names.map((name) => [name, all[name]]));
  return {
    action: 'room.changed',
    target: { type: 'stream', id: streamId },
    before: of(before),
    after: of(after),
  };
}

export const pinnedTrace = (streamId: StreamId, before: MessageId | null, after: MessageId | null): RoomTrace => ({
  action: 'message.pinned',
  target: { type: 'stream', id: streamId },
  before: { messageId: before },
  after: { messageId: after },
});

export const announcedTrace = (streamId: StreamId): RoomTrace => ({
  action: 'room.announced',
  target: { type: 'stream', id: streamId },
});
