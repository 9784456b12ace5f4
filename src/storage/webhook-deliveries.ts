// Deliveries of webhooks: kept before they are sent, taken for one try at a time, and the outcome of each try.
import { and, asc, desc, eq, inArray, lte, sql } from 'drizzle-orm';
import type { DeliveryId, WebhookId } from '../protocol/ids.ts';
import type { DeliveryState, SentEventType } from '../protocol/webhooks.ts';
import { shelves } from './database.ts';
import { type PageEnd, pageOf } from './page.ts';
import { webhookAttempts, webhookDeliveries, webhooks } from './schema.ts';

export interface DeliveryRecord {
  id: DeliveryId;
  webhookId: WebhookId;
  eventId: string;
  type: SentEventType;
  body: string;
  state: DeliveryState;
  replayOf: DeliveryId | null;
  attemptCount: number;
  /** When the next try may begin; while one runs, when it is taken for lost. Null: no more tries. */
  dueAtMs: number | null;
  createdAtMs: number;
}

export interface AttemptRecord {
  atMs: number;
  durationMs: number;
  status: number | null;
  error: string | null;
  answer: string | null;
}

export type NewDelivery = Pick<
  DeliveryRecord,
  'id' | 'webhookId' | 'eventId' | 'type' | 'body' | 'replayOf' | 'createdAtMs'
>;

/** Due at once. The ids of those that are new: the same event for the same webhook is kept once. */
export async function keepDeliveries(db: D1Database, deliveries: readonly NewDelivery[]): Promise<DeliveryId[]> {
  const insert = (one: NewDelivery) =>
    shelves(db)
      .insert(webhookDeliveries)
      .values({ ...one, state: 'pending', attemptCount: 0, dueAtMs: one.createdAtMs })
      .onConflictDoNothing()
      .returning({ id: webhookDeliveries.id });
  const [first, ...rest] = deliveries.map(insert);
  if (!first) return [];
  const kept = await shelves(db).batch([first, ...rest]);
  return kept.flat().map(({ id }) => id);
}

export async function findDelivery(db: D1Database, id: DeliveryId): Promise<DeliveryRecord | null> {
  return (await shelves(db).select().from(webhookDeliveries).where(eq(webhookDeliveries.id, id)))[0] ?? null;
}

/** Takes a due delivery for one try until `untilMs`; null when it is not due, or somebody else has taken it. */
export async function takeDelivery(
  db: D1Database,
  { id, nowMs, untilMs }: { id: DeliveryId; nowMs: number; untilMs: number },
): Promise<DeliveryRecord | null> {
  const taken = await shelves(db)
    .update(webhookDeliveries)
    .set({ dueAtMs: untilMs })
    .where(
      and(eq(webhookDeliveries.id, id), eq(webhookDeliveries.state, 'pending'), lte(webhookDeliveries.dueAtMs, nowMs)),
    )
    .returning();
  return taken[0] ?? null;
}

/** What a try led to: its record, where the delivery stands, and what that says of its webhook. */
export async function recordAttempt(
  db: D1Database,
  {
    delivery,
    attempt,
    state,
    dueAtMs,
    isGone,
  }: {
    delivery: DeliveryRecord;
    attempt: AttemptRecord;
    state: DeliveryState;
    dueAtMs: number | null;
    isGone: boolean;
  },
): Promise<void> {
  const attemptCount = delivery.attemptCount + 1;
  const tried = { ...attempt, id: `${delivery.id}.${attemptCount}`, deliveryId: delivery.id };
  await shelves(db).batch([
    shelves(db).insert(webhookAttempts).values(tried),
    shelves(db)
      .update(webhookDeliveries)
      .set({ state, attemptCount, dueAtMs })
      .where(eq(webhookDeliveries.id, delivery.id)),
    ...(state === 'delivered' ? [recovery(db, delivery.webhookId)] : []),
    ...(state === 'parked' ? [failure(db, { webhookId: delivery.webhookId, nowMs: attempt.atMs, isGone })] : []),
  ]);
}

