// The browsers that the person is signed in with: seen here, and signed out from here.
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { BrowserSession } from '../../protocol/sign-in.ts';
import { api } from '../api.ts';
import { refreshSession } from '../session.ts';
import { moment } from '../words.ts';
import './signed-in-browsers.css';

export function SignedInBrowsers() {
  const [sessions, setSessions] = useState<BrowserSession[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const refresh = useCallback(
    () =>
      api.browserSessions().then(
        (answer) => setSessions(answer.sessions),
        (error: Error) => setProblem(error.message),
      ),
    [],
  );
  useEffect(() => void refresh(), [refresh]);

  const after = async (work: Promise<void>) => {
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
      {problem && (
        <p class="message message-bad" role="alert">
          {problem}
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
