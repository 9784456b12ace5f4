// Who may say nothing, on the channel or everywhere, until when and why; and the way to let them speak again.
import { useEffect } from 'preact/hooks';
import type { Ban } from '../../protocol/bans.ts';
import type { Author } from '../../protocol/chat/message.ts';
import { moment } from '../words.ts';
import type { Scope } from './desk-bans.ts';
import type { ModeratorActs } from './moderator-acts.ts';
import { PersonName } from './person-name.tsx';

interface BansBoxProps {
  acts: ModeratorActs;
  /** The lists that are shown. */
  scopes: readonly Scope[];
  onPerson?: ((author: Author) => void) | undefined;
}

const TITLES: Record<Scope, string> = { channel: 'Bans and timeouts', platform: 'Bans everywhere' };

export function BansBox({ acts, scopes, onPerson }: BansBoxProps) {
  // Others ban as well: the lists are read anew when somebody looks.
  useEffect(() => void acts.readBans(), [acts]);
  return (
    <>
      {scopes.map((scope) => (
        <BanListOf scope={scope} acts={acts} onPerson={onPerson} key={scope} />
      ))}
    </>
  );
}

function BanListOf({ scope, acts, onPerson }: Omit<BansBoxProps, 'scopes'> & { scope: Scope }) {
  const bans = acts.bans[scope].value;
  return (
    <section class="bans" aria-labelledby={`bans-title-${scope}`}>
      <h2 id={`bans-title-${scope}`}>{TITLES[scope]}</h2>
      {bans === null && <p class="desk-empty">Reading the list</p>}
      {bans?.length === 0 && <p class="desk-empty">Everybody may speak.</p>}
      <ul class="bans-list" data-testid={scope === 'channel' ? 'bans' : 'bans-everywhere'}>
        {bans?.map((ban) => (
          <BanRow ban={ban} scope={scope} acts={acts} onPerson={onPerson} key={ban.user.id} />
        ))}
      </ul>
    </section>
  );
}

function BanRow({ ban, scope, acts, onPerson }: Omit<BansBoxProps, 'scopes'> & { ban: Ban; scope: Scope }) {
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
        onClick={() => void acts.lift(user, scope)}
        data-testid={`lift-${user.handle}`}
      >
        Lift
      </button>
    </li>
  );
}
