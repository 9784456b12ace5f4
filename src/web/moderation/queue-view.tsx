// The queue: lines that a judge holds, each with why, how sure it is, how long it waits, and what may be done.
import type { HeldLine } from '../../protocol/chat/held.ts';
import type { Author } from '../../protocol/chat/message.ts';
import { useNow } from '../components/use-now.ts';
import type { DeskActs } from './desk-acts.ts';
import type { DeskRoom } from './desk-room.ts';
import { clockWords, QUICK_TIMEOUT_SECONDS, reasonWords, scoreWords } from './desk-words.ts';
import { KeyHint } from './key-hint.tsx';
import { markedParts } from './marked.ts';
import { PersonName } from './person-name.tsx';
import { standsBelow, type You } from './reach.ts';
import type { Selection } from './use-selection.ts';

interface QueueProps {
  /** Null: not known yet. */
  held: readonly HeldLine[] | null;
  room: DeskRoom | null;
  acts: DeskActs;
  you: You;
  selection: Selection;
  hasStream: boolean;
  onPerson(author: Author): void;
  onBan(author: Author): void;
}

/** The clock turns red when so little is left. */
const SOON_MS = 60_000;

export function QueueView({ held, room, hasStream, ...row }: QueueProps) {
  const nowMs = useNow(500);
  const problem = room?.queueProblem.value ?? null;
  // The clock of this machine may be wrong; that of the edge counts.
  const edgeMs = room?.nowMs() ?? nowMs;
  return (
    <section class="desk-pane desk-queue" id="place-queue" aria-labelledby="queue-title">
      <header class="desk-pane-head">
        <h2 id="queue-title">Queue</h2>
        {held !== null && held.length > 0 && <span class="desk-count">{held.length}</span>}
      </header>
      {problem && (
        <p class="message message-bad" role="alert">
          The queue could not be read: {problem}
        </p>
      )}
      <ol class="desk-rows" data-testid="queue" aria-busy={hasStream && held === null}>
        {held?.map((line) => (
          <HeldRow line={line} room={room} leftMs={Date.parse(line.expiresAt) - edgeMs} key={line.id} {...row} />
        ))}
      </ol>
      {!hasStream ? (
        <p class="desk-empty">No stream is open. When the next one begins, its room is here by itself.</p>
      ) : held === null ? (
        <p class="desk-empty">Reading the queue</p>
      ) : (
        held.length === 0 && <p class="desk-empty">Nothing waits. What a judge holds comes here.</p>
      )}
    </section>
  );
}

interface RowProps extends Omit<QueueProps, 'held' | 'hasStream'> {
  line: HeldLine;
  leftMs: number;
}

function HeldRow({ line, leftMs, room, acts, you, selection, onPerson, onBan }: RowProps) {
  const { id, author, text, found, reason, score, replyTo } = line;
  const isAt = selection.isAt('queue', id);
  const isBusy = acts.busy.value.includes(id);
  const mayAct = standsBelow(you, author);
  const decide = (decision: 'approved' | 'denied') => room && void acts.decide(room, line, decision);
  return (
    <li
      class="desk-row held-row"
      data-row={id}
      data-at={isAt}
      aria-current={isAt}
      tabIndex={isAt ? 0 : -1}
      onFocusIn={() => isAt || selection.pick('queue', id)}
      onPointerDown={() => selection.pick('queue', id)}
      data-testid="held-line"
    >
      <p class="held-why">
        <span class="held-reason" data-testid="held-reason">
          {reasonWords(reason)}
        </span>
        <span title="How sure the judge is">{scoreWords(score)}</span>
        <time class="held-clock" data-soon={leftMs < SOON_MS} title="Then it is dropped">
          {clockWords(leftMs)}
        </time>
      </p>
      {replyTo && (
        <p class="desk-quote">
          In answer to <bdi>{replyTo.author?.name ?? 'somebody who left'}</bdi>: {replyTo.text}
        </p>
      )}
      <p class="desk-said">
        <PersonName author={author} onPerson={onPerson} />
        {': '}
        <span class="desk-text" dir="auto">
          {markedParts(text, found ?? []).map((part, index) =>
            part.isFound ? <mark key={index}>{part.text}</mark> : part.text,
          )}
        </span>
      </p>
      {line.shown !== text && line.shown !== '' && (
        <p class="held-shown">
          Shown as: <span dir="auto">{line.shown}</span>
        </p>
      )}
      {mayAct ? (
        <p class="desk-row-acts">
          <button
            type="button"
            class="button button-small act-good"
            disabled={isBusy}
            onClick={() => decide('approved')}
            data-testid="held-approve"
          >
            Approve <KeyHint of="a" />
          </button>
          <button
            type="button"
            class="button button-small"
            disabled={isBusy}
            onClick={() => decide('denied')}
            data-testid="held-deny"
          >
            Deny <KeyHint of="d" />
          </button>
          {author && (
            <>
              <button
                type="button"
                class="button button-small button-quiet"
                onClick={() => void acts.ban(author, { seconds: QUICK_TIMEOUT_SECONDS })}
                data-testid="held-timeout"
              >
                10 min <KeyHint of="t" />
              </button>
              <button
                type="button"
                class="button button-small button-quiet act-bad"
                onClick={() => onBan(author)}
                data-testid="held-ban"
              >
                Ban <KeyHint of="b" />
              </button>
            </>
          )}
        </p>
      ) : (
        <p class="held-shown">Its author stands above you: somebody else decides about it.</p>
      )}
    </li>
  );
}
