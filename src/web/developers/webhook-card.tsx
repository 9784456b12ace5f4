// One webhook: where it points, how it does, its secret this once, and what was sent.
import { useState } from 'preact/hooks';
import type { Webhook } from '../../protocol/webhooks.ts';
import { Icon } from '../components/icon.tsx';
import { STATUS_WORDS } from '../webhook-words.ts';
import { webhooksApi } from '../webhooks-api.ts';
import './app-card.css';
import { SecretBox } from './copyable.tsx';
import { ReplaceOrDelete } from './replace-or-delete.tsx';
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
  const newSecret = {
    consequence: 'For 24 hours both sign, so that your server misses nothing. Then the old one is worth nothing.',
    replace: async () => onSecret((await webhooksApi.rotateSecret(webhook.id)).secret),
  };
  const whole = {
    title: 'Delete this webhook?',
    word: 'Delete the webhook',
    consequence: `What is on its way to ${new URL(webhook.url).host} is dropped, and the list of what was sent goes with it.`,
    delete: async () => {
      await webhooksApi.remove(webhook.id);
      await onChanged();
    },
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
        <SecretBox label="Secret" text={secret} testId="webhook-secret">
          Your server checks the signatures with it.
        </SecretBox>
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
        <ReplaceOrDelete of="webhook" secret={newSecret} whole={whole} />
      </div>
      {problem && (
        <p class="message message-bad" role="alert">
          {problem}
        </p>
      )}
      <WebhookDeliveries webhookId={webhook.id} isOn={isOn} lookAgain={tests} onSettled={onChanged} />
    </article>
  );
}
