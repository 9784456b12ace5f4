// What is known of a person on the channel: what is suspicious, what was done about them, what they said, and what moderators noted.
import { useState } from 'preact/hooks';
import type { ActAbout, CardMessage, Note, PersonCard } from '../../protocol/person-card.ts';
import { Icon } from '../components/icon.tsx';
import { useSubmit } from '../components/use-submit.ts';
import { moderationApi } from '../moderation-api.ts';
import { clock, moment } from '../words.ts';
import type { LogEntry, UnseenBy } from './desk.ts';
import { ACT_WORDS } from './desk-words.ts';

interface PersonHistoryProps {
  card: PersonCard;
  channelId: string;
  /** Lines of theirs that nobody saw, since the page is open: their words are kept nowhere else. */
  unseen: readonly LogEntry[];
  onChanged(): Promise<void>;
}

export function PersonHistory({ card, channelId, unseen, onChanged }: PersonHistoryProps) {
  const { user, followedAt, suspicions, counts, acts, messages, notes } = card;
  return (
    <>
      {suspicions.length > 0 && (
        <ul class="person-flags" data-testid="person-flags">
          {suspicions.map(({ kind, words }) => (
            <li key={kind}>{words}</li>
          ))}
        </ul>
      )}
      <p class="muted">
        Here since {moment(user.createdAt)}.{' '}
        {followedAt ? `Follows since ${moment(followedAt)}.` : 'Does not follow the channel.'}
      </p>
      <dl class="person-counts" data-testid="person-counts">
        {COUNTS.map(({ name, words }) => (
          <div key={name}>
            <dt>{words}</dt>
            <dd>{counts[name]}</dd>
          </div>
        ))}
      </dl>
      <Notes notes={notes} channelId={channelId} userId={user.id} onChanged={onChanged} />
      <section aria-labelledby="acts-title">
        <h3 id="acts-title">What was done</h3>
        {acts.length === 0 && <p class="muted">Nothing.</p>}
        <ol class="person-said" data-testid="person-history">
          {acts.map((act) => (
            <Act act={act} key={act.id} />
          ))}
        </ol>
      </section>
      <section aria-labelledby="said-title">
        <h3 id="said-title">What they said here</h3>
        {messages.length + unseen.length === 0 && <p class="muted">Nothing.</p>}
        <ol class="person-said" data-testid="person-said">
          {unseen.toReversed().map((entry) => entry.kind === 'denied' && <Unseen entry={entry} key={entry.key} />)}
          {messages.map((message) => (
            <Said message={message} key={message.id} />
          ))}
        </ol>
      </section>
    </>
  );
}

const COUNTS: readonly { name: keyof PersonCard['counts']; words: string }[] = [
  { name: 'messages', words: 'Messages' },
  { name: 'removed', words: 'Removed' },
  { name: 'held', words: 'Held' },
  { name: 'denied', words: 'Denied' },
  { name: 'timeouts', words: 'Timeouts' },
  { name: 'bans', words: 'Bans' },
];

function Act({ act: { action, at, by, isEverywhere, reason, until, undoneAt } }: { act: ActAbout }) {
  const words = action === 'ban.placed' && until ? `Timeout until ${moment(until)}` : (ACT_WORDS[action] ?? action);
  return (
    <li data-undone={undoneAt !== null}>
      <time dateTime={at}>{moment(at)}</time> <strong>{words}</strong>
      {isEverywhere && ', everywhere'} {by ? `by ${by.name}` : 'by the room'}
      {reason ? `: ${reason}` : ''}
      {undoneAt && <span class="muted"> (undone {moment(undoneAt)})</span>}
    </li>
  );
}

function Said({ message: { text, sentAt, isRemoved } }: { message: CardMessage }) {
  return (
    <li>
      <time dateTime={sentAt}>{moment(sentAt)}</time>{' '}
      {isRemoved ? <s dir="auto">{text}</s> : <span dir="auto">{text}</span>}
    </li>
  );
}

function Unseen({ entry: { line, by, at } }: { entry: Extract<LogEntry, { kind: 'denied' }> }) {
  return (
    <li>
      <time dateTime={at}>{clock(at)}</time> <s dir="auto">{line.text}</s>{' '}
      <span class="muted">{UNSEEN_WORDS[by.what]}</span>
    </li>
  );
}

const UNSEEN_WORDS: Record<UnseenBy['what'], string> = {
  judge: 'denied by a judge',
  moderator: 'denied',
  nobody: 'ran out',
};

interface NotesProps {
  notes: readonly Note[];
  channelId: string;
  userId: string;
  onChanged(): Promise<void>;
}

/** Between moderators: nobody else sees them. */
function Notes({ notes, channelId, userId, onChanged }: NotesProps) {
  const [text, setText] = useState('');
  const { problem, isBusy, submitting } = useSubmit();
  const add = submitting(async () => {
    await moderationApi.note(channelId, userId, text.trim());
    setText('');
    await onChanged();
  });
  const remove = (id: string) =>
    submitting(async () => {
      await moderationApi.deleteNote(channelId, userId, id);
      await onChanged();
    });
  return (
    <section aria-labelledby="notes-title">
      <h3 id="notes-title">Notes between moderators</h3>
      <ul class="person-notes" data-testid="person-notes">
        {notes.map((note) => (
          <li key={note.id}>
            <span>
              <span dir="auto">{note.text}</span>
              <span class="muted">
                {note.author?.name ?? 'Somebody who left'}, {moment(note.writtenAt)}
              </span>
            </span>
            <button
              type="button"
              class="icon-button"
              disabled={isBusy}
              onClick={remove(note.id)}
              aria-label="Delete the note"
              title="Delete the note"
            >
              <Icon name="bin" />
            </button>
          </li>
        ))}
      </ul>
      <form class="person-find" onSubmit={add}>
        <input
          class="input"
          aria-label="A note about them, for moderators"
          placeholder="A note"
          maxLength={1000}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          data-testid="note-text"
        />
        <button
          type="submit"
          class="button button-small"
          disabled={isBusy || text.trim() === ''}
          data-testid="note-add"
        >
          Note
        </button>
        {problem && (
          <p class="message message-bad" role="alert">
            {problem.message}
          </p>
        )}
      </form>
    </section>
  );
}
