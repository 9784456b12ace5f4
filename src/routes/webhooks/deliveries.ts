// What was sent to a webhook and how it went; send it again, or send a test.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { testEvent } from '../../domain/webhooks.ts';
import { FootlightError } from '../../protocol/errors.ts';
import { DeliveryId, mintId, WebhookId } from '../../protocol/ids.ts';
import { Delivery, DeliveryPage, ListDeliveriesQuery, TEST_EVENT_TYPE } from '../../protocol/webhooks.ts';
import { findDelivery, keepDeliveries, listDeliveries, type NewDelivery } from '../../storage/webhook-deliveries.ts';
import type { WebhookRecord } from '../../storage/webhooks.ts';
import { note } from '../audit-note.ts';
import type { AppContext } from '../context.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import { apiDoors } from '../guards/api.ts';
import { forAction, json, refusals } from '../openapi.ts';
import { ownWebhook } from './own-webhook.ts';
import { toDelivery } from './representations.ts';

const params = z.object({ id: WebhookId });
const deliveryParams = z.object({ id: WebhookId, deliveryId: DeliveryId });

export const deliveries = apiDoors()
  .openapi(
    createRoute({
      method: 'get',
      path: '/{id}/deliveries',
      summary: 'What was sent to it, newest first, with every try',
      ...forAction('webhook.see'),
      request: { params, query: ListDeliveriesQuery },
      responses: { 200: json('A page; nextCursor leads to the next one', DeliveryPage), ...refusals('not_found') },
    }),
    async (c) => {
      const { id: webhookId } = await ownWebhook(c, 'webhook.see', c.req.valid('param').id);
      const { limit, cursor } = c.req.valid('query');
      const before = cursor === undefined ? undefined : readCursor(cursor, DeliveryId);
      const page = await listDeliveries(c.env.DB, { webhookId, before, limit });
      const body = {
        deliveries: page.deliveries.map(({ attempts, ...delivery }) => toDelivery(delivery, attempts)),
        nextCursor: page.next && writeCursor(page.next),
      };
      return c.json(body, 200, { 'Cache-Control': 'private, no-store' });
    },
  )
  .openapi(
    createRoute({
      method: 'post',
      path: '/{id}/deliveries/{deliveryId}/replay',
      summary: 'Send the same event again, as a new delivery under the same webhook-id',
      ...forAction('webhook.manage'),
      request: { params: deliveryParams },
      responses: { 202: json('The delivery, on its way', Delivery), ...refusals('not_found', 'conflict') },
    }),
    async (c) => {
      const { id, deliveryId } = c.req.valid('param');
      const webhook = await ownWebhook(c, 'webhook.manage', id);
      const original = await findDelivery(c.env.DB, deliveryId);
      if (original?.webhookId !== webhook.id) {
        throw new FootlightError(
          'not_found',
          `There is no delivery ${deliveryId} of this webhook. Old ones are forgotten.`,
        );
      }
      const { eventId, type, body } = original;
      const delivery = await dispatch(c, webhook, { id: mintDeliveryId(), eventId, type, body, replayOf: original.id });
      note(c, {
        action: 'webhook.replayed',
        target: { type: 'webhook', id },
        after: { deliveryId: delivery.id, eventId },
      });
      return c.json(delivery, 202);
    },
  )
  .openapi(
    createRoute({
      method: 'post',
      path: '/{id}/test',
      summary: `Send an event of the type ${TEST_EVENT_TYPE}, whatever the webhook asks for`,
      ...forAction('webhook.manage'),
      request: { params },
      responses: { 202: json('The delivery, on its way', Delivery), ...refusals('not_found', 'conflict') },
    }),
    async (c) => {
      const webhook = await ownWebhook(c, 'webhook.manage', c.req.valid('param').id);
      const id = mintDeliveryId();
      const body = JSON.stringify(testEvent({ atMs: Date.now(), userId: webhook.ownerId }));
      // No entry of the audit log caused it, so its event has the id of its only delivery.
      const delivery = await dispatch(c, webhook, { id, eventId: id, type: TEST_EVENT_TYPE, body, replayOf: null });
      note(c, { action: 'webhook.tested', target: { type: 'webhook', id: webhook.id }, after: { deliveryId: id } });
      return c.json(delivery, 202);
    },
  );

async function dispatch(
  c: AppContext,
  webhook: WebhookRecord,
  what: Omit<NewDelivery, 'webhookId' | 'createdAtMs'>,
): Promise<Delivery> {
  if (!webhook.enabled) throw new FootlightError('conflict', 'The webhook is switched off. Switch it on first.');
  const delivery = { ...what, webhookId: webhook.id, createdAtMs: Date.now() };
  await keepDeliveries(c.env.DB, [delivery]);
  await c.env.WEBHOOKS.send({ deliveryId: delivery.id });
  return toDelivery({ ...delivery, state: 'pending', attemptCount: 0, dueAtMs: delivery.createdAtMs }, []);
}

const mintDeliveryId = (): DeliveryId => DeliveryId.parse(mintId('dl', crypto.getRandomValues(new Uint8Array(16))));
