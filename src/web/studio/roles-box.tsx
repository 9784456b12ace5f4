// Who has a role on the channel: its owner, its moderators and its vips; give a role by handle, take it away.
import { useCallback, useState } from 'preact/hooks';
import type { ChannelRole } from '../../protocol/people.ts';
import { Icon } from '../components/icon.tsx';
import { useChangingList } from '../components/use-changing-list.ts';
import { peopleApi } from '../people-api.ts';
import { CHANNEL_ROLE_WORDS } from '../words.ts';
import './members-box.css';
import './roles-box.css';

export function RolesBox({ channelId, ownerName }: { channelId: string; ownerName: string }) {
  const load = useCallback(async () => (await peopleApi.channelRoles(channelId)).roles, [channelId]);
  const { items: holders, problem, isBusy, change } = useChangingList(load);
  const [handle, setHandle] = useState('');
  const [role, setRole] = useState<ChannelRole>('moderator');

  const give = (event: Event) => {
    event.preventDefault();
    if (handle.trim() === '') return;
    void change(async () => {
      const { id } = await peopleApi.find(handle);
      await peopleApi.giveRole(channelId, id, role);
      setHandle('');
    });
  };

  return (
    <section class="card members" aria-labelledby="roles-title">
      <h2 id="roles-title">Roles on this channel</h2>
      <form class="members-form roles-form" onSubmit={give}>
        <label class="visually-hidden" for="role-handle">
          Handle of who is to get a role
        </label>
        <input
          class="input"
          id="role-handle"
          placeholder="Handle"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          maxLength={40}
          value={handle}
          onInput={(event) => setHandle(event.currentTarget.value)}
          aria-describedby="role-hint"
          data-testid="role-handle"
        />
        <label class="visually-hidden" for="role-kind">
          Role
        </label>
        <select
          class="input"
          id="role-kind"
          value={role}
          onChange={(event) => setRole(event.currentTarget.value as ChannelRole)}
          aria-describedby="role-hint"
          data-testid="role-kind"
        >
          {(Object.keys(CHANNEL_ROLE_WORDS) as ChannelRole[]).map((one) => (
            <option value={one} key={one}>
              {CHANNEL_ROLE_WORDS[one].name}
            </option>
          ))}
        </select>
        <button type="submit" class="button" disabled={isBusy || handle.trim() === ''} data-testid="role-give">
          Give
        </button>
      </form>
      <p class="muted roles-hint" id="role-hint">
        {CHANNEL_ROLE_WORDS[role].hint}
      </p>
      {problem && (
        <p class="message message-bad" role="alert" data-testid="role-problem">
          {problem}
        </p>
      )}
      <ul class="members-list" data-testid="roles">
        <li>
          <span class="members-name">{ownerName}</span>
          <span class="roles-role">Owner</span>
        </li>
        {holders?.map(({ user, role: held }) => (
          <li key={user.id} data-testid={`role-of-${user.handle}`}>
            <span class="members-name">{user.name}</span>
            <span class="muted">@{user.handle}</span>
            <span class="roles-role">{CHANNEL_ROLE_WORDS[held].name}</span>
            <button
              type="button"
              class="icon-button"
              disabled={isBusy}
              onClick={() => change(() => peopleApi.takeRole(channelId, user.id))}
              aria-label={`Take the role of ${user.name} away`}
              title={`Take the role of ${user.name} away`}
            >
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
