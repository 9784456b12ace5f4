// Apps that the person allowed: what each may do, and the way to take it back.
import { useState } from 'preact/hooks';
import { ApiError } from '../api.ts';
import { appsApi } from '../apps-api.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { ScopeList } from '../components/scope-list.tsx';
import { useList } from '../components/use-list.ts';
import { moment } from '../words.ts';
import { type AllowedApp, byApp } from './by-app.ts';
import './allowed-apps.css';

const listGrants = async () => (await appsApi.grants()).grants;

/** One that is gone already is done: what broke off half-way is finished by trying again. */
async function takeBack(grantIds: readonly string[]): Promise<void> {
  for (const id of grantIds) {
    await appsApi.revoke(id).catch((error: unknown) => {
      if (!(error instanceof ApiError && error.status === 404)) throw error;
    });
  }
}

export function AllowedApps() {
  const { items: grants, problem, refresh } = useList(listGrants);
  const [leaving, setLeaving] = useState<AllowedApp | null>(null);

  return (
    <section class="card allowed-apps" aria-labelledby="allowed-title" data-testid="allowed-apps">
      <h2 id="allowed-title">Apps you allowed</h2>
      {problem && (
        <p class="message message-bad" role="alert">
          {problem}
        </p>
      )}
      {grants?.length === 0 && <p class="muted">None. When you allow an app to act for you, it is listed here.</p>}
      <ul>
        {byApp(grants ?? []).map((allowed) => (
          <li key={allowed.app.id} data-testid="allowed-app">
            <div class="allowed-head">
              <div>
                <strong>{allowed.app.name}</strong>
                <p class="muted">
                  By {allowed.app.ownerName} · last used {moment(allowed.lastUsedAt)}
                  {allowed.grantIds.length > 1 ? ` · allowed ${allowed.grantIds.length} times` : ''}
                </p>
              </div>
              <button
                type="button"
                class="button button-small button-danger"
                onClick={() => setLeaving(allowed)}
                data-testid="revoke-app"
              >
                Take it back
              </button>
            </div>
            <ScopeList scopes={allowed.scopes} />
          </li>
        ))}
      </ul>
      {leaving && (
        <ConfirmDialog
          title={`Take back what ${leaving.app.name} may do?`}
          confirmWord="Take it back"
          testId="revoke-dialog"
          onClose={() => setLeaving(null)}
          onConfirm={() => takeBack(leaving.grantIds).finally(refresh)}
        >
          It is refused from its next request on. It can ask you again.
        </ConfirmDialog>
      )}
    </section>
  );
}
