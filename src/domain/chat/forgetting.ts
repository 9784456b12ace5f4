// Takes people out of what a room has kept: their words stay, without an author.
import type { RoomEvent } from '../../protocol/chat/events.ts';
import type { Message } from '../../protocol/chat/message.ts';
import type { UserId } from '../../protocol/ids.ts';

export function withoutPeople(event: RoomEvent, ids: readonly UserId[]): RoomEvent {
  if (event.kind === 'message') return { ...event, ...messageWithout(event, ids) };
  if (event.kind === 'pin') return { ...event, message: event.message && messageWithout(event.message, ids) };
  if (event.kind === 'announcement') return { ...event, author: without(event.author, ids) };
  return event;
}

export function messageWithout<Kind extends Pick<Message, 'author' | 'replyTo'>>(
  message: Kind,
  ids: readonly UserId[],
): Kind {
  const { author, replyTo } = message;
  return {
    ...message,
    author: without(author, ids),
    replyTo: replyTo && { ...replyTo, author: without(replyTo.author, ids) },
  };
}

const without = <Person extends { id: UserId }>(person: Person | null, ids: readonly UserId[]): Person | null =>
  person && ids.includes(person.id) ? null : person;
