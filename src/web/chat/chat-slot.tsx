// The room's place beside the player: empty until the room has come.
import type { RoomPlace } from './use-room-parts.ts';
import './chat-slot.css';

export function ChatSlot({ place: { parts, isFailed, room } }: { place: RoomPlace }) {
  return (
    <div class="chat-slot">
      {parts && room ? (
        <parts.ChatPanel room={room} key={room.streamId} />
      ) : (
        <div class="chat">
          {isFailed && <p class="chat-slot-words">The chat did not load. Reload the page for it.</p>}
        </div>
      )}
    </div>
  );
}
