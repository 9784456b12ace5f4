// The webhooks of whoever is signed in, and a new one.
import { useCallback } from 'preact/hooks';
import type { CreateWebhook } from '../../protocol/webhooks.ts';
import { api } from '../api.ts';
import { Icon } from '../components/icon.tsx';
import { useList } from '../components/use-list.ts';
import { webhooksApi } from '../webhooks-api.ts';
import { useSecrets } from './use-secrets.ts';
import { WebhookCard } from './webhook-card.tsx';
import { WebhookForm } from './webhook-form.tsx';

const listWebhooks = async () => (await webhooksApi.mine()).webhooks;
const listChannels = async () => (await api.myChannels()).channels;

export function Webhooks() {
  const { items: webhooks, problem, refresh } = useList(listWebhooks);
  const { items: channels, problem: channelsProblem, refresh: refreshChannels } = useList(listChannels);
  const { secretOf, keepSecret } = useSecrets();
  const said = problem ?? channelsProblem;
  /** Channels that could not be read are asked for again with the webhooks, so that the problem goes. */
  const refreshAll = useCallback(async () => {
    await Promise.all([refresh(), channelsProblem === null ? null : refreshChannels()]);
  }, [refresh, refreshChannels, channelsProblem]);
  const make = async (draft: CreateWebhook) => {
    const { id, secret } = await webhooksApi.make(draft);
    keepSecret(id, secret);
    await refreshAll();
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
        {said && (
          <p class="message message-bad" role="alert">
            {said}
          </p>
        )}
        {webhooks?.length === 0 && <p class="muted">None yet.</p>}
        <ul class="app-list">
          {webhooks?.map((webhook) => (
            <li key={webhook.id}>
              <WebhookCard
                webhook={webhook}
                channelName={channels?.find(({ id }) => id === webhook.channelId)?.name ?? webhook.channelId}
                secret={secretOf(webhook.id)}
                onSecret={(secret) => keepSecret(webhook.id, secret)}
                onChanged={refreshAll}
              />
            </li>
          ))}
        </ul>
      </section>
      <section class="card" aria-labelledby="new-webhook-title">
        <h2 id="new-webhook-title" class="developers-new">
          <Icon name="plus" /> Add a webhook
        </h2>
        <WebhookForm channels={channels ?? []} onSubmit={make} />
      </section>
    </>
  );
}
