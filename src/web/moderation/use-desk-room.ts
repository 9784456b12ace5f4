// The room of the stream that the channel has now; another stream is another room.
import { useEffect, useState } from 'preact/hooks';
import { type DeskHearing, type DeskRoom, openDeskRoom } from './desk-room.ts';

/** Null while there is no stream. `hearing`: the same one at every call. */
export function useDeskRoom(streamId: string | null, hearing: DeskHearing): DeskRoom | null {
  const [room, setRoom] = useState<DeskRoom | null>(null);
  useEffect(() => {
    if (streamId === null) return setRoom(null);
    const opened = openDeskRoom(streamId, hearing);
    setRoom(opened);
    return () => opened.close();
  }, [streamId, hearing]);
  return room?.streamId === streamId ? room : null;
}
