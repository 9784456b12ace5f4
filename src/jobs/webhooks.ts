// From entries of the audit log to deliveries: finds who wants to hear, keeps what to send, and puts it in the queue.
import { describeEvent, toEvent, wants } from '../domain/webhooks.ts';
import type { AuditEntry } from '../protocol/audit.ts';
import { DeliveryId, mintId } from '../protocol/ids.ts';
import { DELIVERIES_KEPT_DAYS } from '../protocol/webhooks.ts';
import { forgetDeliveries, keepDeliveries, type NewDelivery, takeOverdue } from '../storage/webhook-deliveries.ts';
import { findChannelsAt, listEnabledWebhooks } from '../storage/webhooks.ts';

/** sendBatch takes a hundred messages. */
const MESSAGES_MAX = 100;
/** A message that has not come so long after it was due is taken for lost, and another is sent. */
const LOST_AFTER_MS = 10 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Old deliveries forgotten at a time: more than come in, so that none pile up. */
const FORGOTTEN_AT_ONCE = 500;

/** As `deliverEvents`; a failure is tried once more, then reported, and never the caller's. */
export async function tellWebhooks(env: Env, entries: readonly AuditEntry[]): Promise<void> {
  const deliver = () => deliverEvents(env, entries, Date.now());
  await deliver()
    .catch(deliver)
    .catch((error) => console.error(`Webhooks were not told of ${entries.length} audit entries.`, error));
}

/**
 * Tells webhooks of entries that have been appended. The same entries may come again: each webhook hears of each once.
 * On the way it forgets what is too old, and sends again what was lost between here and the queue.
 */
export async function deliverEvents(env: Env, entries: readonly AuditEntry[], nowMs: number): Promise<void> {
  const deliveries = await deriveDeliveries(env.DB, entries, nowMs);
  for (let start = 0; start < deliveries.length; start += MESSAGES_MAX) {
    await enqueue(env, await keepDeliveries(env.DB, deliveries.slice(start, start + MESSAGES_MAX)));
  }
  await forgetDeliveries(env.DB, { beforeMs: nowMs - DELIVERIES_KEPT_DAYS * DAY_MS, limit: FORGOTTEN_AT_ONCE });
  await enqueue(env, await takeOverdue(env.DB, { beforeMs: nowMs - LOST_AFTER_MS, nowMs, limit: MESSAGES_MAX }));
}

async function deriveDeliveries(db: D1Database, entries: readonly AuditEntry[], nowMs: number): Promise<NewDelivery[]> {
  const events = entries.flatMap((entry) => toEvent(entry) ?? []);
  if (events.length === 0) return [];
  const { byId, byStream } = await findChannelsAt(db, {
    channelIds: events.flatMap(({ place }) => ('channelId' in place ? place.channelId : [])),
    streamIds: events.flatMap(({ place }) => ('streamId' in place ? place.streamId : [])),
  });
  const owners = new Set([...byId.values(), ...byStream.values()].map(({ ownerId }) => ownerId));
  const webhooks = owners.size === 0 ? [] : await listEnabledWebhooks(db, [...owners]);
  return events.flatMap((event) => {
    const channel = 'channelId' in event.place ? byId.get(event.place.channelId) : byStream.get(event.place.streamId);
    if (!channel) return [];
    const body = JSON.stringify(describeEvent(event, channel.id));
    return webhooks
      .filter((webhook) => wants(webhook, event.type, channel))
      .map((webhook) => ({
        id: mintDeliveryId(),
        webhookId: webhook.id,
        eventId: event.id,
        type: event.type,
        body,
        replayOf: null,
        createdAtMs: nowMs,
      }));
  });
}

async function enqueue({ WEBHOOKS }: Env, ids: readonly DeliveryId[]): Promise<void> {
  if (ids.length > 0) await WEBHOOKS.sendBatch(ids.map((deliveryId) => ({ body: { deliveryId } })));
}

const mintDeliveryId = (): DeliveryId => DeliveryId.parse(mintId('dl', crypto.getRandomValues(new Uint8Array(16))));
