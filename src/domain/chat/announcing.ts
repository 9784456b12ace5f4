// What is announced in a room, and the same as the history has it.
import type { RoomEvent } from '../../protocol/chat/events.ts';
import type { Message } from '../../protocol/chat/message.ts';
import { MessageId, type StreamId } from '../../protocol/ids.ts';
import type { RoomOutput } from './inputs.ts';
import { mentionsIn } from './mentions.ts';
import { announcedTrace } from './room-traces.ts';
import { authorOf, type Speaker } from './speaker.ts';

type Announcement = Extract<RoomEvent, { kind: 'announcement' }>;

/** Its id follows from its place in the room: archived twice, it is there once. */
export const announced = (
  speaker: Speaker,
  { streamId, ...said }: Pick<Announcement, 'seq' | 'text' | 'mediaTimeMs' | 'at'> & { streamId: StreamId },
): RoomOutput => ({
  type: 'toEverybody',
  event: {
    kind: 'announcement',
    id: MessageId.parse(`ms_${streamId.slice(3, 23)}x${said.seq}`),
    streamId,
    author: authorOf(speaker),
    ...said,
  },
  keys: null,
  trace: announcedTrace(streamId),
});

/** Null: from before they had an id. */
export function announcementIn({ id, streamId, seq, author, text, mediaTimeMs, at }: Announcement): Message | null {
  if (id === undefined || streamId === undefined) return null;
  const said = { id, streamId, seq, author, text, sentAt: at, mediaTimeMs, replyTo: null };
  return { ...said, mentions: mentionsIn(text), isAnnouncement: true };
}
