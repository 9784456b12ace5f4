// Webhooks: made, read, changed and deleted by whom they report to; their secret is shown once.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { mintWebhookSecret } from '../auth/webhook-signature.ts';
import { wrap } from '../auth/wrapping-key.ts';
import { QUOTAS } from '../domain/quotas.ts';
import { FootlightError } from '../protocol/errors.ts';
import { type ChannelId, mintId, type UserId, WebhookId } from '../protocol/ids.ts';
import {
  CreatedWebhook,
  CreateWebhook,
  OLD_SECRET_SECONDS,
  UpdateWebhook,
  Webhook,
  WebhookList,
} from '../protocol/webhooks.ts';
import { addWebhook, changeWebhook, deleteWebhook, listWebhooksOf, type WebhookRecord } from '../storage/webhooks.ts';
import { note } from './audit-note.ts';
import { type AppContext, baseUrl } from './context.ts';
import { existingChannel } from './existing.ts';
import { apiResource } from './guards/api.ts';
import { isConditional, requireFresh, staleEtag } from './guards/etag.ts';
import { requireAccount } from './guards/permit.ts';
import { forAction, json, refusals } from './openapi.ts';
import { quotaExceeded } from './quota.ts';
import { deliveries } from './webhooks/deliveries.ts';
import { ownWebhook } from './webhooks/own-webhook.ts';
import { toWebhook } from './webhooks/representations.ts';
import { requireAllowedUrl } from './webhooks/url.ts';

const params = z.object({ id: WebhookId });

