// What the room looks up in the database about people and old messages, when somebody moderates.
import { rolesAt } from '../../src/domain/access.ts';
import type { RemoveTarget } from '../../src/domain/chat/inputs.ts';
import type { Message } from '../../src/protocol/chat/message.ts';
import type { MessageId, StreamId, UserId } from '../../src/protocol/ids.ts';
import { findMessage } from '../../src/storage/messages.ts';
import { findChannelRole } from '../../src/storage/roles.ts';
import { findStream } from '../../src/storage/streams.ts';
import { findUser } from '../../src/storage/users.ts';
import type { RoomLog } from './log.ts';

/** From the room's own log, or from the archive what is no longer in it; null: it is not there to be seen. */
export async function messageOf(
  { db, log }: { db: D1Database; log: RoomLog },
  { streamId, id }: { streamId: StreamId; id: MessageId },
): Promise<Message | null> {
  if (log.knows(id)) return log.message(id);
  return findMessage(db, { streamId, id });
}

/** The message's author, with their roles as they are at this moment. */
export async function removeTargetOf(
  around: { db: D1Database; log: RoomLog },
  message: { streamId: StreamId; id: MessageId },
): Promise<RemoveTarget | null> {
  const found = await messageOf(around, message);
  if (!found) return null;
  const authorId = found.author?.id ?? null;
  const roles = authorId === null ? ANYBODY : await rolesOf(around.db, message.streamId, authorId);
  return { authorId, roles };
}

const ANYBODY = ['viewer'] as const;

async function rolesOf(db: D1Database, streamId: StreamId, userId: UserId) {
  const [stream, user] = await Promise.all([findStream(db, streamId), findUser(db, userId)]);
  if (!stream || !user) return ANYBODY;
  return rolesAt(user, stream, await findChannelRole(db, { channelId: stream.channelId, userId }));
}
