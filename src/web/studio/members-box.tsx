// Who is invited to the private stream: invite by handle, take back.
import { useCallback, useState } from 'preact/hooks';
import { api } from '../api.ts';
import { Icon } from '../components/icon.tsx';
import { useChangingList } from '../components/use-changing-list.ts';
import './members-box.css';

export function MembersBox({ streamId }: { streamId: string }) {
  const load = useCallback(async () => (await api.members(streamId)).members, [streamId]);
  const { items: members, problem, isBusy, change } = useChangingList(load);
  const [handle, setHandle] = useState('');

  const invite = (event: Event) => {
    event.preventDefault();
    const name = handle.trim().replace(/^@/, '');
    if (name === '') return;
    void change(async () => {
      await api.invite(streamId, name);
      setHandle('');
    });
  };

  return (
    <section class="card members" aria-labelledby="members-title">
      <h2 id="members-title">Who is invited</h2>
      <form class="members-form" onSubmit={invite}>
        <label class="visually-hidden" for="member-handle">
          Handle of who is to be invited
        </label>
        <input
          class="input"
          id="member-handle"
          placeholder="Handle"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          maxLength={40}
          value={handle}
          onInput={(event) => setHandle(event.currentTarget.value)}
          data-testid="member-handle"
        />
        <button type="submit" class="button" disabled={isBusy || handle.trim() === ''} data-testid="member-invite">
          Invite
        </button>
      </form>
      {problem && (
        <p class="message message-bad" role="alert">
          {problem}
        </p>
      )}
      {members?.length === 0 && <p class="muted">Nobody yet: only you and your moderators see this stream.</p>}
      <ul class="members-list" data-testid="members">
        {members?.map(({ user }) => (
          <li key={user.id}>
            <span class="members-name">{user.name}</span>
            <span class="muted">@{user.handle}</span>
            <button
              type="button"
              class="icon-button"
              disabled={isBusy}
              onClick={() => change(() => api.uninvite(streamId, user.id))}
              aria-label={`Take back the invitation of ${user.name}`}
            >
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
