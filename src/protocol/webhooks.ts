// The words of webhooks: what happened, where it is told, and how telling it went.
import { z } from 'zod';
import type { AuditAction } from './audit.ts';
import { ChannelId, DeliveryId, StreamId, WebhookId } from './ids.ts';

/** What a webhook may ask for: those actions of the audit log that concern one channel and its owner. */
export const WEBHOOK_EVENT_TYPES = [
  'stream.started',
  'stream.ended',
  'user.followed',
  'channel_role.given',
  'channel_role.taken',
  'member.invited',
  'member.removed',
] as const satisfies readonly AuditAction[];
export const WebhookEventType = z.enum(WEBHOOK_EVENT_TYPES);
export type WebhookEventType = z.infer<typeof WebhookEventType>;

/** What the test button sends; nobody needs to ask for it. */
export const TEST_EVENT_TYPE = 'webhook.test';
/** The type of a delivery: an event, or the test. */
export const SentEventType = z.enum([...WEBHOOK_EVENT_TYPES, TEST_EVENT_TYPE]);
export type SentEventType = z.infer<typeof SentEventType>;

const Facts = z.record(z.string(), z.unknown());

/** The body of a delivery. Its id is in the header `webhook-id`. */
export const WebhookEvent = z.object({
  type: SentEventType,
  timestamp: z.iso.datetime().describe('When it happened, not when it was sent'),
  data: z.object({
    channelId: ChannelId.nullable().describe('null in a test'),
    streamId: StreamId.nullable(),
    actorId: z.string().nullable().describe('Who did it; null: nobody in person'),
    target: z.object({ type: z.string(), id: z.string() }).nullable().describe('Whom or what it was done to'),
    before: Facts.nullable(),
    after: Facts.nullable(),
  }),
});
export type WebhookEvent = z.infer<typeof WebhookEvent>;

export const URL_CHARACTERS_MAX = 500;
/** How long the secret before the last rotation still signs. */
export const OLD_SECRET_SECONDS = 24 * 60 * 60;
export const DELIVERIES_KEPT_DAYS = 30;

const Url = z.url().max(URL_CHARACTERS_MAX);
const Events = z.array(WebhookEventType).min(1).max(WEBHOOK_EVENT_TYPES.length);

export const CreateWebhook = z.object({
  url: Url.describe('Where events are sent by POST; https'),
  events: Events,
  channelId: ChannelId.optional().describe('One of your channels; without it: all of yours'),
});
export type CreateWebhook = z.infer<typeof CreateWebhook>;

export const UpdateWebhook = z.object({ url: Url, events: Events, enabled: z.boolean() }).partial();
export type UpdateWebhook = z.infer<typeof UpdateWebhook>;

/** failing: the last try of some delivery failed, and none has arrived since. gone: its server answered 410. */
export const WebhookStatus = z.enum(['active', 'failing', 'disabled', 'gone']);
export type WebhookStatus = z.infer<typeof WebhookStatus>;

export const Webhook = z.object({
  id: WebhookId,
  url: z.string(),
  events: z.array(WebhookEventType),
  channelId: ChannelId.nullable().describe('null: every channel of yours'),
  status: WebhookStatus,
  createdAt: z.iso.datetime(),
  oldSecretUntil: z.iso.datetime().nullable().describe('Until then the secret before this one signs too'),
});
export type Webhook = z.infer<typeof Webhook>;

export const WebhookList = z.object({ webhooks: z.array(Webhook) });
export type WebhookList = z.infer<typeof WebhookList>;

export const CreatedWebhook = Webhook.extend({ secret: z.string().describe('Shown this once') });
export type CreatedWebhook = z.infer<typeof CreatedWebhook>;

/** pending: another try is due. parked: no more tries; a replay sends it again. */
export const DeliveryState = z.enum(['pending', 'delivered', 'parked']);
export type DeliveryState = z.infer<typeof DeliveryState>;

export const DeliveryAttempt = z.object({
  at: z.iso.datetime(),
  durationMs: z.number().int(),
  status: z.number().int().nullable().describe('null: no answer came'),
  error: z.string().nullable(),
  answer: z.string().nullable().describe('The first characters of the body'),
});
export type DeliveryAttempt = z.infer<typeof DeliveryAttempt>;

export const Delivery = z.object({
  id: DeliveryId,
  eventId: z.string().describe('The webhook-id header: the same in every try and replay'),
  type: SentEventType,
  state: DeliveryState,
  replayOf: DeliveryId.nullable(),
  createdAt: z.iso.datetime(),
  nextAttemptAt: z.iso.datetime().nullable(),
  attempts: z.array(DeliveryAttempt).describe('Oldest first'),
});
export type Delivery = z.infer<typeof Delivery>;

export const ListDeliveriesQuery = z.object({
  limit: z.coerce.number().int().min(1).max(50).default(20),
  cursor: z.string().max(200).optional(),
});
export const DeliveryPage = z.object({ deliveries: z.array(Delivery), nextCursor: z.string().nullable() });
export type DeliveryPage = z.infer<typeof DeliveryPage>;

/** What waits in the queue: which delivery is due. */
export const WebhookMessage = z.object({ deliveryId: DeliveryId });
export type WebhookMessage = z.infer<typeof WebhookMessage>;
