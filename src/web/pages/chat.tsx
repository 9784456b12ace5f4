// The room of a stream in a window of its own, beside a player that stands elsewhere.
import { useEffect, useMemo } from 'preact/hooks';
import { ChatPanel } from '../chat/chat-panel.tsx';
import { isLetIn } from '../chat/let-in.ts';
import { openPageRoom } from '../chat/page-room.ts';
import { usePageRoom } from '../chat/use-page-room.ts';
import { useTitle } from '../components/use-title.ts';
import { followStream } from '../player/follow-stream.ts';
import { PasswordForm } from '../player/password-form.tsx';
import { useKnock } from '../player/use-knock.ts';
import { keepPass } from '../player/viewer-pass.ts';
import type { Route } from '../routes.ts';
import { refreshSession, session } from '../session.ts';

export function ChatPage({ route: { id } }: { route: Extract<Route, { name: 'chat' }> }) {
  const pass = useMemo(() => keepPass(id), [id]);
  const stream = useMemo(() => followStream(id, pass.current), [id, pass]);
  useEffect(() => stream.stop, [stream]);
  useEffect(() => pass.stop, [pass]);
  useEffect(() => {
    if (session.peek() === undefined) void refreshSession();
  }, []);
  useKnock(stream, pass);
  const watch = stream.watch.value;
  const shown = watch?.stream ?? null;
  useTitle(`Chat of ${shown?.title ?? watch?.channelName ?? 'a stream'}`);
  const entry = pass.entry.value;
  const isIn = isLetIn(shown, entry);
  const room = usePageRoom({
    open: isIn ? openPageRoom : null,
    streamId: shown?.id ?? null,
    channelId: watch?.channelId ?? null,
    pass: pass.current,
    picture: null,
  });

  return (
    <main id="main" class="chat-page" tabIndex={-1}>
      {entry.kind === 'password' ? (
        <div class="chat-page-words">
          <h1>This stream is locked</h1>
          <PasswordForm problem={entry.problem} onPassword={pass.knock} />
        </div>
      ) : isIn && shown ? (
        <>
          <h1 class="visually-hidden">{shown.title}</h1>
          {room && <ChatPanel room={room} key={shown.id} />}
        </>
      ) : (
        <p class="chat-page-words" role="status">
          {entry.kind === 'refused' ? 'There is no such stream, or you are not invited.' : 'Opening the chat'}
        </p>
      )}
    </main>
  );
}
