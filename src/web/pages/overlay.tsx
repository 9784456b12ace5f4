// The newest lines of a room on nothing at all, for the browser source of an encoder: comes as nobody, only reads.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { isLetIn } from '../chat/let-in.ts';
import { Said } from '../chat/message-line.tsx';
import { openRoom, type RoomDoor } from '../chat/room-door.ts';
import '../chat/chat.css';
import './overlay.css';
import { PASS_PARAMETER } from '../../protocol/paths.ts';
import { useTitle } from '../components/use-title.ts';
import { followStream } from '../player/follow-stream.ts';
import { PasswordForm } from '../player/password-form.tsx';
import { useKnock } from '../player/use-knock.ts';
import { keepPass, type ViewerPass } from '../player/viewer-pass.ts';
import { roomApi } from '../room-api.ts';
import { type Route, signInPath } from '../routes.ts';

const LINES_SHOWN = 12;

export function OverlayPage({ route: { id } }: { route: Extract<Route, { name: 'overlay' }> }) {
  const given = useMemo(() => new URLSearchParams(location.search).get(PASS_PARAMETER), []);
  const kept = useMemo(() => keepPass(id), [id]);
  const pass = useMemo(() => () => kept.current() ?? given, [kept, given]);
  const stream = useMemo(() => followStream(id, pass), [id, pass]);
  useEffect(() => stream.stop, [stream]);
  useEffect(() => kept.stop, [kept]);
  useEffect(() => {
    document.documentElement.dataset.overlay = '';
    return () => {
      delete document.documentElement.dataset.overlay;
    };
  }, []);
  useTitle('Chat overlay');
  const shown = stream.watch.value?.stream ?? null;
  const streamId = shown?.id ?? null;
  const isMissing = stream.isMissing.value;

  // What the address carries is tried first; where it opens nothing, the overlay knocks as every page does.
  const [isGivenGood, setGivenGood] = useState<boolean | null>(given === null ? false : null);
  useEffect(() => {
    if (isGivenGood !== null) return;
    if (isMissing) return setGivenGood(false);
    if (streamId !== null)
      void roomApi(streamId, pass)
        .view()
        .then(
          () => setGivenGood(true),
          () => setGivenGood(false),
        );
  }, [isGivenGood, isMissing, streamId, pass]);

  const isIn = isGivenGood === true || (isGivenGood === false && isLetIn(shown, kept.entry.value));
  const [door, setDoor] = useState<RoomDoor | null>(null);
  useEffect(() => {
    if (streamId === null || !isIn) return;
    const opened = openRoom({ streamId, pass, isAnonymous: true });
    setDoor(opened);
    return () => opened.close();
  }, [streamId, isIn, pass]);
  return (
    <main class="overlay">
      {door && <Newest door={door} />}
      {isGivenGood === false && <Gate stream={stream} pass={kept} wasGiven={given !== null} />}
    </main>
  );
}

interface GateProps {
  stream: ReturnType<typeof followStream>;
  pass: ViewerPass;
  wasGiven: boolean;
}

/** Nothing to see where one is let in; else, for whoever sets it up, what they can do. */
function Gate({ stream, pass, wasGiven }: GateProps) {
  useKnock(stream, pass);
  const entry = pass.entry.value;
  if (entry.kind !== 'password' && entry.kind !== 'refused') return null;
  return (
    <div class="overlay-gate" data-testid="overlay-gate">
      <strong>
        {entry.kind === 'password' ? 'This stream is locked' : 'There is no such stream, or it is private'}
      </strong>
      {wasGiven && <span>The pass in the address of this overlay opens nothing any more.</span>}
      {entry.kind === 'password' ? (
        <>
          <span>Type its password here (in OBS: Interact), and the overlay keeps itself open.</span>
          <PasswordForm problem={entry.problem} onPassword={pass.knock} />
        </>
      ) : (
        <span>
          <a href={signInPath(location)}>Sign in</a> here as somebody who is invited (in OBS: Interact), or add a
          viewing pass to the address: <code>?{PASS_PARAMETER}=…</code>
        </span>
      )}
    </div>
  );
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
