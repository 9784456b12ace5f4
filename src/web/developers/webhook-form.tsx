// A new webhook: where it is sent, and what it tells of.
import { useId, useState } from 'preact/hooks';
import type { Channel } from '../../protocol/api.ts';
import type { ChannelId } from '../../protocol/ids.ts';
import { type CreateWebhook, WEBHOOK_EVENT_TYPES, type WebhookEventType } from '../../protocol/webhooks.ts';
import { FormFoot } from '../components/form-foot.tsx';
import { useSubmit } from '../components/use-submit.ts';
import { EVENT_WORDS } from '../webhook-words.ts';
import './app-form.css';

interface WebhookFormProps {
  channels: readonly Channel[];
  onSubmit(draft: CreateWebhook): Promise<void>;
}

export function WebhookForm({ channels, onSubmit }: WebhookFormProps) {
  const id = useId();
  const [url, setUrl] = useState('');
  const [channelId, setChannelId] = useState<ChannelId | ''>('');
  const [events, setEvents] = useState<readonly WebhookEventType[]>(['stream.started', 'stream.ended']);
  const { problem, isBusy, submitting } = useSubmit();

  const submit = submitting(async () => {
    await onSubmit({ url, events: [...events], ...(channelId && { channelId }) });
    setUrl('');
  });
  const toggle = (type: WebhookEventType) =>
    setEvents(WEBHOOK_EVENT_TYPES.filter((one) => (one === type ? !events.includes(one) : events.includes(one))));

  return (
    <form class="app-form" onSubmit={submit} data-testid="webhook-form">
      <div class="field">
        <label for={`${id}-url`}>Address</label>
        <input
          class="input"
          type="url"
          id={`${id}-url`}
          value={url}
          onInput={(event) => setUrl(event.currentTarget.value)}
          required
          autocomplete="off"
          placeholder="https://example.com/footlight"
          data-testid="webhook-url"
        />
      </div>
      <div class="field">
        <label for={`${id}-channel`}>Channel</label>
        <select
          class="input"
          id={`${id}-channel`}
          value={channelId}
          onChange={(event) => setChannelId(event.currentTarget.value as ChannelId | '')}
        >
          <option value="">All of yours, later ones too</option>
          {channels.map((channel) => (
            <option key={channel.id} value={channel.id}>
              {channel.name}
            </option>
          ))}
        </select>
      </div>
      <fieldset>
        <legend>Tell it when</legend>
        {WEBHOOK_EVENT_TYPES.map((type) => (
          <label key={type} class="app-form-choice">
            <input
              type="checkbox"
              checked={events.includes(type)}
              onChange={() => toggle(type)}
              data-testid={`webhook-event-${type}`}
            />
            <span>
              {EVENT_WORDS[type]}
              <small>
                <code>{type}</code>
              </small>
            </span>
          </label>
        ))}
      </fieldset>
      <FormFoot
        problem={problem?.message}
        submitWord="Add it"
        canSubmit={!isBusy && events.length > 0}
        testId="webhook-submit"
      />
    </form>
  );
}
