// The consumers of the audit queue: a batch becomes rows of the log, and what the queue gives up on is kept and reported.
import { hashSecret } from '../auth/secrets.ts';
import { inBatches } from '../domain/audit/bounds.ts';
import type { AuditEntry } from '../protocol/audit.ts';
import { APPEND_MAX, appendToAuditLog } from '../storage/audit-log.ts';
import {
  dropPending,
  keepPending,
  listWaiting,
  type Pending,
  type ReadEntry,
  readEntry,
  setAside,
} from '../storage/audit-trail.ts';
import { BOUND_BYTES_MAX, bytesBound } from '../storage/database.ts';
import { tellWebhooks } from './webhooks.ts';

/** Waited before the same batch comes again, by how often it came. */
const RETRY_SECONDS = [1, 2, 4];
/** The dead letters are the last place in the queue: they are tried for days. */
const DEAD_RETRY_SECONDS = 60;
/** Batches of the shelf that one delivery takes along. */
const SHELF_BATCHES_MAX = 10;

export async function storeAudit(batch: MessageBatch, env: Env): Promise<void> {
  const read = batch.messages.map(readMessage);
  try {
    await park(
      env,
      read.flatMap(({ pending }) => pending ?? []),
    );
    await append(
      env,
      read.flatMap(({ entry }) => entry ?? []),
    );
    batch.ackAll();
  } catch (error) {
    console.error(`A batch of ${batch.messages.length} audit entries could not be stored; it comes again.`, error);
    for (const message of batch.messages) message.retry({ delaySeconds: RETRY_SECONDS[message.attempts - 1] ?? 8 });
    return;
  }
  await chainWaiting(env);
}

/** What came too often is written down as it is: from there it is chained later, or looked at by a person. */
export async function keepDeadAudit(batch: MessageBatch, env: Env): Promise<void> {
  const dead = batch.messages.map(readMessage);
  try {
    await park(
      env,
      dead.map(({ entry, pending }) => pending ?? { id: entry.id, body: entry, problem: null }),
    );
    batch.ackAll();
  } catch (error) {
    console.error(`${dead.length} dead audit entries could not be kept; they come again.`, error);
    batch.retryAll({ delaySeconds: DEAD_RETRY_SECONDS });
    return;
  }
  await chainWaiting(env);
}

/** Chains what lies on the shelf. A failure is reported and leaves it there. */
export async function chainWaiting(env: Env): Promise<void> {
  try {
    for (let count = 0; count < SHELF_BATCHES_MAX; count++) {
      const { entries, unreadable } = await listWaiting(env.DB);
      if (entries.length + unreadable.length === 0) return;
      await setAside(env.DB, unreadable);
      for (const one of unreadable) report(one);
      await append(env, entries);
      await dropPending(
        env.DB,
        entries.map(({ id }) => id),
      );
    }
  } catch (error) {
    console.error('What waits in audit_pending could not be chained; it stays there.', error);
  }
}

async function append(env: Env, entries: readonly AuditEntry[]): Promise<void> {
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
  // Bound as JSON within JSON, as links are.
  const bytesOf = (entry: AuditEntry) => bytesBound(JSON.stringify(entry));
  for (const batch of inBatches(entries, { most: APPEND_MAX, bytesMax: BOUND_BYTES_MAX, bytesOf })) {
    await appendToAuditLog(env.DB, batch, { random, sha256: hashSecret });
  }
  await tellWebhooks(env, entries);
}

const readMessage = ({ id, body }: Message): ReadEntry => readEntry(id, body);

async function park({ DB }: Env, pending: readonly Pending[]): Promise<void> {
  if (pending.length === 0) return;
  await keepPending(DB, pending, Date.now());
  pending.forEach(report);
}

function report({ id, problem }: Pending): void {
  console.error(
    `Audit entry ${id} is kept in audit_pending: ${problem ?? 'the queue gave it up; it is chained later'}.`,
  );
}
