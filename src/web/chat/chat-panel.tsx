// The room as viewers see it: what is pinned, the lines, how the room is set, and where one says something.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Message } from '../../protocol/chat/message.ts';
import { Icon } from '../components/icon.tsx';
import { signInPath } from '../routes.ts';
import { session } from '../session.ts';
import { chooseSpoilers, spoilerChoice } from './chat-preferences.ts';
import { Composer } from './composer.tsx';
import { isDue } from './due.ts';
import { LineList } from './line-list.tsx';
import { Said } from './message-line.tsx';
import type { RoomDoor } from './room-door.ts';
import { linkWords, modeWords, shutWords } from './room-words.ts';
import { useActs } from './use-acts.ts';
import { type Picture, useRoom, useShown } from './use-room.ts';
import './chat.css';

interface ChatPanelProps {
  streamId: string;
  pass(): string | null;
  /** Beside the player; null: the room stands alone. */
  picture: Picture | null;
}

export function ChatPanel({ streamId, pass, picture }: ChatPanelProps) {
  const door = useRoom(streamId, pass);
  return door ? <OpenRoom door={door} picture={picture} streamId={streamId} key={streamId} /> : <div class="chat" />;
}

function OpenRoom({ door, picture, streamId }: { door: RoomDoor; picture: Picture | null; streamId: string }) {
  const state = door.state.value;
  const { you, pinned, link } = state;
  const shown = useShown(door, picture);
  const acts = useActs(door.api);
  const [replyTo, setReplyTo] = useState<Message | null>(null);
  const modes = modeWords(state);
  const words = linkWords(link);
  const isEmpty = state.room !== null && shown.lines.length === 0 && state.pending.length === 0;
  const isPinDue = pinned !== null && isDue(pinned, { untilMs: shown.untilMs, youId: you?.id ?? null });
  const isReplyGone = replyTo !== null && !state.lines.some(({ key }) => key === replyTo.id);
  useEffect(() => {
    if (isReplyGone) setReplyTo(null);
  }, [isReplyGone]);

  return (
    <section class="chat" aria-label="Chat" data-testid="chat" data-link={link.kind}>
      <header class="chat-head">
        <h2>Chat</h2>
        {picture && <SpoilerSwitch isOn={shown.isLocked} waiting={shown.waiting} />}
        {picture && <PopOut streamId={streamId} />}
      </header>
      {pinned && isPinDue && (
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
        lines={shown.lines}
        pending={state.pending}
        you={you}
        onReply={setReplyTo}
        onRemove={({ id }) => door.remove(id)}
        onPin={({ id }) => void acts.run({ kind: 'pin', messageId: id }, 'It is pinned.')}
      />
      {isEmpty && <p class="chat-empty">Nobody has said anything yet.</p>}
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
        <Entry door={door}>
          <Composer
            door={door}
            replyTo={replyTo}
            onReplyTo={setReplyTo}
            mediaTimeMs={() => picture?.playingMs() ?? null}
            acts={acts}
          />
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

function PopOut({ streamId }: { streamId: string }) {
  return (
    <a
      class="chat-pop-out"
      href={`/chat/${streamId}`}
      target="_blank"
      rel="noopener"
      aria-label="Open the chat in a window of its own"
      title="Open in a window of its own"
      data-testid="chat-pop-out"
    >
      <Icon name="window" />
    </a>
  );
}
