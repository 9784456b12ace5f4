// Webhooks: made, listed, changed, and found by whose channels they hear of.
import { and, asc, eq, type SQLWrapper, sql } from 'drizzle-orm';
import type { ChannelId, StreamId, UserId, WebhookId } from '../protocol/ids.ts';
import type { WebhookEventType } from '../protocol/webhooks.ts';
import { shelves } from './database.ts';
import { channels, streams, webhookAttempts, webhookDeliveries, webhooks } from './schema.ts';

export interface WebhookRecord {
  id: WebhookId;
  ownerId: UserId;
  channelId: ChannelId | null;
  url: string;
  events: WebhookEventType[];
  /** Wrapped, both of them. */
  secret: string;
  oldSecret: string | null;
  oldSecretUntilMs: number | null;
  enabled: boolean;
  failingSinceMs: number | null;
  goneAtMs: number | null;
  createdAtMs: number;
}

export type NewWebhook = Pick<
  WebhookRecord,
  'id' | 'ownerId' | 'channelId' | 'url' | 'events' | 'secret' | 'createdAtMs'
>;

/** False when its owner has `limit` already; counted in the same statement, so that two calls at once do not both fit. */
export async function addWebhook(db: D1Database, webhook: NewWebhook, limit: number): Promise<boolean> {
  const { id, ownerId, channelId, url, events, secret, createdAtMs } = webhook;
  const { meta } = await db
    .prepare(
      `INSERT INTO webhooks (id, owner_id, channel_id, url, events, secret, enabled, created_at_ms)
       SELECT ?1, ?2, ?3, ?4, ?5, ?6, 1, ?7 WHERE (SELECT count(*) FROM webhooks WHERE owner_id = ?2) < ?8`,
    )
    .bind(id, ownerId, channelId, url, JSON.stringify(events), secret, createdAtMs, limit)
    .run();
  return meta.changes > 0;
}

export async function findWebhook(db: D1Database, id: WebhookId): Promise<WebhookRecord | null> {
  return (await shelves(db).select().from(webhooks).where(eq(webhooks.id, id)))[0] ?? null;
}

export async function listWebhooksOf(db: D1Database, ownerId: UserId): Promise<WebhookRecord[]> {
  return shelves(db).select().from(webhooks).where(eq(webhooks.ownerId, ownerId)).orderBy(asc(webhooks.createdAtMs));
}

export interface OwnedChannel {
  id: ChannelId;
  ownerId: UserId;
}

/** The channels with these ids, and the channels of these streams by stream. */
export async function findChannelsAt(
  db: D1Database,
  { channelIds, streamIds }: { channelIds: readonly ChannelId[]; streamIds: readonly StreamId[] },
): Promise<{ byId: Map<ChannelId, OwnedChannel>; byStream: Map<StreamId, OwnedChannel> }> {
  const { id, ownerId } = channels;
  const [named, streamed] = await Promise.all([
    shelves(db).select({ id, ownerId }).from(channels).where(isOneOf(id, channelIds)),
    shelves(db)
      .select({ streamId: streams.id, id, ownerId })
      .from(streams)
      .innerJoin(channels, eq(channels.id, streams.channelId))
      .where(isOneOf(streams.id, streamIds)),
  ]);
  return {
    byId: new Map(named.map((channel) => [channel.id, channel])),
    byStream: new Map(streamed.map(({ streamId, ...channel }) => [streamId, channel])),
  };
}

export async function listEnabledWebhooks(db: D1Database, ownerIds: readonly UserId[]): Promise<WebhookRecord[]> {
  return shelves(db)
    .select()
    .from(webhooks)
    .where(and(isOneOf(webhooks.ownerId, ownerIds), eq(webhooks.enabled, true)));
}

/** False when the webhook is no longer as `from` says, where it is given; nothing is changed then. */
export async function changeWebhook(
  db: D1Database,
  id: WebhookId,
  change: Partial<
    Pick<
      WebhookRecord,
      'url' | 'events' | 'enabled' | 'secret' | 'oldSecret' | 'oldSecretUntilMs' | 'failingSinceMs' | 'goneAtMs'
    >
  >,
  { from = {} }: { from?: Partial<Pick<WebhookRecord, 'url' | 'events' | 'enabled' | 'secret'>> | undefined } = {},
): Promise<boolean> {
  if (Object.keys(change).length === 0) return true;
  const isAsRead = [
    from.url !== undefined ? eq(webhooks.url, from.url) : undefined,
    from.events && eq(webhooks.events, from.events),
    from.enabled !== undefined ? eq(webhooks.enabled, from.enabled) : undefined,
    from.secret !== undefined ? eq(webhooks.secret, from.secret) : undefined,
  ];
  const { meta } = await shelves(db)
    .update(webhooks)
    .set(change)
    .where(and(eq(webhooks.id, id), ...isAsRead));
  return meta.changes > 0;
}

/** With all that was sent to it. */
export async function deleteWebhook(db: D1Database, id: WebhookId): Promise<void> {
  const sent = shelves(db)
    .select({ id: webhookDeliveries.id })
    .from(webhookDeliveries)
    .where(eq(webhookDeliveries.webhookId, id));
  await shelves(db).batch([
    shelves(db).delete(webhookAttempts).where(sql`${webhookAttempts.deliveryId} in ${sent}`),
    shelves(db).delete(webhookDeliveries).where(eq(webhookDeliveries.webhookId, id)),
    shelves(db).delete(webhooks).where(eq(webhooks.id, id)),
  ]);
}

/** One parameter, however many values: D1 takes a hundred in a statement. */
const isOneOf = (column: SQLWrapper, values: readonly string[]) =>
  sql`${column} in (select value from json_each(${JSON.stringify(values)}))`;
