// Which consumer takes what comes out of which queue.
import { keepDeadAudit, storeAudit } from './audit.ts';
import { consumeDeliveries, parkDeadDeliveries } from './webhook-queue.ts';

const CONSUMERS: Record<string, (batch: MessageBatch, env: Env) => Promise<void>> = {
  'footlight-audit': storeAudit,
  'footlight-audit-dead': keepDeadAudit,
  'footlight-webhooks': consumeDeliveries,
  'footlight-webhooks-dead': parkDeadDeliveries,
};

/** A queue that nobody here knows is a mistake of the configuration: its messages go back. */
export async function consume(batch: MessageBatch, env: Env): Promise<void> {
  const consumer = CONSUMERS[batch.queue];
  if (!consumer) throw new Error(`No consumer takes the queue ${batch.queue}: see src/jobs/queues.ts.`);
  await consumer(batch, env);
}
