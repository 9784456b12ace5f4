// Clears a room: all that was said up to now is gone, whoever said it. It is about the room, and not about a person.
import type { RoomEvent } from '../../protocol/chat/events.ts';
import type { RoomOutput } from './inputs.ts';
import type { Room } from './room.ts';

/** The number of the event is the next of the room; what is pinned goes by `pin`. */
export function cleared(room: Pick<Room, 'seq' | 'memory'>, reason: string | null, nowMs: number): RoomOutput[] {
  const { streamId } = room.memory;
  const upToSeq = room.seq;
  room.seq += 1;
  const event: RoomEvent = { kind: 'cleared', seq: room.seq, streamId, upToSeq, at: new Date(nowMs).toISOString() };
  const target = { type: 'stream' as const, id: streamId };
  return [
    { type: 'toEverybody', event, keys: null, trace: { action: 'room.cleared', target, after: { upToSeq }, reason } },
  ];
}
