// One app of mine: its id, its secret this once, and what can be done with it.
import { useState } from 'preact/hooks';
import type { App, RegisterApp } from '../../protocol/oauth.ts';
import { appsApi } from '../apps-api.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { Icon } from '../components/icon.tsx';
import './app-card.css';
import { AppForm } from './app-form.tsx';

interface AppCardProps {
  app: App;
  /** Known only when it was just made. */
  secret: string | null;
  onSecret(secret: string): void;
  onChanged(): Promise<void>;
}

export function AppCard({ app, secret, onSecret, onChanged }: AppCardProps) {
  const [asks, setAsks] = useState<'secret' | 'delete' | null>(null);
  const [isEditing, setIsEditing] = useState(false);
  const save = async ({ name, redirectUris, scopes, websiteUrl }: RegisterApp) => {
    await appsApi.change(app.id, { name, redirectUris, scopes, websiteUrl });
    setIsEditing(false);
    await onChanged();
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
            <>
              <Copyable label="Client secret" text={secret} testId="client-secret" />
              <p class="message">
                This is the only time that the secret is shown. Keep it where only your server reads it.
              </p>
            </>
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
            {app.type === 'confidential' && (
              <button
                type="button"
                class="button button-small"
                onClick={() => setAsks('secret')}
                data-testid="rotate-secret"
              >
                <Icon name="key" /> New secret
              </button>
            )}
            <button
              type="button"
              class="button button-small button-danger"
              onClick={() => setAsks('delete')}
              data-testid="delete-app"
            >
              Delete
            </button>
          </div>
        </>
      )}
      {asks === 'secret' && (
        <ConfirmDialog
          title="Make a new secret?"
          confirmWord="Make a new secret"
          testId="secret-dialog"
          onClose={() => setAsks(null)}
          onConfirm={async () => onSecret((await appsApi.rotateSecret(app.id)).clientSecret)}
        >
          The old one is refused from now on, and so are the tokens of its bot. What people have allowed stays.
        </ConfirmDialog>
      )}
      {asks === 'delete' && (
        <ConfirmDialog
          title={`Delete ${app.name}?`}
          confirmWord="Delete the app"
          testId="delete-dialog"
          onClose={() => setAsks(null)}
          onConfirm={async () => {
            await appsApi.remove(app.id);
            await onChanged();
          }}
        >
          All that people have allowed it ends at once. This cannot be undone.
        </ConfirmDialog>
      )}
    </article>
  );
}

function Copyable({ label, text, testId }: { label: string; text: string; testId: string }) {
  return (
    <div class="field">
      <span class="field-label">{label}</span>
      <div class="app-card-copy">
        <code data-testid={testId}>{text}</code>
        <CopyButton text={text} label={`Copy the ${label.toLowerCase()}`} />
      </div>
    </div>
  );
}
