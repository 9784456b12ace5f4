// Who is more than a viewer on the platform; find somebody, see what they are, and give them another role.
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Account } from '../../protocol/people.ts';
import { useTitle } from '../components/use-title.ts';
import { peopleApi } from '../people-api.ts';
import { PlatformRoleCard } from './platform-role-card.tsx';
import './platform-people.css';

export function PlatformPeople() {
  useTitle('People');
  const [handle, setHandle] = useState('');
  const [found, setFound] = useState<Account | null>(null);
  const [holders, setHolders] = useState<Account[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  const noteProblem = (error: Error) => setProblem(error.message);
  const refresh = useCallback(() => peopleApi.platformRoles().then(({ users }) => setHolders(users), noteProblem), []);
  useEffect(() => void refresh(), [refresh]);

  const find = (event: Event) => {
    event.preventDefault();
    setProblem(null);
    setFound(null);
    peopleApi.platformRoleOf(handle).then(setFound, noteProblem);
  };
  const onChanged = async (changed: Account) => {
    if (found?.id === changed.id) setFound(changed);
    await refresh();
  };

  return (
    <div class="platform-people">
      <header>
        <h1>People</h1>
        <p class="muted platform-lead">
          A role on the platform holds on every channel, from its next request on. Nobody reaches up to an equal or a
          higher one.
        </p>
      </header>
      <form class="platform-find" onSubmit={find}>
        <label class="visually-hidden" for="person-handle">
          Handle of who you look for
        </label>
        <input
          class="input"
          id="person-handle"
          placeholder="Handle"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          maxLength={40}
          value={handle}
          onInput={(event) => setHandle(event.currentTarget.value)}
          data-testid="person-handle"
        />
        <button type="submit" class="button" disabled={handle.trim() === ''} data-testid="person-find">
          Find
        </button>
      </form>
      {problem && (
        <p class="message message-bad" role="alert" data-testid="people-problem">
          {problem}
        </p>
      )}
      {found && (
        <section aria-label={`Found: ${found.name}`} data-testid="person-found">
          <PlatformRoleCard person={found} onChanged={onChanged} key={found.id} />
        </section>
      )}
      <section class="platform-holders" aria-labelledby="holders-title">
        <h2 id="holders-title">More than a viewer</h2>
        <ul data-testid="role-holders" aria-busy={holders === null}>
          {holders?.map((person) => (
            <li key={person.id}>
              <PlatformRoleCard person={person} onChanged={onChanged} />
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
