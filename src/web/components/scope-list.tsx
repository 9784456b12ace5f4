// What an app may do, line by line.
import type { Scope } from '../../protocol/claims.ts';
import { SCOPE_WORDS } from '../scope-words.ts';
import { Icon } from './icon.tsx';
import './scope-list.css';

export function ScopeList({ scopes }: { scopes: readonly Scope[] }) {
  return (
    <ul class="scope-list" data-testid="scope-list">
      {scopes.map((scope) => {
        const { may, careful } = SCOPE_WORDS[scope];
        return (
          <li key={scope}>
            <Icon name="check" />
            <span>
              {may}
              {careful && <small>{careful}</small>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
