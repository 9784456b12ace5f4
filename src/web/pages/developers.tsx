// The workshop of people who build on Footlight: their apps, and a new one.
import type { RegisterApp } from '../../protocol/oauth.ts';
import { appsApi } from '../apps-api.ts';
import { Icon } from '../components/icon.tsx';
import { useList } from '../components/use-list.ts';
import { useTitle } from '../components/use-title.ts';
import { AppCard } from '../developers/app-card.tsx';
import { AppForm } from '../developers/app-form.tsx';
import { useSecrets } from '../developers/use-secrets.ts';
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

const listApps = async () => (await appsApi.mine()).apps;

function Workshop() {
  const { items: apps, problem, refresh } = useList(listApps);
  const { secretOf, keepSecret } = useSecrets();
  const register = async (draft: RegisterApp) => {
    const { id, clientSecret } = await appsApi.register(draft);
    if (clientSecret) keepSecret(id, clientSecret);
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
                secret={secretOf(app.id)}
                onSecret={(secret) => keepSecret(app.id, secret)}
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
