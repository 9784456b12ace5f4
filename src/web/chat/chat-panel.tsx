// The room as viewers see it: what is pinned, the lines, how the room is set, and where one says something.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Author, Message } from '../../protocol/chat/message.ts';
import { Icon } from '../components/icon.tsx';
import { signInPath } from '../routes.ts';
import { session } from '../session.ts';
import { chooseSpoilers, spoilerChoice } from './chat-preferences.ts';
import { restrain } from './commands.ts';
import { Composer } from './composer.tsx';
import { useVisible } from './hidden-lines.ts';
import { LineList } from './line-list.tsx';
import { Said } from './message-line.tsx';
import type { PageRoom } from './page-room.ts';
import { PastBar } from './past-bar.tsx';
import type { RoomDoor } from './room-door.ts';
import { linkWords, modeWords, shutWords } from './room-words.ts';
import { Told } from './told.tsx';
import { useActs } from './use-acts.ts';
import { useViewerActs } from './viewer-acts.tsx';
import { WindowLink } from './window-link.tsx';
import './chat.css';

export function ChatPanel({ room }: { room: PageRoom }) {
  const { door } = room;
  const state = door.state.value;
  const { you, link } = state;
  const shown = room.shown.value;
  const { lines, pinned } = useVisible(shown, state.hidden);
  const acts = useActs(room);
  const asking = useViewerActs(door.api, acts.tell);
  const [replyTo, setReplyTo] = useState<Message | null>(null);
  const modes = modeWords(state);
  const words = linkWords(link);
  const isEmpty = state.room !== null && lines.length === 0 && state.pending.length === 0;
  const isReplyGone = replyTo !== null && ![...state.lines, ...shown.lines].some(({ key }) => key === replyTo.id);
  useEffect(() => {
    if (isReplyGone) setReplyTo(null);
  }, [isReplyGone]);
  const removed = ({ id }: Message) => {
    if (link.kind === 'open') door.remove(id);
    // A room that is over hears nothing any more; its history does.
    else void acts.run({ kind: 'remove', messageId: id }, 'It is gone.');
  };
  const restrained = ({ id, handle }: Author, seconds: number | null) => {
    const { act, done } = restrain({ id, handle }, seconds);
    void acts.run(act, done);
  };

  return (
    <section class="chat" aria-label="Chat" data-testid="chat" data-link={link.kind}>
      <header class="chat-head">
        <h2>Chat</h2>
        {room.hasPicture && shown.past === null && <SpoilerSwitch isOn={shown.isLocked} waiting={shown.waiting} />}
        {you?.mayModerate && (
          <WindowLink
            href={`/moderate/${room.streamId}`}
            icon="shield"
            words="Moderate this channel"
            testId="chat-moderate"
          />
        )}
        {room.hasPicture && (
          <WindowLink
            href={`/chat/${room.streamId}`}
            icon="window"
            words="Open the chat in a window of its own"
            title="Open in a window of its own"
            testId="chat-pop-out"
          />
        )}
      </header>
      {shown.past !== null && (
        <PastBar past={shown.past} hasEnded={state.room?.streamState === 'ended'} onWish={room.wish} />
      )}
      {pinned && (
        <div class="chat-pinned" data-testid="chat-pinned">
          <Icon name="pin" />
          <div>
            <span class="visually-hidden">Pinned: </span>
            <Said message={pinned} handle={you?.handle ?? null} />
          </div>
          {you?.mayModerate && (
            <button
              type="button"
              aria-label="Pin it no longer"
              title="Pin it no longer"
              onClick={() => void acts.run({ kind: 'unpin' }, 'Nothing is pinned any more.')}
            >
              <Icon name="close" />
            </button>
          )}
        </div>
      )}
      <LineList
        lines={lines}
        pending={state.pending}
        you={you}
        onReply={setReplyTo}
        onRemove={removed}
        onRestrain={restrained}
        onReport={asking.onReport}
        onBlock={asking.onBlock}
        onPin={({ id }) => void acts.run({ kind: 'pin', messageId: id }, 'It is pinned.')}
      />
      {asking.dialog}
      {isEmpty && (
        <p class="chat-empty">
          {shown.past === 'step' ? 'Nobody had said anything by then.' : 'Nobody has said anything yet.'}
        </p>
      )}
      <div class="chat-foot">
        {modes.length > 0 && (
          <p class="chat-modes" data-testid="chat-modes">
            {modes.map((mode) => (
              <span key={mode}>{mode}</span>
            ))}
          </p>
        )}
        {words !== null && (
          <p class="chat-link" role="status" data-testid="chat-link">
            {words}
          </p>
        )}
        <Told acts={acts} />
        <Entry door={door}>
          <Composer door={door} replyTo={replyTo} onReplyTo={setReplyTo} mediaTimeMs={room.playingMs} acts={acts} />
        </Entry>
      </div>
    </section>
  );
}

/** The composer, or what stands in its place. */
function Entry({ door, children }: { door: RoomDoor; children: ComponentChildren }) {
  const state = door.state.value;
  const shut = shutWords(state);
  if (state.link.kind === 'over' || state.room === null) return null;
  if (shut !== null) {
    return (
      <p class="chat-shut" data-testid="chat-shut">
        {shut}
      </p>
    );
  }
  if (session.value?.user == null) {
    return (
      <a class="button button-small" href={signInPath(location)} data-testid="chat-sign-in">
        Sign in to chat
      </a>
    );
  }
  return <>{children}</>;
}

function SpoilerSwitch({ isOn, waiting }: { isOn: boolean; waiting: number }) {
  const isChosen = spoilerChoice.value === 'on' || isOn;
  return (
    <button
      type="button"
      class="chat-spoilers"
      role="switch"
      aria-checked={isChosen}
      title="Messages wait until your own picture is where their sender was. By itself when you are more than 5 seconds behind."
      onClick={() => chooseSpoilers(isChosen ? 'off' : 'on')}
      data-testid="chat-spoilers"
    >
      <span class="chat-switch" aria-hidden="true" />
      No spoilers{waiting > 0 && isOn ? ` (${waiting})` : ''}
    </button>
  );
}
