// One app of mine: its id, its secret this once, and what can be done with it.
import { useState } from 'preact/hooks';
import type { App, RegisterApp } from '../../protocol/oauth.ts';
import { appsApi } from '../apps-api.ts';
import { Icon } from '../components/icon.tsx';
import './app-card.css';
import { AppForm } from './app-form.tsx';
import { Copyable, SecretBox } from './copyable.tsx';
import { ReplaceOrDelete } from './replace-or-delete.tsx';

interface AppCardProps {
  app: App;
  /** Known only when it was just made. */
  secret: string | null;
  onSecret(secret: string): void;
  onChanged(): Promise<void>;
}

export function AppCard({ app, secret, onSecret, onChanged }: AppCardProps) {
  const [isEditing, setIsEditing] = useState(false);
  const save = async ({ name, redirectUris, scopes, websiteUrl }: RegisterApp) => {
    await appsApi.change(app.id, { name, redirectUris, scopes, websiteUrl });
    setIsEditing(false);
    await onChanged();
  };
  const newSecret = {
    consequence:
      'The old one is refused from now on, and so are the tokens of its bot. What people have allowed stays.',
    replace: async () => onSecret((await appsApi.rotateSecret(app.id)).clientSecret),
  };
  const whole = {
    title: `Delete ${app.name}?`,
    word: 'Delete the app',
    consequence: 'All that people have allowed it ends at once. This cannot be undone.',
    delete: async () => {
      await appsApi.remove(app.id);
      await onChanged();
    },
  };
  return (
    <article class="card app-card" data-testid="app-card">
      <header class="app-card-head">
        <div>
          <h2>{app.name}</h2>
          <p class="muted">
            {app.type === 'confidential' ? 'Server or bot, with a secret' : 'Page or program, without a secret'}
          </p>
        </div>
        <button type="button" class="button button-small" onClick={() => setIsEditing(!isEditing)}>
          <Icon name="edit" /> {isEditing ? 'Close' : 'Change'}
        </button>
      </header>
      {isEditing ? (
        <AppForm existing={app} submitWord="Save" onSubmit={save} onCancel={() => setIsEditing(false)} />
      ) : (
        <>
          <Copyable label="Client id" text={app.id} testId="client-id" />
          {secret && (
            <SecretBox label="Client secret" text={secret} testId="client-secret">
              Keep it where only your server reads it.
            </SecretBox>
          )}
          <p class="app-card-scopes">
            {app.scopes.map((scope) => (
              <code key={scope}>{scope}</code>
            ))}
          </p>
          {app.redirectUris.length > 0 && (
            <ul class="app-card-addresses muted">
              {app.redirectUris.map((uri) => (
                <li key={uri}>{uri}</li>
              ))}
            </ul>
          )}
          <div class="row">
            <ReplaceOrDelete of="app" secret={app.type === 'confidential' ? newSecret : null} whole={whole} />
          </div>
        </>
      )}
    </article>
  );
}
