// Opens the room of a page when it is known who sits there, and opens it anew when somebody else does.
import { useEffect, useState } from 'preact/hooks';
import { session } from '../session.ts';
import type { openPageRoom, PageRoom, Picture } from './page-room.ts';

interface UsedRoom {
  /** Null: its code has not come yet, or nobody is let in. */
  open: typeof openPageRoom | null;
  streamId: string | null;
  channelId: string | null;
  pass(): string | null;
  picture: Picture | null;
}

export function usePageRoom({ open, streamId, channelId, pass, picture }: UsedRoom): PageRoom | null {
  const userId = session.value === undefined ? undefined : (session.value?.user?.id ?? null);
  const [room, setRoom] = useState<PageRoom | null>(null);
  useEffect(() => {
    if (userId === undefined || open === null || streamId === null || channelId === null) return;
    const opened = open({ streamId, channelId, pass, picture });
    setRoom(opened);
    return () => {
      opened.close();
      setRoom(null);
    };
  }, [open, streamId, channelId, pass, picture, userId]);
  return room;
}
