// Webhooks and deliveries as the API shows them: times in ISO 8601, never a secret.
import { statusOf } from '../../domain/webhooks.ts';
import type { Delivery, Webhook } from '../../protocol/webhooks.ts';
import type { AttemptRecord, DeliveryRecord } from '../../storage/webhook-deliveries.ts';
import type { WebhookRecord } from '../../storage/webhooks.ts';

export const toWebhook = (webhook: WebhookRecord): Webhook => ({
  id: webhook.id,
  url: webhook.url,
  events: webhook.events,
  channelId: webhook.channelId,
  status: statusOf(webhook),
  createdAt: toIso(webhook.createdAtMs),
  oldSecretUntil: webhook.oldSecretUntilMs === null ? null : toIso(webhook.oldSecretUntilMs),
});

export const toDelivery = (delivery: DeliveryRecord, attempts: readonly AttemptRecord[]): Delivery => ({
  id: delivery.id,
  eventId: delivery.eventId,
  type: delivery.type,
  state: delivery.state,
  replayOf: delivery.replayOf,
  createdAt: toIso(delivery.createdAtMs),
  nextAttemptAt: delivery.dueAtMs === null ? null : toIso(delivery.dueAtMs),
  attempts: attempts.map(({ atMs, durationMs, status, error, answer }) => ({
    at: toIso(atMs),
    durationMs,
    status,
    error,
    answer,
  })),
});

const toIso = (ms: number): string => new Date(ms).toISOString();