/** Gives up a delivery that is not to be tried; nothing happens to one that is no longer pending. */
export async function parkDelivery(
  db: D1Database,
  { id, nowMs, isFailure }: { id: DeliveryId; nowMs: number; isFailure: boolean },
): Promise<void> {
  const parked = await shelves(db)
    .update(webhookDeliveries)
    .set({ state: 'parked', dueAtMs: null })
    .where(and(eq(webhookDeliveries.id, id), eq(webhookDeliveries.state, 'pending')))
    .returning({ webhookId: webhookDeliveries.webhookId });
  if (!isFailure) return;
  for (const { webhookId } of parked) await failure(db, { webhookId, nowMs, isGone: false });
}

const recovery = (db: D1Database, webhookId: WebhookId) =>
  shelves(db).update(webhooks).set({ failingSinceMs: null }).where(eq(webhooks.id, webhookId));

const failure = (
  db: D1Database,
  { webhookId, nowMs, isGone }: { webhookId: WebhookId; nowMs: number; isGone: boolean },
) =>
  shelves(db)
    .update(webhooks)
    .set({
      failingSinceMs: sql`coalesce(${webhooks.failingSinceMs}, ${nowMs})`,
      ...(isGone && { enabled: false, goneAtMs: nowMs }),
    })
    .where(eq(webhooks.id, webhookId));

/** Pending deliveries whose message must have been lost, since they were due at `beforeMs`; each is due anew from now. */
export async function takeOverdue(
  db: D1Database,
  { beforeMs, nowMs, limit }: { beforeMs: number; nowMs: number; limit: number },
): Promise<DeliveryId[]> {
  const overdue = shelves(db)
    .select({ id: webhookDeliveries.id })
    .from(webhookDeliveries)
    .where(and(eq(webhookDeliveries.state, 'pending'), lte(webhookDeliveries.dueAtMs, beforeMs)))
    .orderBy(asc(webhookDeliveries.dueAtMs))
    .limit(limit);
  const taken = await shelves(db)
    .update(webhookDeliveries)
    .set({ dueAtMs: nowMs })
    .where(inArray(webhookDeliveries.id, overdue))
    .returning({ id: webhookDeliveries.id });
  return taken.map(({ id }) => id);
}

/** Forgets up to `limit` deliveries, with their attempts, that were made before `beforeMs`. */
export async function forgetDeliveries(
  db: D1Database,
  { beforeMs, limit }: { beforeMs: number; limit: number },
): Promise<void> {
  const old = shelves(db)
    .select({ id: webhookDeliveries.id })
    .from(webhookDeliveries)
    .where(lte(webhookDeliveries.createdAtMs, beforeMs))
    .orderBy(asc(webhookDeliveries.createdAtMs), asc(webhookDeliveries.id))
    .limit(limit);
  await shelves(db).batch([
    shelves(db).delete(webhookAttempts).where(inArray(webhookAttempts.deliveryId, old)),
    shelves(db).delete(webhookDeliveries).where(inArray(webhookDeliveries.id, old)),
  ]);
}

/** Where a page of deliveries ends: the sort key of its last row. */
export type DeliveryCursor = PageEnd<DeliveryId>;

/** Newest first, each with its tries, oldest first. */
export async function listDeliveries(
  db: D1Database,
  { webhookId, before, limit }: { webhookId: WebhookId; before?: DeliveryCursor | undefined; limit: number },
): Promise<{ deliveries: (DeliveryRecord & { attempts: AttemptRecord[] })[]; next: DeliveryCursor | null }> {
  const { createdAtMs, id } = webhookDeliveries;
  const isBefore = before && sql`(${createdAtMs}, ${id}) < (${before.atMs}, ${before.id})`;
  const rows = await shelves(db)
    .select()
    .from(webhookDeliveries)
    .where(and(eq(webhookDeliveries.webhookId, webhookId), isBefore))
    .orderBy(desc(createdAtMs), desc(id))
    .limit(limit + 1);
  const { page, next } = pageOf(rows, limit, (last) => ({ atMs: last.createdAtMs, id: last.id }));
  const tried = await shelves(db)
    .select()
    .from(webhookAttempts)
    .where(
      inArray(
        webhookAttempts.deliveryId,
        page.map((one) => one.id),
      ),
    )
    .orderBy(asc(webhookAttempts.atMs));
  const attemptsOf = Map.groupBy(tried, (one) => one.deliveryId);
  return {
    deliveries: page.map((one) => ({ ...one, attempts: attemptsOf.get(one.id) ?? [] })),
    next,
  };
}