export const webhooks = apiResource()
  .openapi(
    createRoute({
      method: 'get',
      path: '/',
      summary: 'Your webhooks, oldest first',
      ...forAction('webhook.see'),
      responses: { 200: json('All of them', WebhookList) },
    }),
    async (c) => {
      const { id } = requireAccount(c, 'webhook.see');
      return c.json({ webhooks: (await listWebhooksOf(c.env.DB, id)).map(toWebhook) }, 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'post',
      path: '/',
      summary: `Be told of events on your channels; at most ${QUOTAS.webhooks.max} webhooks a person`,
      ...forAction('webhook.manage'),
      request: { body: { required: true, content: { 'application/json': { schema: CreateWebhook } } } },
      responses: {
        201: json('The webhook, with its secret this once', CreatedWebhook),
        ...refusals('not_found', 'quota_exceeded'),
      },
    }),
    async (c) => {
      const { id: ownerId } = requireAccount(c, 'webhook.manage');
      const { url, events, channelId } = c.req.valid('json');
      requireAllowedUrl(c, url);
      if (channelId) await requireOwnChannel(c, { channelId, ownerId });
      const id = WebhookId.parse(mintId('wh', randomBytes(16)));
      const { secret, wrapped } = await newSecret(c, id);
      const webhook = {
        id,
        ownerId,
        channelId: channelId ?? null,
        url,
        events: unique(events),
        createdAtMs: Date.now(),
      };
      const isAdded = await addWebhook(c.env.DB, { ...webhook, secret: wrapped }, QUOTAS.webhooks.max);
      if (!isAdded) throw quotaExceeded('webhooks');
      const made = await ownWebhook(c, 'webhook.manage', id);
      note(c, { action: 'webhook.created', target: { type: 'webhook', id }, after: factsOf(made) });
      const created = { ...toWebhook(made), secret };
      return c.json(created, 201, { ...UNCACHED, Location: `${baseUrl(c)}/api/v1/webhooks/${id}` });
    },
  )
  .openapi(
    createRoute({
      method: 'get',
      path: '/{id}',
      summary: 'A webhook of yours',
      ...forAction('webhook.see'),
      request: { params },
      responses: { 200: json('The webhook', Webhook), ...refusals('not_found') },
    }),
    async (c) => c.json(toWebhook(await ownWebhook(c, 'webhook.see', c.req.valid('param').id)), 200, UNCACHED),
  )
  .openapi(
    createRoute({
      method: 'patch',
      path: '/{id}',
      summary: 'Change where it is sent and what it tells, or switch it off and on',
      ...forAction('webhook.manage'),
      request: { params, body: { required: true, content: { 'application/json': { schema: UpdateWebhook } } } },
      responses: { 200: json('The webhook as it is now', Webhook), ...refusals('not_found', 'stale_etag') },
    }),
    async (c) => {
      const webhook = await ownWebhook(c, 'webhook.manage', c.req.valid('param').id);
      await requireFresh(c, () => toWebhook(webhook));
      const { id } = webhook;
      const change = c.req.valid('json');
      if (change.url !== undefined) requireAllowedUrl(c, change.url);
      const { url, events, enabled } = webhook;
      // Of two changes that were made from one state, the second meets the first here.
      const from = isConditional(c) ? { url, events, enabled } : undefined;
      const columns = {
        ...change,
        ...(change.events && { events: unique(change.events) }),
        // Whoever switches it on, or sends it elsewhere, begins with a clean slate.
        ...((change.enabled || change.url !== undefined) && { failingSinceMs: null, goneAtMs: null }),
      };
      if (!(await changeWebhook(c.env.DB, id, columns, { from }))) throw staleEtag();
      const changed = await ownWebhook(c, 'webhook.manage', id);
      const [before, after] = [factsOf(webhook), factsOf(changed)];
      note(c, { action: 'webhook.changed', target: { type: 'webhook', id }, before, after });
      return c.json(toWebhook(changed), 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'delete',
      path: '/{id}',
      summary: 'Delete it with all that was sent to it; what is still on its way is dropped',
      ...forAction('webhook.manage'),
      request: { params },
      responses: { 204: { description: 'It is gone' }, ...refusals('not_found') },
    }),
    async (c) => {
      const webhook = await ownWebhook(c, 'webhook.manage', c.req.valid('param').id);
      const { id } = webhook;
      await deleteWebhook(c.env.DB, id);
      note(c, { action: 'webhook.deleted', target: { type: 'webhook', id }, before: factsOf(webhook) });
      return c.body(null, 204);
    },
  )
  .openapi(
    createRoute({
      method: 'post',
      path: '/{id}/secret',
      summary: `Make a new secret; the old one signs beside it for ${OLD_SECRET_SECONDS / 3600} hours`,
      ...forAction('webhook.manage'),
      request: { params },
      responses: {
        201: json('The webhook, with its new secret this once', CreatedWebhook),
        ...refusals('not_found', 'conflict'),
      },
    }),
    async (c) => {
      const { id, secret: oldSecret } = await ownWebhook(c, 'webhook.manage', c.req.valid('param').id);
      const { secret, wrapped } = await newSecret(c, id);
      const oldSecretUntilMs = Date.now() + OLD_SECRET_SECONDS * 1000;
      const change = { secret: wrapped, oldSecret, oldSecretUntilMs };
      // A secret that somebody else has just replaced would be shown and never sign.
      if (!(await changeWebhook(c.env.DB, id, change, { from: { secret: oldSecret } }))) {
        throw new FootlightError(
          'conflict',
          'The secret has just been replaced by another request. Use that one, or ask again for a new one.',
        );
      }
      note(c, { action: 'webhook.changed', target: { type: 'webhook', id }, after: { secret: 'rotated' } });
      return c.json({ ...toWebhook(await ownWebhook(c, 'webhook.manage', id)), secret }, 201, UNCACHED);
    },
  )
  .route('/', deliveries);

/** Only where it points: the path of such a URL is often a secret of the receiver. */
const factsOf = ({ url, events, channelId, enabled }: WebhookRecord) => ({
  origin: new URL(url).origin,
  events,
  channelId,
  enabled,
});

const UNCACHED = { 'Cache-Control': 'private, no-store' };

async function requireOwnChannel(c: AppContext, { channelId, ownerId }: { channelId: ChannelId; ownerId: UserId }) {
  const channel = await existingChannel(c, channelId);
  if (channel.ownerId === ownerId) return;
  throw new FootlightError(
    'forbidden',
    'The channel belongs to somebody else. Name one of yours, or leave channelId out for all of yours.',
  );
}

async function newSecret(c: AppContext, label: WebhookId): Promise<{ secret: string; wrapped: string }> {
  const secret = mintWebhookSecret(randomBytes(32));
  return { secret, wrapped: await wrap(c.env.WRAPPING_KEY, { label, text: secret }) };
}

const unique = <Value>(values: readonly Value[]): Value[] => [...new Set(values)];
const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
