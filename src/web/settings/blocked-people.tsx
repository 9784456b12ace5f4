// The people whom one has blocked, and the way to hear them again.
import type { Block } from '../../protocol/blocks.ts';
import { useChangingList } from '../components/use-changing-list.ts';
import { peopleApi } from '../people-api.ts';
import { moment } from '../words.ts';
import './blocked-people.css';

export function BlockedPeople() {
  const { items: blocks, problem, isBusy, change } = useChangingList<Block>(peopleApi.allBlocks);
  return (
    <section class="card blocked-people" aria-labelledby="blocked-title" data-testid="blocked-people">
      <h2 id="blocked-title">People you blocked</h2>
      {problem && (
        <p class="message message-bad" role="alert">
          {problem}
        </p>
      )}
      {blocks?.length === 0 && (
        <p class="muted">Nobody. When you block somebody in a chat, neither of you sees what the other says.</p>
      )}
      <ul>
        {blocks?.map(({ user: { id, name, handle }, blockedAt }) => (
          <li key={id} data-testid="blocked-person">
            <div>
              <strong>{name}</strong> <span class="muted">@{handle}</span>
              <p class="muted">Blocked {moment(blockedAt)}</p>
            </div>
            <button
              type="button"
              class="button button-small"
              disabled={isBusy}
              onClick={() => change(() => peopleApi.unblock(id))}
              aria-label={`Unblock ${name}`}
              data-testid="unblock"
            >
              Unblock
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
