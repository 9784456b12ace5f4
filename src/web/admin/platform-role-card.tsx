// One person and their role on the platform, with the roles that whoever looks on may give them instead.
import { useState } from 'preact/hooks';
import { rolesAt } from '../../domain/access.ts';
import { mayActOn, mayGive } from '../../domain/rank.ts';
import { PlatformRole } from '../../protocol/claims.ts';
import type { Account } from '../../protocol/people.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { peopleApi } from '../people-api.ts';
import { session } from '../session.ts';
import { PLATFORM_ROLE_WORDS } from '../words.ts';

interface PlatformRoleCardProps {
  person: Account;
  onChanged(changed: Account): Promise<void>;
}

export function PlatformRoleCard({ person, onChanged }: PlatformRoleCardProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const [isAsking, setIsAsking] = useState(false);
  const me = session.value?.user;
  const mine = me ? rolesOf(me) : [];
  const isBelow = mayActOn(mine, rolesOf(person));

  const give = async (role: PlatformRole) => onChanged(await peopleApi.changePlatformRole(person.id, role));
  const press = async (role: PlatformRole) => {
    if (role === 'admin') return setIsAsking(true);
    setIsBusy(true);
    setProblem(null);
    await give(role).catch((error: Error) => setProblem(error.message));
    setIsBusy(false);
  };

  return (
    <div class="card platform-card" data-testid={`person-${person.handle}`}>
      <div class="platform-who">
        <strong>{person.name}</strong> <span class="muted">@{person.handle}</span>
        <p>
          <span class="platform-role" data-testid="platform-role">
            {PLATFORM_ROLE_WORDS[person.role].name}
          </span>
          <span class="muted">{PLATFORM_ROLE_WORDS[person.role].hint}</span>
        </p>
      </div>
      {isBelow ? (
        <div class="row">
          {PlatformRole.options
            .filter((role) => role !== person.role && mayGive(mine, role))
            .map((role) => (
              <button
                type="button"
                class="button button-small"
                key={role}
                disabled={isBusy}
                onClick={() => press(role)}
                data-testid={`make-${role}`}
              >
                Make {PLATFORM_ROLE_WORDS[role].name.toLowerCase()}
              </button>
            ))}
        </div>
      ) : (
        <p class="muted">
          {person.id === me?.id
            ? 'This is you: nobody changes their own role.'
            : 'Your own role does not stand above theirs.'}
        </p>
      )}
      {problem && (
        <p class="message message-bad platform-problem" role="alert">
          {problem}
        </p>
      )}
      {isAsking && (
        <ConfirmDialog
          title={`Make ${person.name} an administrator?`}
          confirmWord="Make administrator"
          testId="admin-dialog"
          onClose={() => setIsAsking(false)}
          onConfirm={() => give('admin')}
        >
          Nobody here can take that back: administrators do not act on each other. {person.name} will read the audit
          log, end any stream and give roles, as you do.
        </ConfirmDialog>
      )}
    </div>
  );
}

const rolesOf = ({ id, role }: Pick<Account, 'id' | 'role'>) => rolesAt({ id, platformRole: role }, null, null);
