// One line of the room, and what may be done about it.
import type { Author, Message } from '../../protocol/chat/message.ts';
import { Icon } from '../components/icon.tsx';
import { clock } from '../words.ts';
import { BADGE_WORDS } from './room-words.ts';
import type { Line } from './state.ts';
import { actionOf, isAction, textParts } from './text-parts.ts';

export interface LineActs {
  onReply(message: Message): void;
  onRemove(message: Message): void;
  onPin(message: Message): void;
}

export interface LineProps extends LineActs {
  line: Line;
  you: { id: string; handle: string; maySend: boolean; mayModerate: boolean } | null;
  /** The one that the keyboard is at: it and its buttons are stops of Tab, the others are not. */
  isActive: boolean;
}

export function RoomLine({ line, you, isActive, ...acts }: LineProps) {
  if (line.kind === 'gap') return <li class="chat-gap">Some messages were missed here.</li>;
  if (line.kind === 'announcement') {
    return (
      <li class="chat-announcement" data-key={line.key} data-testid="chat-announcement">
        <strong>Announcement{line.author && ` by ${line.author.name}`}</strong>
        <Text text={line.text} mentions={[]} handle={null} />
      </li>
    );
  }
  const { message } = line;
  const isMine = you !== null && message.author?.id === you.id;
  const namesYou = you !== null && message.mentions.includes(you.handle.toLowerCase());
  const answersYou = you !== null && message.replyTo?.author?.id === you.id;
  return (
    <li
      class="chat-line"
      data-key={line.key}
      data-mine={isMine}
      data-for-you={(namesYou || answersYou) && !isMine}
      data-testid="chat-line"
      tabIndex={isActive ? 0 : -1}
    >
      {message.replyTo && <Quote quoted={message.replyTo} />}
      <Said message={message} handle={you?.handle ?? null} />
      {you && <Acts message={message} isMine={isMine} you={you} isActive={isActive} {...acts} />}
    </li>
  );
}

function Quote({ quoted: { author, text } }: { quoted: NonNullable<Message['replyTo']> }) {
  return (
    <p class="chat-quote">
      <span class="visually-hidden">In answer to </span>
      <bdi>{author?.name ?? 'somebody who left'}</bdi>: <span dir="auto">{text}</span>
    </p>
  );
}

/** Time, badges, name and text; also of the pinned message. */
export function Said({ message, handle }: { message: Message; handle: string | null }) {
  const { author, text, mentions, sentAt } = message;
  const isDoing = isAction(text);
  return (
    <p class="chat-said" data-action={isDoing}>
      <time dateTime={sentAt}>{clock(sentAt)}</time> <Badges roles={author?.roles ?? []} />
      <bdi class="chat-name" data-tint={tintOf(author?.id ?? '')} title={author ? `@${author.handle}` : undefined}>
        {author?.name ?? 'Somebody who left'}
      </bdi>
      {isDoing ? ' ' : ': '}
      <Text text={isDoing ? actionOf(text) : text} mentions={mentions} handle={handle} />
    </p>
  );
}

function Badges({ roles }: { roles: Author['roles'] }) {
  return (
    <>
      {roles.map((role) => (
        <span class="chat-badge" data-role={role} title={BADGE_WORDS[role].name} key={role}>
          <span aria-hidden="true">{BADGE_WORDS[role].letter}</span>
          <span class="visually-hidden">{BADGE_WORDS[role].name} </span>
        </span>
      ))}
    </>
  );
}

/** Text is only ever text; what leads elsewhere says so, and takes nothing along. */
function Text({ text, mentions, handle }: { text: string; mentions: readonly string[]; handle: string | null }) {
  return (
    <span class="chat-text" dir="auto">
      {textParts(text, mentions, handle).map((part, index) => {
        if (part.kind === 'text') return part.text;
        if (part.kind === 'mention')
          return (
            <b class="chat-mention" data-you={part.isYou} key={index}>
              {part.text}
            </b>
          );
        return (
          <a href={part.href} target="_blank" rel="nofollow noopener noreferrer ugc" key={index}>
            {part.text}
          </a>
        );
      })}
    </span>
  );
}

interface ActsProps extends LineActs {
  message: Message;
  isMine: boolean;
  you: NonNullable<LineProps['you']>;
  isActive: boolean;
}

function Acts({ message, isMine, you, isActive, onReply, onRemove, onPin }: ActsProps) {
  const tabIndex = isActive ? 0 : -1;
  const name = message.author?.name ?? 'somebody';
  if (!you.maySend && !you.mayModerate) return null;
  return (
    <span class="chat-acts">
      {you.maySend && (
        <button
          type="button"
          tabIndex={tabIndex}
          onClick={() => onReply(message)}
          aria-label={`Reply to ${name}`}
          title="Reply"
          data-testid="chat-reply"
        >
          <Icon name="reply" />
        </button>
      )}
      {you.mayModerate && (
        <button
          type="button"
          tabIndex={tabIndex}
          onClick={() => onPin(message)}
          aria-label={`Pin the message of ${name}`}
          title="Pin"
          data-testid="chat-pin"
        >
          <Icon name="pin" />
        </button>
      )}
      {(isMine || you.mayModerate) && (
        <button
          type="button"
          tabIndex={tabIndex}
          onClick={() => onRemove(message)}
          aria-label={isMine ? 'Delete your message' : `Delete the message of ${name}`}
          title="Delete"
          data-testid="chat-delete"
        >
          <Icon name="bin" />
        </button>
      )}
    </span>
  );
}

const TINTS = 8;

/** The same colour for the same person, everywhere. */
function tintOf(id: string): number {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.charCodeAt(0)) % 65_521;
  return sum % TINTS;
}
