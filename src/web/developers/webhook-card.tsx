// One webhook: where it points, how it does, its secret this once, and what was sent.
import { useState } from 'preact/hooks';
import type { Webhook } from '../../protocol/webhooks.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { Icon } from '../components/icon.tsx';
import { STATUS_WORDS } from '../webhook-words.ts';
import { webhooksApi } from '../webhooks-api.ts';
import './app-card.css';
import './webhook-card.css';
import { WebhookDeliveries } from './webhook-deliveries.tsx';

interface WebhookCardProps {
  webhook: Webhook;
  /** Null: all of its owner's. */
  channelName: string | null;
  /** Known only when it was just made. */
  secret: string | null;
  onSecret(secret: string): void;
  onChanged(): Promise<void>;
}

export function WebhookCard({ webhook, channelName, secret, onSecret, onChanged }: WebhookCardProps) {
  const [asks, setAsks] = useState<'secret' | 'delete' | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  /** Counts the tests, so that the list below looks again. */
  const [tests, setTests] = useState(0);
  const isOn = webhook.status === 'active' || webhook.status === 'failing';
  const status = STATUS_WORDS[webhook.status];
  const act = async (what: () => Promise<unknown>) => {
    try {
      setProblem(null);
      await what();
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  const sendTest = async () => {
    await webhooksApi.test(webhook.id);
    setTests(tests + 1);
  };
  return (
    <article class="card app-card" data-testid="webhook-card">
      <header class="app-card-head">
        <div>
          <h3 class="webhook-url">{webhook.url}</h3>
          <p class="muted">{channelName ?? 'All your channels'}</p>
        </div>
        <span class={`webhook-status webhook-status-${webhook.status}`} data-testid="webhook-status">
          {status.name}
        </span>
      </header>
      {status.hint && <p class="message">{status.hint}</p>}
      {secret && (
        <div class="field">
          <span class="field-label">Secret</span>
          <div class="app-card-copy">
            <code data-testid="webhook-secret">{secret}</code>
            <CopyButton text={secret} label="Copy the secret" />
          </div>
          <p class="message">This is the only time that it is shown. Your server checks the signatures with it.</p>
        </div>
      )}
      <p class="app-card-scopes">
        {webhook.events.map((type) => (
          <code key={type}>{type}</code>
        ))}
      </p>
      <div class="row">
        <button
          type="button"
          class="button button-small"
          disabled={!isOn}
          onClick={() => act(sendTest)}
          data-testid="webhook-test"
        >
          <Icon name="pulse" /> Send a test
        </button>
        <button
          type="button"
          class="button button-small"
          onClick={() => act(() => webhooksApi.change(webhook.id, { enabled: !isOn }).then(onChanged))}
          data-testid="webhook-toggle"
        >
          {isOn ? 'Switch off' : 'Switch on'}
        </button>
        <button
          type="button"
          class="button button-small"
          onClick={() => setAsks('secret')}
          data-testid="webhook-rotate"
        >
          <Icon name="key" /> New secret
        </button>
        <button
          type="button"
          class="button button-small button-danger"
          onClick={() => setAsks('delete')}
          data-testid="webhook-delete"
        >
          Delete
        </button>
      </div>
      {problem && (
        <p class="message message-bad" role="alert">
          {problem}
        </p>
      )}
      <WebhookDeliveries webhookId={webhook.id} isOn={isOn} lookAgain={tests} onSettled={onChanged} />
      {asks === 'secret' && (
        <ConfirmDialog
          title="Make a new secret?"
          confirmWord="Make a new secret"
          testId="webhook-secret-dialog"
          onClose={() => setAsks(null)}
          onConfirm={async () => onSecret((await webhooksApi.rotateSecret(webhook.id)).secret)}
        >
          For 24 hours both sign, so that your server misses nothing. Then the old one is worth nothing.
        </ConfirmDialog>
      )}
      {asks === 'delete' && (
        <ConfirmDialog
          title="Delete this webhook?"
          confirmWord="Delete the webhook"
          testId="webhook-delete-dialog"
          onClose={() => setAsks(null)}
          onConfirm={async () => {
            await webhooksApi.remove(webhook.id);
            await onChanged();
          }}
        >
          What is on its way to {new URL(webhook.url).host} is dropped, and the list of what was sent goes with it.
        </ConfirmDialog>
      )}
    </article>
  );
}
