// Who may say nothing on the channel, until when and why; and the way to let them speak again.
import { useEffect } from 'preact/hooks';
import type { Ban } from '../../protocol/bans.ts';
import type { Author } from '../../protocol/chat/message.ts';
import { moment } from '../words.ts';
import type { DeskActs } from './desk-acts.ts';
import { PersonName } from './person-name.tsx';

interface BansBoxProps {
  acts: DeskActs;
  onPerson(author: Author): void;
}

export function BansBox({ acts, onPerson }: BansBoxProps) {
  const bans = acts.bans.value;
  // Others ban as well: the list is read anew when somebody looks.
  useEffect(() => void acts.readBans(), [acts]);
  return (
    <section aria-labelledby="bans-title">
      <h2 id="bans-title">Bans and timeouts</h2>
      {bans === null && <p class="desk-empty">Reading the list</p>}
      {bans?.length === 0 && <p class="desk-empty">Everybody may speak.</p>}
      <ul class="bans-list" data-testid="bans">
        {bans?.map((ban) => (
          <BanRow ban={ban} acts={acts} onPerson={onPerson} key={ban.user.id} />
        ))}
      </ul>
    </section>
  );
}

function BanRow({ ban, acts, onPerson }: BansBoxProps & { ban: Ban }) {
  const { user, effect, reason, until, bannedAt } = ban;
  return (
    <li data-testid={`ban-of-${user.handle}`}>
      <div>
        <PersonName author={{ ...user, roles: [] }} onPerson={onPerson} />
        <p class="muted">
          {effect === 'hold' ? 'Held back unseen' : 'Says nothing'} {until ? `until ${moment(until)}` : 'for good'}
          {reason ? ` · ${reason}` : ''} · since {moment(bannedAt)}
        </p>
      </div>
      <button
        type="button"
        class="button button-small"
        disabled={acts.busy.value.includes(user.id)}
        onClick={() => void acts.lift(user)}
        data-testid={`lift-${user.handle}`}
      >
        Lift
      </button>
    </li>
  );
}
