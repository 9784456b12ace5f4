// The room of the stream that the channel has now; another stream is another room.
import { useEffect, useState } from 'preact/hooks';
import type { HeldDecision } from '../../protocol/chat/held.ts';
import { type DeskRoom, openDeskRoom } from './desk-room.ts';

/** Null while there is no stream. `onDecided`: the same function at every call. */
export function useDeskRoom(streamId: string | null, onDecided: (decision: HeldDecision) => void): DeskRoom | null {
  const [room, setRoom] = useState<DeskRoom | null>(null);
  useEffect(() => {
    if (streamId === null) return setRoom(null);
    const opened = openDeskRoom(streamId, onDecided);
    setRoom(opened);
    return () => opened.close();
  }, [streamId, onDecided]);
  return room?.streamId === streamId ? room : null;
}
