// The room's place beside the player: empty until the first picture is there, because nothing of the room may delay it.
import type { ComponentType } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { PlayerEngine } from '../player/engine.ts';
import type { followStream } from '../player/follow-stream.ts';
import type { ViewerPass } from '../player/viewer-pass.ts';
import type { Picture } from './use-room.ts';
import './chat-slot.css';

/** After the first picture; its first second is the thinnest. */
const REST_MS = 900;
/** Where no picture comes. */
const LIMIT_MS = 2_500;

type Panel = ComponentType<{ streamId: string; pass(): string | null; picture: Picture | null }>;

interface ChatSlotProps {
  engine: PlayerEngine | null;
  stream: ReturnType<typeof followStream>;
  pass: ViewerPass;
}

export function ChatSlot({ engine, stream, pass }: ChatSlotProps) {
  const [loaded, setLoaded] = useState<{ Panel: Panel } | null>(null);
  const [isFailed, setFailed] = useState(false);
  const shown = stream.watch.value?.stream ?? null;
  const hasPicture = engine?.picture.value.hasPicture === true;
  const entry = pass.entry.value.kind;
  const isGated = shown?.visibility === 'private' || shown?.visibility === 'password';
  const isIn = shown !== null && (entry === 'in' || (entry === 'open' && !isGated));

  useEffect(() => {
    if (loaded) return;
    const timer = setTimeout(
      () =>
        void import('./chat-panel.tsx').then(
          ({ ChatPanel }) => setLoaded({ Panel: ChatPanel }),
          () => setFailed(true),
        ),
      hasPicture ? REST_MS : LIMIT_MS,
    );
    return () => clearTimeout(timer);
  }, [hasPicture, loaded]);

  const picture = useMemo(
    (): Picture | null =>
      engine && {
        playingMs: () => engine.playingDateMs(),
        nowMs: stream.serverNowMs,
        isLive: () => stream.watch.peek()?.stream?.state === 'live',
      },
    [engine, stream],
  );
  const isReady = loaded !== null && isIn && picture !== null;
  return (
    <div class="chat-slot">
      {isReady ? (
        <loaded.Panel streamId={shown.id} pass={pass.current} picture={picture} key={shown.id} />
      ) : (
        <div class="chat">
          {isFailed && <p class="chat-slot-words">The chat did not load. Reload the page for it.</p>}
        </div>
      )}
    </div>
  );
}
