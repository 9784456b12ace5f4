// The newest lines of a room on nothing at all, for the browser source of an encoder: comes as nobody, only reads.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Said } from '../chat/message-line.tsx';
import { openRoom, type RoomDoor } from '../chat/room-door.ts';
import '../chat/chat.css';
import './overlay.css';
import { useTitle } from '../components/use-title.ts';
import { followStream } from '../player/follow-stream.ts';
import type { Route } from '../routes.ts';

const LINES_SHOWN = 12;
const nobody = () => null;

export function OverlayPage({ route: { id } }: { route: Extract<Route, { name: 'overlay' }> }) {
  const stream = useMemo(() => followStream(id, nobody), [id]);
  useEffect(() => stream.stop, [stream]);
  useEffect(() => {
    document.documentElement.dataset.overlay = '';
    return () => {
      delete document.documentElement.dataset.overlay;
    };
  }, []);
  useTitle('Chat overlay');
  const streamId = stream.watch.value?.stream?.id ?? null;
  const [door, setDoor] = useState<RoomDoor | null>(null);
  useEffect(() => {
    if (streamId === null) return;
    const opened = openRoom({ streamId, pass: nobody, isAnonymous: true });
    setDoor(opened);
    return () => opened.close();
  }, [streamId]);
  return <main class="overlay">{door && <Newest door={door} />}</main>;
}

function Newest({ door }: { door: RoomDoor }) {
  return (
    <ol class="overlay-lines" data-testid="overlay-lines">
      {door.state.value.lines.slice(-LINES_SHOWN).map((line) =>
        line.kind === 'message' ? (
          <li key={line.key}>
            <Said message={line.message} handle={null} />
          </li>
        ) : line.kind === 'announcement' ? (
          <li key={line.key}>
            <p class="chat-said">
              <strong>{line.text}</strong>
            </p>
          </li>
        ) : null,
      )}
    </ol>
  );
}
