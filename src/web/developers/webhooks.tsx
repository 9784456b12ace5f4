// The webhooks of whoever is signed in, and a new one.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Channel } from '../../protocol/api.ts';
import type { CreateWebhook, Webhook } from '../../protocol/webhooks.ts';
import { api } from '../api.ts';
import { Icon } from '../components/icon.tsx';
import { webhooksApi } from '../webhooks-api.ts';
import { WebhookCard } from './webhook-card.tsx';
import { WebhookForm } from './webhook-form.tsx';

export function Webhooks() {
  const [webhooks, setWebhooks] = useState<Webhook[] | null>(null);
  const [channels, setChannels] = useState<Channel[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  /** Secrets that were made while this page is open; nowhere else are they to be seen again. */
  const [secrets, setSecrets] = useState<Record<string, string>>({});
  /** Answers may overtake each other: only that of the newest question counts. */
  const asked = useRef(0);
  const refresh = useCallback(() => {
    asked.current += 1;
    const turn = asked.current;
    return webhooksApi.mine().then(
      (answer) => {
        if (turn === asked.current) setWebhooks(answer.webhooks);
      },
      (error: Error) => setProblem(error.message),
    );
  }, []);
  useEffect(() => {
    void refresh();
    api.myChannels().then(
      (answer) => setChannels(answer.channels),
      (error: Error) => setProblem(error.message),
    );
  }, [refresh]);

  const keep = (id: string, secret: string) => setSecrets((known) => ({ ...known, [id]: secret }));
  const make = async (draft: CreateWebhook) => {
    const { id, secret } = await webhooksApi.make(draft);
    keep(id, secret);
    await refresh();
  };

  return (
    <>
      <section aria-labelledby="webhooks-title">
        <h2 id="webhooks-title">Your webhooks</h2>
        <p class="muted developers-lead">
          Your own server is told what happens on your channels, by a signed request in the way of{' '}
          <a href="https://www.standardwebhooks.com" rel="noreferrer">
            Standard Webhooks
          </a>
          . What does not arrive is tried again for most of a day.
        </p>
        {problem && (
          <p class="message message-bad" role="alert">
            {problem}
          </p>
        )}
        {webhooks?.length === 0 && <p class="muted">None yet.</p>}
        <ul class="app-list">
          {webhooks?.map((webhook) => (
            <li key={webhook.id}>
              <WebhookCard
                webhook={webhook}
                channelName={channels.find(({ id }) => id === webhook.channelId)?.name ?? webhook.channelId}
                secret={secrets[webhook.id] ?? null}
                onSecret={(secret) => keep(webhook.id, secret)}
                onChanged={refresh}
              />
            </li>
          ))}
        </ul>
      </section>
      <section class="card" aria-labelledby="new-webhook-title">
        <h2 id="new-webhook-title" class="developers-new">
          <Icon name="plus" /> Add a webhook
        </h2>
        <WebhookForm channels={channels} onSubmit={make} />
      </section>
    </>
  );
}
