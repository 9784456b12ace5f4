// The consumers of the queue of deliveries: one try for each that is due, and what is given up goes to rest.
import { unwrap } from '../auth/wrapping-key.ts';
import { judge } from '../domain/webhook-schedule.ts';
import { refusalOf } from '../domain/webhook-url.ts';
import type { DeliveryId } from '../protocol/ids.ts';
import { WebhookMessage } from '../protocol/webhooks.ts';
import {
  type DeliveryRecord,
  findDelivery,
  parkDelivery,
  recordAttempt,
  takeDelivery,
} from '../storage/webhook-deliveries.ts';
import { findWebhook, type WebhookRecord } from '../storage/webhooks.ts';
import { refusalOfHost } from './webhook-host.ts';
import { type Outcome, sendWebhook } from './webhook-request.ts';

/** Longer than a try can take. When it has passed without an outcome, the Worker died in the middle, and another may try. */
const TRY_LIMIT_MS = 30_000;
/** A queue counts in whole seconds and may be early by part of one. */
const EARLY_MS = 1000;
/** After a fault of our own (the database, a key), which says nothing of the far end. */
const FAULT_DELAY_SECONDS = 60;

export async function consumeDeliveries(batch: MessageBatch, env: Env): Promise<void> {
  await Promise.all(batch.messages.map((message) => consume(message, env)));
}

async function consume(message: Message, env: Env): Promise<void> {
  try {
    const { deliveryId } = WebhookMessage.parse(message.body);
    const delaySeconds = await tryDelivery(env, deliveryId);
    if (delaySeconds === null) message.ack();
    else message.retry({ delaySeconds });
  } catch (error) {
    console.error(`webhook message ${message.id}, try ${message.attempts}`, error);
    message.retry({ delaySeconds: FAULT_DELAY_SECONDS });
  }
}

/** What the queue could not get rid of: it is said aloud, and its delivery rests until somebody replays it. */
export async function parkDeadDeliveries(batch: MessageBatch, env: Env): Promise<void> {
  for (const message of batch.messages) {
    console.error(`webhook message ${message.id} is dead and its delivery parked`, message.body);
    const { data } = WebhookMessage.safeParse(message.body);
    if (data) await parkDelivery(env.DB, { id: data.deliveryId, nowMs: Date.now(), isFailure: true });
    message.ack();
  }
}

/** Null: no more to do. Otherwise the seconds after which the same message is wanted again. */
async function tryDelivery(env: Env, id: DeliveryId): Promise<number | null> {
  const nowMs = Date.now();
  const delivery = await takeDelivery(env.DB, { id, nowMs: nowMs + EARLY_MS, untilMs: nowMs + TRY_LIMIT_MS });
  // A message may come twice: what has arrived, was parked or deleted, or is being tried is left alone.
  if (!delivery) return secondsUntilDue(await findDelivery(env.DB, id), nowMs);
  const webhook = await findWebhook(env.DB, delivery.webhookId);
  if (!webhook?.enabled) {
    await parkDelivery(env.DB, { id, nowMs, isFailure: false });
    return null;
  }
  const { attempt, retryAfterSeconds } = await send(env, { webhook, delivery });
  const { status } = attempt;
  const verdict = judge({ status, attempt: delivery.attemptCount + 1, random: Math.random(), retryAfterSeconds });
  const delaySeconds = verdict.state === 'pending' ? verdict.delaySeconds : null;
  await recordAttempt(env.DB, {
    delivery,
    attempt,
    state: verdict.state,
    dueAtMs: delaySeconds === null ? null : Date.now() + delaySeconds * 1000,
    isGone: verdict.state === 'parked' && verdict.isGone,
  });
  return delaySeconds;
}

const secondsUntilDue = (delivery: DeliveryRecord | null, nowMs: number): number | null =>
  delivery?.state === 'pending' && delivery.dueAtMs !== null
    ? Math.max(1, Math.ceil((delivery.dueAtMs - nowMs) / 1000))
    : null;

async function send(
  env: Env,
  { webhook, delivery }: { webhook: WebhookRecord; delivery: DeliveryRecord },
): Promise<Outcome> {
  const atMs = Date.now();
  const isLocal = env.MODE === 'local';
  const notSent = (error: string): Outcome => ({
    attempt: { atMs, durationMs: Date.now() - atMs, status: null, error: `not sent: ${error}`, answer: null },
    retryAfterSeconds: null,
  });
  // Asked at each try too: a database that has been in local mode may hold addresses of this machine.
  const refusal = refusalOf(webhook.url, { isLocal });
  if (refusal) return notSent(`the URL ${refusal}`);
  // A name may lead elsewhere than when the webhook was made. Local mode asks no resolver of the internet.
  const hostRefusal = isLocal ? null : await refusalOfHost(webhook.url);
  if (hostRefusal) return notSent(`its host ${hostRefusal}`);
  const secrets = await secretsOf(env, webhook, atMs);
  return sendWebhook({ url: webhook.url, eventId: delivery.eventId, body: delivery.body, secrets }, Date.now);
}

/** Newest first; the one before it until its time is over. */
async function secretsOf(env: Env, webhook: WebhookRecord, nowMs: number): Promise<string[]> {
  const { id: label, secret, oldSecret, oldSecretUntilMs } = webhook;
  const kept = oldSecret !== null && (oldSecretUntilMs ?? 0) > nowMs ? [secret, oldSecret] : [secret];
  return Promise.all(kept.map((wrapped) => unwrap(env.WRAPPING_KEY, { label, wrapped })));
}
