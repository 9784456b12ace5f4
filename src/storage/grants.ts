// What people have allowed apps: given, looked at with every request of an app, listed and taken back.

import { and, desc, eq, gt, isNull } from 'drizzle-orm';
import { alias } from 'drizzle-orm/sqlite-core';
import type { Scope } from '../protocol/claims.ts';
import type { AppId, GrantId, UserId } from '../protocol/ids.ts';
import { shelves } from './database.ts';
import { gathering } from './gathering.ts';
import { apps, authorizationCodes, grants, users } from './schema.ts';
import type { UserRecord } from './users.ts';

export interface NewGrant {
  id: GrantId;
  appId: AppId;
  userId: UserId;
  scopes: Scope[];
  createdAtMs: number;
  expiresAtMs: number;
}

export interface NewCode {
  codeHash: string;
  redirectUri: string;
  codeChallenge: string;
  expiresAtMs: number;
}

/** A person said yes: the approval and the code that tells the app so, both or neither. */
export async function giveGrant(db: D1Database, grant: NewGrant, code: NewCode): Promise<void> {
  await shelves(db).batch([
    shelves(db)
      .insert(grants)
      .values({ ...grant, usedAtMs: grant.createdAtMs }),
    shelves(db)
      .insert(authorizationCodes)
      .values({ ...code, grantId: grant.id }),
  ]);
}

/** An app that acts for itself needs nobody's yes. */
export async function giveBotGrant(db: D1Database, grant: NewGrant): Promise<void> {
  await shelves(db)
    .insert(grants)
    .values({ ...grant, usedAtMs: grant.createdAtMs });
}

/** One that holds, for exactly these scopes. */
export async function findGrantOf(
  db: D1Database,
  { appId, userId, scopes, nowMs }: Pick<NewGrant, 'appId' | 'userId' | 'scopes'> & { nowMs: number },
): Promise<{ id: GrantId } | null> {
  const rows = await shelves(db)
    .select({ id: grants.id })
    .from(grants)
    .where(and(eq(grants.appId, appId), eq(grants.userId, userId), eq(grants.scopes, scopes), holds(nowMs)))
    .limit(1);
  return rows[0] ?? null;
}

/** What a person allows an app as of now: the scopes of each approval, the newest first. */
export async function listScopesHeld(
  db: D1Database,
  { appId, userId, nowMs, limit }: Pick<NewGrant, 'appId' | 'userId'> & { nowMs: number; limit: number },
): Promise<Scope[][]> {
  const rows = await shelves(db)
    .select({ scopes: grants.scopes })
    .from(grants)
    .where(and(eq(grants.appId, appId), eq(grants.userId, userId), holds(nowMs)))
    .orderBy(desc(grants.createdAtMs))
    .limit(limit);
  return rows.map(({ scopes }) => scopes);
}

export interface GrantHolder extends UserRecord {
  appId: AppId;
  scopes: Scope[];
}

/** For whom an app acts, as of now: null once the grant was revoked, or its app, its person or the app's owner is gone. One look for all of that. */
export const findGrantHolder = gathering(findGrantHolders);

/** Written out: with every request of an app, building the query would cost more than running it. */
const HOLDERS_SQL = `
  SELECT grants.id AS grantId, grants.app_id AS appId, grants.scopes,
    users.id, users.handle, users.name, users.platform_role AS platformRole
  FROM grants
  JOIN users ON users.id = grants.user_id AND users.erased_at_ms IS NULL
  JOIN apps ON apps.id = grants.app_id AND apps.deleted_at_ms IS NULL
  JOIN users AS owners ON owners.id = apps.owner_id AND owners.erased_at_ms IS NULL
  WHERE grants.id IN (SELECT value FROM json_each(?1)) AND grants.revoked_at_ms IS NULL`;

async function findGrantHolders(db: D1Database, ids: readonly GrantId[]): Promise<Map<GrantId, GrantHolder>> {
  const { results } = await db
    .prepare(HOLDERS_SQL)
    .bind(JSON.stringify(ids))
    .all<Omit<GrantHolder, 'scopes'> & { grantId: GrantId; scopes: string }>();
  return new Map(
    results.map(({ grantId, scopes, ...holder }) => [grantId, { ...holder, scopes: JSON.parse(scopes) as Scope[] }]),
  );
}

export interface GrantRecord {
  id: GrantId;
  appId: AppId;
  appName: string;
  ownerName: string;
  websiteUrl: string | null;
  scopes: Scope[];
  createdAtMs: number;
  usedAtMs: number;
}

/** More than a person looks through. */
const GRANTS_LISTED = 200;

/** Those that hold, newest first. */
export async function listGrantsOf(db: D1Database, userId: UserId, nowMs: number): Promise<GrantRecord[]> {
  const owners = alias(users, 'owners');
  return shelves(db)
    .select({
      id: grants.id,
      appId: grants.appId,
      appName: apps.name,
      ownerName: owners.name,
      websiteUrl: apps.websiteUrl,
      scopes: grants.scopes,
      createdAtMs: grants.createdAtMs,
      usedAtMs: grants.usedAtMs,
    })
    .from(grants)
    .innerJoin(apps, and(eq(apps.id, grants.appId), isNull(apps.deletedAtMs)))
    .innerJoin(owners, eq(owners.id, apps.ownerId))
    .where(and(eq(grants.userId, userId), holds(nowMs)))
    .orderBy(desc(grants.createdAtMs), desc(grants.id))
    .limit(GRANTS_LISTED);
}

/** The app that has no access by it any more; null: there was nothing to revoke. `userId`: only if it is this person's. */
export async function revokeGrant(
  db: D1Database,
  { id, userId, nowMs }: { id: GrantId; userId?: UserId; nowMs: number },
): Promise<AppId | null> {
  const isTheirs = userId === undefined ? undefined : eq(grants.userId, userId);
  const rows = await shelves(db)
    .update(grants)
    .set({ revokedAtMs: nowMs })
    .where(and(eq(grants.id, id), isTheirs, isNull(grants.revokedAtMs)))
    .returning({ appId: grants.appId });
  return rows[0]?.appId ?? null;
}

const holds = (nowMs: number) => and(isNull(grants.revokedAtMs), gt(grants.expiresAtMs, nowMs));
