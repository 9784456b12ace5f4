// The tables of webhooks, their deliveries and each try of them.
import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { ChannelId, DeliveryId, UserId, WebhookId } from '../../protocol/ids.ts';
import type { DeliveryState, SentEventType, WebhookEventType } from '../../protocol/webhooks.ts';
import { users } from './people.ts';
import { channels } from './streams.ts';

export const webhooks = sqliteTable(
  'webhooks',
  {
    id: text().$type<WebhookId>().primaryKey(),
    ownerId: text('owner_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    channelId: text('channel_id')
      .$type<ChannelId>()
      .references(() => channels.id),
    url: text().notNull(),
    events: text({ mode: 'json' }).$type<WebhookEventType[]>().notNull(),
    secret: text().notNull(),
    oldSecret: text('old_secret'),
    oldSecretUntilMs: integer('old_secret_until_ms'),
    enabled: integer({ mode: 'boolean' }).notNull(),
    failingSinceMs: integer('failing_since_ms'),
    goneAtMs: integer('gone_at_ms'),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (table) => [index('webhooks_by_owner').on(table.ownerId, table.createdAtMs)],
);

export const webhookDeliveries = sqliteTable(
  'webhook_deliveries',
  {
    id: text().$type<DeliveryId>().primaryKey(),
    webhookId: text('webhook_id')
      .$type<WebhookId>()
      .notNull()
      .references(() => webhooks.id),
    eventId: text('event_id').notNull(),
    type: text().$type<SentEventType>().notNull(),
    body: text().notNull(),
    state: text().$type<DeliveryState>().notNull().default('pending'),
    replayOf: text('replay_of').$type<DeliveryId>(),
    attemptCount: integer('attempt_count').notNull(),
    dueAtMs: integer('due_at_ms'),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (table) => [
    uniqueIndex('webhook_deliveries_once').on(table.webhookId, table.eventId).where(sql`replay_of is null`),
    index('webhook_deliveries_by_webhook').on(table.webhookId, table.createdAtMs, table.id),
    index('webhook_deliveries_due').on(table.dueAtMs).where(sql`state = 'pending'`),
    index('webhook_deliveries_by_age').on(table.createdAtMs),
  ],
);

export const webhookAttempts = sqliteTable(
  'webhook_attempts',
  {
    id: text().primaryKey(),
    deliveryId: text('delivery_id')
      .$type<DeliveryId>()
      .notNull()
      .references(() => webhookDeliveries.id),
    atMs: integer('at_ms').notNull(),
    durationMs: integer('duration_ms').notNull(),
    status: integer(),
    error: text(),
    answer: text(),
  },
  (table) => [index('webhook_attempts_by_delivery').on(table.deliveryId, table.atMs)],
);
