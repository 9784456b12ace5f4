// What happens in a room, in its one order: every event has the next number, is stored first and then sent to everybody.
import { z } from 'zod';
import { MessageId, StreamId } from '../ids.ts';
import { Author, Message } from './message.ts';
import { RoomView } from './settings.ts';

const seq = z.number().int().positive();

export const RoomEvent = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('message'), ...Message.shape, seq }),
  /** These are gone everywhere, replays included. */
  z.looseObject({
    kind: z.literal('removed'),
    seq,
    messageIds: z.array(MessageId),
    by: z.enum(['author', 'moderator']),
    at: z.iso.datetime(),
  }),
  /** All that was said up to this number is gone, replays included. */
  z.looseObject({
    kind: z.literal('cleared'),
    seq,
    streamId: StreamId,
    upToSeq: z.number().int().min(0),
    at: z.iso.datetime(),
  }),
  /** Settings, the state of the stream, or the automatic slow mode are now so. */
  z.looseObject({ kind: z.literal('modes'), seq, room: RoomView.omit({ pinned: true }), at: z.iso.datetime() }),
  z.looseObject({ kind: z.literal('pin'), seq, message: Message.nullable(), at: z.iso.datetime() }),
  z.looseObject({
    kind: z.literal('announcement'),
    seq,
    /** As the history has it; missing: from before it had. */
    id: MessageId.optional(),
    streamId: StreamId.optional(),
    author: Author.nullable(),
    text: z.string(),
    /** The picture that it is about, programme time; null: not said. */
    mediaTimeMs: z.number().int().nullable(),
    at: z.iso.datetime(),
  }),
]);
export type RoomEvent = z.infer<typeof RoomEvent>;
