// Where one says something: the field, what it answers, how much is left, and in words why something was refused.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Message } from '../../protocol/chat/message.ts';
import { Icon } from '../components/icon.tsx';
import { useNow } from '../components/use-now.ts';
import { AppealBox } from './appeal-box.tsx';
import { type Command, readCommand } from './commands.ts';
import type { RoomDoor } from './room-door.ts';
import { refusalWords } from './room-words.ts';
import { countCharacters } from './text-parts.ts';
import type { Acts } from './use-acts.ts';

/** The counter shows when so few characters are left. */
const NEAR_LIMIT = 60;

interface ComposerProps {
  door: RoomDoor;
  replyTo: Message | null;
  onReplyTo(message: Message | null): void;
  /** Programme time of what this viewer sees, Unix ms; null: nothing. */
  mediaTimeMs(): number | null;
  acts: Acts;
}

export function Composer({ door, replyTo, onReplyTo, mediaTimeMs, acts }: ComposerProps) {
  const { charactersMax, refusal, lines, you } = door.state.value;
  const [draft, setDraft] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const nowMs = useNow(500);
  const left = charactersMax - countCharacters(draft);
  const isBanned = refusal?.code === 'banned' && (refusal.untilMs === null || refusal.untilMs > nowMs);
  // A ban may be lifted before its time without a word.
  const mustWait = refusal?.untilMs != null && refusal.untilMs > nowMs && refusal.code !== 'banned';
  const canSend = draft.trim() !== '' && left >= 0 && !mustWait;

  useEffect(() => {
    if (replyTo) field.current?.focus();
  }, [replyTo]);
  // What was refused is not lost: it comes back into the field, unless something else is in it by now.
  useEffect(() => {
    if (refusal?.text == null) return;
    setDraft((now) => (now === '' ? (refusal.text ?? '') : now));
    if (replyTo === null && refusal.replyTo) onReplyTo(refusal.replyTo);
  }, [refusal]);
  useEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = 'auto';
    area.style.height = `${Math.min(area.scrollHeight, 140)}px`;
  }, [draft]);

  const send = (event: Event) => {
    event.preventDefault();
    if (!canSend) return;
    const last = lines.findLast((line) => line.kind === 'message');
    const lastId = last?.kind === 'message' ? last.message.id : null;
    const command: Command = readCommand(draft, {
      mayModerate: you?.mayModerate === true,
      replyToId: replyTo?.id ?? null,
      lastId,
    });
    door.forgetRefusal();
    acts.forget();
    if (command.kind === 'say') {
      const seenMs = mediaTimeMs();
      door.say(command.text, replyTo, seenMs === null ? null : Math.round(seenMs));
    } else if (command.kind === 'tell') acts.tell(command.words, command.isProblem);
    else void acts.run(command.act, command.done);
    // A command that was mistyped stays to be mended.
    if (command.kind !== 'tell' || !command.isProblem) setDraft('');
    onReplyTo(null);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    // Enter also ends the choice of a character in an input method.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) send(event);
    if (event.key === 'Escape' && replyTo) onReplyTo(null);
  };

  return (
    <>
      <div class="chat-told" role="status">
        {refusal && (
          <p class="chat-refusal" data-testid="chat-refusal">
            {refusalWords(refusal, nowMs)}
          </p>
        )}
      </div>
      {isBanned && refusal.appealAt !== null && <AppealBox at={refusal.appealAt} />}
      <form class="chat-composer" onSubmit={send}>
        {replyTo && (
          <div class="chat-replying">
            <span>
              Replying to <bdi>{replyTo.author?.name ?? 'somebody who left'}</bdi>:{' '}
              <span dir="auto">{replyTo.text}</span>
            </span>
            <button type="button" onClick={() => onReplyTo(null)} aria-label="Do not reply" title="Do not reply">
              <Icon name="close" />
            </button>
          </div>
        )}
        <div class="chat-field">
          <textarea
            ref={field}
            class="input"
            rows={1}
            dir="auto"
            placeholder="Say something"
            aria-label="Say something"
            aria-describedby="chat-left"
            value={draft}
            onInput={(event) => setDraft(event.currentTarget.value)}
            onKeyDown={onKeyDown}
            data-testid="chat-input"
          />
          <button
            type="submit"
            class="icon-button"
            aria-label="Send"
            title="Send"
            disabled={!canSend}
            data-testid="chat-send"
          >
            <Icon name="send" />
          </button>
        </div>
        <span id="chat-left" class="chat-left" data-over={left < 0} hidden={left > NEAR_LIMIT} data-testid="chat-left">
          {left < 0 ? `${-left} too many` : `${left} left`}
        </span>
      </form>
    </>
  );
}
