// The doors of webhooks, as the workshop uses them.
import type {
  CreatedWebhook,
  CreateWebhook,
  Delivery,
  DeliveryPage,
  UpdateWebhook,
  Webhook,
  WebhookList,
} from '../protocol/webhooks.ts';
import { request } from './api.ts';

export const webhooksApi = {
  mine: () => request<WebhookList>('GET', '/webhooks'),
  make: (webhook: CreateWebhook) => request<CreatedWebhook>('POST', '/webhooks', webhook),
  change: (id: string, change: UpdateWebhook) => request<Webhook>('PATCH', `/webhooks/${id}`, change),
  remove: (id: string) => request<void>('DELETE', `/webhooks/${id}`),
  rotateSecret: (id: string) => request<CreatedWebhook>('POST', `/webhooks/${id}/secret`),
  test: (id: string) => request<Delivery>('POST', `/webhooks/${id}/test`),
  deliveries: (id: string) => request<DeliveryPage>('GET', `/webhooks/${id}/deliveries?limit=10`),
  replay: (id: string, deliveryId: string) =>
    request<Delivery>('POST', `/webhooks/${id}/deliveries/${deliveryId}/replay`),
};
