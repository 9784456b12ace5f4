// The card of one person: what stands against them, what they have said here, and what a moderator may do about it.
import { useState } from 'preact/hooks';
import type { Ban } from '../../protocol/bans.ts';
import type { Author } from '../../protocol/chat/message.ts';
import { BADGE_WORDS } from '../chat/room-words.ts';
import { peopleApi } from '../people-api.ts';
import { moment } from '../words.ts';
import type { LogEntry } from './desk.ts';
import type { DeskActs } from './desk-acts.ts';
import { TIMEOUTS } from './desk-words.ts';
import { PersonHistory } from './person-history.tsx';
import { standsBelow, type You } from './reach.ts';
import { useCard } from './use-card.ts';

interface PersonCardProps {
  channelId: string;
  person: Author | null;
  /** Another number: their card is read anew. */
  turn: number;
  acts: DeskActs;
  you: You;
  log: readonly LogEntry[];
  onPerson(author: Author): void;
  onBan(author: Author): void;
}

export function PersonCard({ channelId, person, turn, acts, you, log, onPerson, onBan }: PersonCardProps) {
  return (
    <div class="person-card">
      <FindPerson onFound={onPerson} />
      {person === null ? (
        <p class="desk-empty">Choose a line, or a name, to see who that is.</p>
      ) : (
        <Known
          channelId={channelId}
          person={person}
          turn={turn}
          acts={acts}
          you={you}
          log={log}
          onBan={onBan}
          key={person.id}
        />
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

function Known({ channelId, person, turn, acts, you, log, onBan }: KnownProps) {
  const { card, problem, refresh } = useCard(channelId, person.id, turn);
  const said = log.filter((entry) => entry.kind === 'denied' && entry.line.author?.id === person.id);
  // Found by handle nobody brings their roles along.
  const known = { ...person, roles: card?.roles ?? person.roles };
  return (
    <article class="person-known" aria-label={person.name} data-testid="person-card">
      <header>
        <h2>{person.name}</h2>
        <p class="muted">
          @{person.handle}
          {known.roles.map((role) => ` · ${BADGE_WORDS[role].name}`)}
        </p>
      </header>
      <Acts person={known} known={card?.bans ?? null} acts={acts} you={you} onBan={onBan} />
      {problem && (
        <p class="message message-bad" role="alert">
          What is known of them could not be read: {problem}
        </p>
      )}
      {card ? (
        <PersonHistory card={card} channelId={channelId} unseen={said} onChanged={refresh} />
      ) : (
        !problem && <p class="desk-empty">Reading what is known</p>
      )}
    </article>
  );
}

interface ActsProps extends Pick<KnownProps, 'person' | 'acts' | 'you' | 'onBan'> {
  /** What stands against them, by their card; null: it has not come. */
  known: readonly Ban[] | null;
}

/** One click each, but for the ban, which asks why. */
function Acts({ person, known, acts, you, onBan }: ActsProps) {
  const listed = acts.bans.channel.value?.find(({ user }) => user.id === person.id);
  // The card knows of those of others and of those everywhere, as soon as it has come.
  const bans = known ?? (listed ? [listed] : []);
  const ban = bans.find(({ channelId }) => channelId !== null) ?? null;
  const isEverywhere = bans.some(({ channelId }) => channelId === null);
  const isBusy = acts.busy.value.includes(person.id);
  if (person.id === you?.id) return <p class="muted">That is you.</p>;
  if (!standsBelow(you, person)) {
    return <p class="muted">{person.name} stands above you or beside you. Ask somebody whose role does stand above.</p>;
  }
  return (
    <>
      {bans.map((one) => (
        <p class="message message-bad" data-testid="person-ban" key={one.channelId ?? 'everywhere'}>
          {banWords(one)}
        </p>
      ))}
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
        {acts.isOfPlatform && isEverywhere && (
          <button
            type="button"
            class="button button-small act-good"
            disabled={isBusy}
            onClick={() => void acts.lift(person, 'platform')}
            data-testid="person-lift-everywhere"
          >
            Lift the ban everywhere
          </button>
        )}
      </div>
    </>
  );
}

function banWords({ channelId, effect, network, until, reason }: Ban): string {
  const what = effect === 'hold' ? 'Held back: everything waits for a moderator' : 'May say nothing';
  const where = channelId === null ? ' anywhere' : '';
  const others = network ? ', with others from the same network' : '';
  return `${what}${where}${until ? ` until ${moment(until)}` : ' for good'}${others}.${reason ? ` ${reason}.` : ''}`;
}
