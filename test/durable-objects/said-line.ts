// A line of a room as its log keeps it, said in the second of its number.
import type { RoomEvent } from '../../src/protocol/chat/events.ts';
import type { MessageId, StreamId } from '../../src/protocol/ids.ts';

export const saidLine = (seq: number, id = `ms_${seq}`): Extract<RoomEvent, { kind: 'message' }> => ({
  kind: 'message',
  seq,
  id: id as MessageId,
  streamId: 'st_abcd' as StreamId,
  author: null,
  text: `No ${seq}`,
  sentAt: new Date(seq * 1000).toISOString(),
  mediaTimeMs: null,
  replyTo: null,
  mentions: [],
});
