// The card of one person: what stands against them, what they have said here, and what a moderator may do about it.
import { useState } from 'preact/hooks';
import type { Author } from '../../protocol/chat/message.ts';
import { BADGE_WORDS } from '../chat/room-words.ts';
import { peopleApi } from '../people-api.ts';
import { clock, moment } from '../words.ts';
import type { LogEntry } from './desk.ts';
import { authorOf } from './desk.ts';
import type { DeskActs } from './desk-acts.ts';
import { TIMEOUTS } from './desk-words.ts';
import { standsBelow, type You } from './reach.ts';

interface PersonCardProps {
  person: Author | null;
  acts: DeskActs;
  you: You;
  log: readonly LogEntry[];
  onPerson(author: Author): void;
  onBan(author: Author): void;
}

/** Of what they said while the page was open. */
const SAID_SHOWN = 30;

export function PersonCard({ person, acts, you, log, onPerson, onBan }: PersonCardProps) {
  return (
    <div class="person-card">
      <FindPerson onFound={onPerson} />
      {person === null ? (
        <p class="desk-empty">Choose a line, or a name, to see who that is.</p>
      ) : (
        <Known person={person} acts={acts} you={you} log={log} onBan={onBan} key={person.id} />
      )}
    </div>
  );
}

function FindPerson({ onFound }: { onFound(author: Author): void }) {
  const [handle, setHandle] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const find = async (event: Event) => {
    event.preventDefault();
    setProblem(null);
    await peopleApi.find(handle).then(
      (found) => onFound({ ...found, roles: [] }),
      (error: Error) => setProblem(error.message),
    );
  };
  return (
    <form class="person-find" onSubmit={find}>
      <input
        class="input"
        type="search"
        placeholder="Handle"
        aria-label="Find somebody by handle"
        autocapitalize="none"
        autocomplete="off"
        spellcheck={false}
        maxLength={41}
        value={handle}
        onInput={(event) => setHandle(event.currentTarget.value)}
        data-testid="find-person"
      />
      <button type="submit" class="button button-small" disabled={handle.trim() === ''}>
        Find
      </button>
      {problem && (
        <p class="message message-bad" role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}

interface KnownProps extends Omit<PersonCardProps, 'person' | 'onPerson'> {
  person: Author;
}

function Known({ person, acts, you, log, onBan }: KnownProps) {
  const said = log.filter((entry) => authorOf(entry)?.id === person.id).slice(-SAID_SHOWN);
  return (
    <article class="person-known" aria-label={person.name} data-testid="person-card">
      <header>
        <h2>{person.name}</h2>
        <p class="muted">
          @{person.handle}
          {person.roles.map((role) => ` · ${BADGE_WORDS[role].name}`)}
        </p>
      </header>
      <Acts person={person} acts={acts} you={you} onBan={onBan} />
      <section aria-labelledby="said-title">
        <h3 id="said-title">Said while this page was open</h3>
        {said.length === 0 && <p class="muted">Nothing.</p>}
        <ol class="person-said" data-testid="person-said">
          {said.toReversed().map((entry) => (
            <Said entry={entry} key={entry.key} />
          ))}
        </ol>
      </section>
    </article>
  );
}

function Said({ entry }: { entry: LogEntry }) {
  if (entry.kind === 'denied') {
    return (
      <li>
        <time>{clock(entry.decision.at)}</time> <s dir="auto">{entry.line.text}</s>
      </li>
    );
  }
  if (entry.kind !== 'message') return null;
  const { text, sentAt } = entry.message;
  return (
    <li>
      <time>{clock(sentAt)}</time> {entry.gone ? <s dir="auto">{text}</s> : <span dir="auto">{text}</span>}
    </li>
  );
}

/** One click each, but for the ban, which asks why. */
function Acts({ person, acts, you, onBan }: Omit<KnownProps, 'log'>) {
  const ban = acts.bans.value?.find(({ user }) => user.id === person.id) ?? null;
  const isBusy = acts.busy.value.includes(person.id);
  if (person.id === you?.id) return <p class="muted">That is you.</p>;
  if (!standsBelow(you, person)) {
    return <p class="muted">{person.name} stands above you or beside you. Ask somebody whose role does stand above.</p>;
  }
  return (
    <>
      {ban && (
        <p class="message message-bad person-ban" data-testid="person-ban">
          {ban.effect === 'hold' ? 'Held back: everything waits for a moderator' : 'May say nothing'}
          {ban.until ? ` until ${moment(ban.until)}` : ' for good'}
          {ban.reason ? `. ${ban.reason}.` : '.'}
        </p>
      )}
      <div class="person-acts">
        <span class="person-acts-name">Says nothing for</span>
        {TIMEOUTS.map(({ seconds, words }) => (
          <button
            type="button"
            class="button button-small"
            disabled={isBusy}
            onClick={() => void acts.ban(person, { seconds })}
            data-testid={`timeout-${seconds}`}
            key={seconds}
          >
            {words}
          </button>
        ))}
      </div>
      <div class="person-acts">
        <button
          type="button"
          class="button button-small button-danger"
          disabled={isBusy}
          onClick={() => onBan(person)}
          data-testid="person-do-ban"
        >
          Ban
        </button>
        <button
          type="button"
          class="button button-small"
          disabled={isBusy || ban?.effect === 'hold'}
          onClick={() => void acts.ban(person, { seconds: null, effect: 'hold' })}
          title="What they say waits for a moderator, and they see it as if it had been said"
          data-testid="person-shadow"
        >
          Hold back unseen
        </button>
        {ban && (
          <button
            type="button"
            class="button button-small act-good"
            disabled={isBusy}
            onClick={() => void acts.lift(person)}
            data-testid="person-lift"
          >
            Let speak again
          </button>
        )}
      </div>
    </>
  );
}
