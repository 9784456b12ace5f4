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

/**
 * Tells webhooks of entries that have been appended. The same entries may come again: each webhook hears of each once.
 * Throws where it could not be kept what to send: the entries must come again then. What fails behind that is reported, and
 * made up for by a later run.
 */
export async function tellWebhooks(env: Env, entries: readonly AuditEntry[], nowMs = Date.now()): Promise<void> {
  const kept = await keepAll(env.DB, await deriveDeliveries(env.DB, entries, nowMs));
  await sendKept(env, kept, nowMs).catch((error) =>
    console.error(
      `Deliveries to webhooks (${kept.length} new) could not be put in their queue; they are later.`,
      error,
    ),
  );
}

async function keepAll(db: D1Database, deliveries: readonly NewDelivery[]): Promise<DeliveryId[]> {
  const kept: DeliveryId[] = [];
  for (let start = 0; start < deliveries.length; start += MESSAGES_MAX) {
    kept.push(...(await keepDeliveries(db, deliveries.slice(start, start + MESSAGES_MAX))));
  }
  return kept;
}

/** On the way it forgets what is too old, and sends again what was lost between here and the queue. */
async function sendKept(env: Env, kept: readonly DeliveryId[], nowMs: number): Promise<void> {
  for (let start = 0; start < kept.length; start += MESSAGES_MAX) {
    await enqueue(env, kept.slice(start, start + MESSAGES_MAX));
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
