// The place of what the audience does together, under the player: empty until the room has come.
import type { RoomPlace } from '../chat/use-room-parts.ts';
import type { PlayerEngine } from '../player/engine.ts';
import type { ViewerPass } from '../player/viewer-pass.ts';
import './crowd-slot.css';

interface CrowdSlotProps {
  place: RoomPlace;
  streamId: string | null;
  engine: PlayerEngine | null;
  pass: ViewerPass;
  hasEnded: boolean;
}

export function CrowdSlot({ place: { parts, isIn, room }, streamId, engine, ...rest }: CrowdSlotProps) {
  return (
    <div class="crowd-slot">
      {parts && isIn && streamId !== null && engine !== null && (
        <parts.Crowd room={room} streamId={streamId} engine={engine} {...rest} key={streamId} />
      )}
    </div>
  );
}
