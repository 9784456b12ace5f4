// The workshop of people who build on Footlight: their apps, and a new one.
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { App, RegisterApp } from '../../protocol/oauth.ts';
import { appsApi } from '../apps-api.ts';
import { Icon } from '../components/icon.tsx';
import { useTitle } from '../components/use-title.ts';
import { AppCard } from '../developers/app-card.tsx';
import { AppForm } from '../developers/app-form.tsx';
import { Webhooks } from '../developers/webhooks.tsx';
import { SignedIn } from '../studio/signed-in.tsx';
import './developers.css';

export function DevelopersPage() {
  useTitle('Developers');
  return (
    <SignedIn>
      <Workshop />
    </SignedIn>
  );
}

function Workshop() {
  const [apps, setApps] = useState<App[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  /** Secrets that were made while this page is open; nowhere else are they to be seen again. */
  const [secrets, setSecrets] = useState<Record<string, string>>({});
  const refresh = useCallback(
    () =>
      appsApi.mine().then(
        (answer) => setApps(answer.apps),
        (error: Error) => setProblem(error.message),
      ),
    [],
  );
  useEffect(() => void refresh(), [refresh]);

  const keep = (id: string, secret: string) => setSecrets((known) => ({ ...known, [id]: secret }));
  const register = async (draft: RegisterApp) => {
    const { id, clientSecret } = await appsApi.register(draft);
    if (clientSecret) keep(id, clientSecret);
    await refresh();
  };

  return (
    <div class="developers">
      <section aria-labelledby="apps-title">
        <h1 id="apps-title">Your apps</h1>
        <p class="muted developers-lead">
          An app acts for people who allow it; a bot acts for itself. Both use the{' '}
          <a href="/api/docs" target="_self">
            API
          </a>
          , with OAuth: the endpoints are named at{' '}
          <a href="/.well-known/oauth-authorization-server" target="_self">
            /.well-known/oauth-authorization-server
          </a>
          .
        </p>
        {problem && (
          <p class="message message-bad" role="alert">
            {problem}
          </p>
        )}
        {apps?.length === 0 && <p class="muted">None yet.</p>}
        <ul class="app-list">
          {apps?.map((app) => (
            <li key={app.id}>
              <AppCard
                app={app}
                secret={secrets[app.id] ?? null}
                onSecret={(secret) => keep(app.id, secret)}
                onChanged={refresh}
              />
            </li>
          ))}
        </ul>
      </section>
      <section class="card" aria-labelledby="new-app-title">
        <h2 id="new-app-title" class="developers-new">
          <Icon name="plus" /> Register an app or a bot
        </h2>
        <AppForm submitWord="Register it" onSubmit={register} />
      </section>
      <Webhooks />
    </div>
  );
}
