// One line of the room, and what may be done about it.

import { isHiddenFrom } from '../../domain/chat/hiding.ts';
import { mayActOn } from '../../domain/rank.ts';
import type { Author, Message } from '../../protocol/chat/message.ts';
import { Icon, type IconName } from '../components/icon.tsx';
import { clock } from '../words.ts';
import { TIMEOUT_SECONDS } from './commands.ts';
import { BADGE_WORDS } from './room-words.ts';
import type { Line, RoomState } from './state.ts';
import { actionOf, isAction, textParts } from './text-parts.ts';

export interface LineActs {
  onReply(message: Message): void;
  onRemove(message: Message): void;
  onPin(message: Message): void;
  /** `seconds` null: for good. */
  onRestrain(author: Author, seconds: number | null): void;
  onReport(message: Message): void;
  onBlock(author: Author): void;
}

export interface LineProps extends LineActs {
  line: Line;
  you: RoomState['you'];
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

function Acts({ message, isMine, you, isActive, onReply, onRemove, onPin, onRestrain, ...acts }: ActsProps) {
  const { author } = message;
  const name = author?.name ?? 'somebody';
  if (!you.maySend && !you.mayModerate) return null;
  const button = (icon: IconName, title: string, label: string, act: () => void, testId: string) => (
    <button
      type="button"
      tabIndex={isActive ? 0 : -1}
      onClick={act}
      aria-label={label}
      title={title}
      data-testid={testId}
      key={testId}
    >
      <Icon name={icon} />
    </button>
  );
  // Nobody acts on an equal or a higher role; the server says so, too.
  const mayRestrain = you.mayModerate && !isMine && author !== null && mayActOn(you.roles, author.roles);
  const mayBlock = !isMine && !you.mayModerate && author !== null && isHiddenFrom(new Set([author.id]), message);
  return (
    <span class="chat-acts">
      {you.maySend && button('reply', 'Reply', `Reply to ${name}`, () => onReply(message), 'chat-reply')}
      {you.mayModerate && button('pin', 'Pin', `Pin the message of ${name}`, () => onPin(message), 'chat-pin')}
      {mayRestrain && [
        button(
          'clock',
          'Time out for 10 min',
          `Time ${name} out for 10 minutes`,
          () => onRestrain(author, TIMEOUT_SECONDS),
          'chat-timeout',
        ),
        button(
          'ban',
          'Ban, and remove what they said',
          `Ban ${name}, and remove what they said`,
          () => onRestrain(author, null),
          'chat-ban',
        ),
      ]}
      {!isMine &&
        !mayRestrain &&
        button('flag', 'Report', `Report the message of ${name}`, () => acts.onReport(message), 'chat-report')}
      {mayBlock && button('unseen', 'Block', `Block ${name}`, () => acts.onBlock(author), 'chat-block')}
      {(isMine || you.mayModerate) &&
        button(
          'bin',
          'Delete',
          isMine ? 'Delete your message' : `Delete the message of ${name}`,
          () => onRemove(message),
          'chat-delete',
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
