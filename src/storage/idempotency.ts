// Which request has taken a key, and the answer it got: one row for each, for a day.
import { and, eq, inArray, isNull, lte, or } from 'drizzle-orm';
import { shelves } from './database.ts';
import { idempotencyKeys } from './schema.ts';

export const KEPT_FOR_MS = 24 * 60 * 60 * 1000;
/** Longer than any request runs: one that has not answered by then has died, and its key is free again. */
export const UNDER_WAY_FOR_MS = 60_000;
/** How many expired rows each new one clears away: more go than come. */
const CLEARED_PER_CLAIM = 20;

export interface Claim {
  id: string;
  requestHash: string;
  nowMs: number;
}

/** claimed: the request is the first with this key, and runs. The others are what became of the first. */
export type ClaimAnswer =
  | { kind: 'claimed' }
  | { kind: 'under way' }
  | { kind: 'another request' }
  | { kind: 'answered'; sealed: string };

export async function claimKey(db: D1Database, { id, requestHash, nowMs }: Claim): Promise<ClaimAnswer> {
  const fresh = { requestHash, startedAtMs: nowMs, expiresAtMs: nowMs + KEPT_FOR_MS, sealed: null };
  const [, claimed] = await shelves(db).batch([
    clearing(db, nowMs),
    shelves(db)
      .insert(idempotencyKeys)
      .values({ id, ...fresh })
      .onConflictDoUpdate({ target: idempotencyKeys.id, set: fresh, setWhere: isFree(nowMs) })
      .returning({ id: idempotencyKeys.id }),
  ]);
  if (claimed.length > 0) return { kind: 'claimed' };
  const [held] = await shelves(db).select().from(idempotencyKeys).where(eq(idempotencyKeys.id, id));
  // Released between the two: whoever asks again may have it.
  if (!held) return { kind: 'under way' };
  if (held.requestHash !== requestHash) return { kind: 'another request' };
  return held.sealed === null ? { kind: 'under way' } : { kind: 'answered', sealed: held.sealed };
}

/** Opposites: the claim ends with an answer to repeat, or as if it had never been. */
export async function keepAnswer(db: D1Database, claim: Claim, sealed: string): Promise<void> {
  await shelves(db).update(idempotencyKeys).set({ sealed }).where(isOf(claim));
}

export async function releaseKey(db: D1Database, claim: Claim): Promise<void> {
  await shelves(db).delete(idempotencyKeys).where(isOf(claim));
}

/** Not of a later request that took the key over. */
const isOf = ({ id, nowMs }: Claim) => and(eq(idempotencyKeys.id, id), eq(idempotencyKeys.startedAtMs, nowMs));

const isFree = (nowMs: number) =>
  or(
    lte(idempotencyKeys.expiresAtMs, nowMs),
    and(isNull(idempotencyKeys.sealed), lte(idempotencyKeys.startedAtMs, nowMs - UNDER_WAY_FOR_MS)),
  );

const clearing = (db: D1Database, nowMs: number) =>
  shelves(db)
    .delete(idempotencyKeys)
    .where(
      inArray(
        idempotencyKeys.id,
        shelves(db)
          .select({ id: idempotencyKeys.id })
          .from(idempotencyKeys)
          .where(lte(idempotencyKeys.expiresAtMs, nowMs))
          .limit(CLEARED_PER_CLAIM),
      ),
    );
