// Who people are at the providers that they sign in with.
import { and, eq } from 'drizzle-orm';
import type { UserId } from '../protocol/ids.ts';
import { isUniqueViolation, shelves } from './database.ts';
import { identities, users } from './schema.ts';
import type { UserRecord } from './users.ts';

/** A person as their provider names them; only the pair identifies them. */
export interface ProviderSubject {
  issuer: string;
  subject: string;
}

export async function findUserBySubject(
  db: D1Database,
  { issuer, subject }: ProviderSubject,
): Promise<UserRecord | null> {
  const { id, handle, name, platformRole } = users;
  const rows = await shelves(db)
    .select({ id, handle, name, platformRole })
    .from(identities)
    .innerJoin(users, eq(users.id, identities.userId))
    .where(and(eq(identities.issuer, issuer), eq(identities.subject, subject)));
  return rows[0] ?? null;
}

/** A new account with its first identity; false when the handle or the identity is taken, and nothing is stored then. */
export async function createUser(
  db: D1Database,
  user: UserRecord,
  { issuer, subject, nowMs }: ProviderSubject & { nowMs: number },
): Promise<boolean> {
  const shelf = shelves(db);
  try {
    await shelf.batch([
      shelf.insert(users).values({ ...user, createdAtMs: nowMs }),
      shelf.insert(identities).values({ issuer, subject, userId: user.id, createdAtMs: nowMs }),
    ]);
    return true;
  } catch (error) {
    if (isUniqueViolation(error)) return false;
    throw error;
  }
}

/** One more way for an existing account to sign in; does nothing for an identity that is known already. */
export async function linkIdentity(
  db: D1Database,
  { issuer, subject, userId, nowMs }: ProviderSubject & { userId: UserId; nowMs: number },
): Promise<void> {
  await shelves(db).insert(identities).values({ issuer, subject, userId, createdAtMs: nowMs }).onConflictDoNothing();
}
