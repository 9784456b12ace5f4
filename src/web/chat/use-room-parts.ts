// The room of a watch page: its code comes after the first picture, because nothing of the room may delay that, and then it is opened once for all of the page.
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { PlayerEngine } from '../player/engine.ts';
import type { followStream } from '../player/follow-stream.ts';
import type { ViewerPass } from '../player/viewer-pass.ts';
import { isLetIn } from './let-in.ts';
import type { PageRoom, Picture } from './page-room.ts';
import { usePageRoom } from './use-page-room.ts';

type Parts = typeof import('./room-parts.ts');

/** After the first picture; its first second is the thinnest. */
const REST_MS = 900;
/** Where no picture comes. */
const LIMIT_MS = 2_500;

export interface RoomPlace {
  parts: Parts | null;
  isFailed: boolean;
  /** Behind a shut door there is no room. */
  isIn: boolean;
  room: PageRoom | null;
}

interface Around {
  engine: PlayerEngine | null;
  stream: ReturnType<typeof followStream>;
  pass: ViewerPass;
}

export function useRoomParts({ engine, stream, pass }: Around): RoomPlace {
  const [parts, setParts] = useState<Parts | null>(null);
  const [isFailed, setFailed] = useState(false);
  const hasPicture = engine?.picture.value.hasPicture === true;
  useEffect(() => {
    if (parts) return;
    const load = () =>
      void import('./room-parts.ts').then(
        (loaded) => setParts(loaded),
        () => setFailed(true),
      );
    const timer = setTimeout(load, hasPicture ? REST_MS : LIMIT_MS);
    return () => clearTimeout(timer);
  }, [hasPicture, parts]);

  const watch = stream.watch.value;
  const shown = watch?.stream ?? null;
  const isIn = isLetIn(shown, pass.entry.value);
  const picture = useMemo(() => engine && pictureOf(engine, stream), [engine, stream]);
  const room = usePageRoom({
    open: isIn && picture ? (parts?.openPageRoom ?? null) : null,
    streamId: shown?.id ?? null,
    channelId: watch?.channelId ?? null,
    pass: pass.current,
    picture,
  });
  return { parts, isFailed, isIn, room };
}

const pictureOf = (engine: PlayerEngine, stream: Around['stream']): Picture => ({
  read() {
    const state = stream.watch.peek()?.stream?.state;
    const playingMs = engine.playingDateMs();
    const behindSeconds = engine.latencySeconds();
    const isKnown = state === 'live' && playingMs !== null && behindSeconds !== null;
    return {
      playingMs,
      edgeMs: isKnown ? playingMs + behindSeconds * 1000 : null,
      isLive: state === 'live',
      hasEnded: state === 'ended',
      isOver: engine.video.ended,
    };
  },
  nowMs: stream.serverNowMs,
});
