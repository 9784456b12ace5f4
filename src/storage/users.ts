// People, found by id or by handle, and what is changed of them.
import { and, eq, isNull, ne } from 'drizzle-orm';
import type { PlatformRole } from '../protocol/claims.ts';
import { UserId } from '../protocol/ids.ts';
import { shelves } from './database.ts';
import { users } from './schema.ts';

export interface UserRecord {
  id: UserId;
  handle: string;
  name: string;
  platformRole: PlatformRole;
}

export async function findUser(db: D1Database, id: UserId): Promise<UserRecord | null> {
  return (await selectUsers(db).where(and(eq(users.id, id), IS_KNOWN)))[0] ?? null;
}

export async function findUserByHandle(db: D1Database, handle: string): Promise<UserRecord | null> {
  return (await selectUsers(db).where(and(eq(users.handle, handle), IS_KNOWN)))[0] ?? null;
}

/** By what people write down for each other: a handle, or an id. */
export async function findUserByAnyName(db: D1Database, name: string): Promise<UserRecord | null> {
  const id = UserId.safeParse(name);
  return (id.success ? await findUser(db, id.data) : null) ?? findUserByHandle(db, name);
}

/** More people than run a platform together. */
const ROLE_HOLDERS_MAX = 200;

/** Everybody who is more than a viewer on the platform, by handle. */
export const listRoleHolders = (db: D1Database): Promise<UserRecord[]> =>
  selectUsers(db)
    .where(and(ne(users.platformRole, 'viewer'), IS_KNOWN))
    .orderBy(users.handle)
    .limit(ROLE_HOLDERS_MAX);

/** False when the name is no longer `from`, where it is given; nothing is done then. */
export async function renameUser(
  db: D1Database,
  { id, from, to }: { id: UserId; from?: string | undefined; to: string },
): Promise<boolean> {
  const isAsRead = from === undefined ? undefined : eq(users.name, from);
  const { meta } = await shelves(db)
    .update(users)
    .set({ name: to })
    .where(and(eq(users.id, id), isAsRead));
  return meta.changes > 0;
}

/** Changes the role from what it was read as; false when it has changed meanwhile, and nothing is done then. */
export async function changePlatformRole(
  db: D1Database,
  { id, from, to }: { id: UserId; from: PlatformRole; to: PlatformRole },
): Promise<boolean> {
  const rows = await shelves(db)
    .update(users)
    .set({ platformRole: to })
    .where(and(eq(users.id, id), eq(users.platformRole, from)))
    .returning({ id: users.id });
  return rows.length > 0;
}

/** Does nothing for a user who is known already, or was and has been erased. */
export async function keepUser(db: D1Database, user: UserRecord, nowMs: number): Promise<void> {
  await shelves(db)
    .insert(users)
    .values({ ...user, createdAtMs: nowMs })
    .onConflictDoNothing();
}

/** Who was erased is nobody. */
const IS_KNOWN = isNull(users.erasedAtMs);

const selectUsers = (db: D1Database) =>
  shelves(db)
    .select({ id: users.id, handle: users.handle, name: users.name, platformRole: users.platformRole })
    .from(users)
    .$dynamic();
