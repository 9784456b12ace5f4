// The sign-ins under way, each of which can be finished once.
import { eq, lt } from 'drizzle-orm';
import { shelves } from './database.ts';
import { signInAttempts } from './schema.ts';

export type SignInAttempt = typeof signInAttempts.$inferSelect;

/** Those that nobody finished in time are swept out on the way. */
export async function keepAttempt(db: D1Database, attempt: SignInAttempt, nowMs: number): Promise<void> {
  const shelf = shelves(db);
  await shelf.batch([
    shelf.delete(signInAttempts).where(lt(signInAttempts.expiresAtMs, nowMs)),
    shelf.insert(signInAttempts).values(attempt),
  ]);
}

/** The attempt of this state, which is used up by it; null: there is none, or none any more. */
export async function takeAttempt(db: D1Database, stateHash: string): Promise<SignInAttempt | null> {
  const rows = await shelves(db).delete(signInAttempts).where(eq(signInAttempts.stateHash, stateHash)).returning();
  return rows[0] ?? null;
}
