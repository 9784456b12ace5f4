// The browsers that the person is signed in with: seen here, and signed out from here.
import { useState } from 'preact/hooks';
import type { BrowserSession } from '../../protocol/sign-in.ts';
import { api } from '../api.ts';
import { useList } from '../components/use-list.ts';
import { refreshSession } from '../session.ts';
import { moment } from '../words.ts';
import './signed-in-browsers.css';

const listSessions = async () => (await api.browserSessions()).sessions;

export function SignedInBrowsers() {
  const { items: sessions, problem: listProblem, refresh } = useList(listSessions);
  const [problem, setProblem] = useState<string | null>(null);
  const said = problem ?? listProblem;

  const after = async (work: Promise<unknown>) => {
    setProblem(null);
    await work.catch((error: Error) => setProblem(error.message));
    await refresh();
  };
  const revoke = async ({ id, isCurrent }: BrowserSession) => {
    await after(api.revokeSession(id));
    if (isCurrent) await refreshSession();
  };

  return (
    <section class="card browsers" aria-labelledby="browsers-title" data-testid="signed-in-browsers">
      <div class="browsers-head">
        <h2 id="browsers-title">Where you are signed in</h2>
        {(sessions?.length ?? 0) > 1 && (
          <button
            type="button"
            class="button button-small"
            onClick={() => after(api.revokeOtherSessions())}
            data-testid="revoke-others"
          >
            Sign out everywhere else
          </button>
        )}
      </div>
      {said && (
        <p class="message message-bad" role="alert">
          {said}
        </p>
      )}
      <ul>
        {sessions?.map((one) => (
          <li key={one.id} data-testid="browser-session" data-session={one.id} data-current={one.isCurrent}>
            <div>
              <strong>{one.device}</strong>
              {one.isCurrent && <span class="chip">This browser</span>}
              <p class="muted">
                Last used {moment(one.lastUsedAt)} · signed in {moment(one.createdAt)}
                {one.network ? ` · ${one.network}` : ''}
              </p>
            </div>
            <button
              type="button"
              class="button button-small button-danger"
              onClick={() => revoke(one)}
              data-testid="revoke-session"
            >
              Sign out
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
