// Apps and bots of others: registering, changing, and taking back all that was ever given to one.
import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import type { Scope } from '../protocol/claims.ts';
import type { AppId, UserId } from '../protocol/ids.ts';
import type { AppType } from '../protocol/oauth.ts';
import { shelves } from './database.ts';
import { apps, grants, users } from './schema.ts';
import type { UserRecord } from './users.ts';

export interface AppRecord {
  id: AppId;
  ownerId: UserId;
  ownerName: string;
  botId: UserId | null;
  name: string;
  type: AppType;
  redirectUris: string[];
  scopes: Scope[];
  websiteUrl: string | null;
  /** SHA-256 in hex; null: a public app. */
  secretHash: string | null;
  createdAtMs: number;
}

/** With its bot. False when its owner has `limit` already; counted in the same statements, so that two calls at once do not both fit. */
export async function keepApp(
  db: D1Database,
  {
    app,
    bot,
    limit,
  }: { app: Omit<AppRecord, 'ownerName'>; bot: Omit<UserRecord, 'platformRole'> | null; limit: number },
): Promise<boolean> {
  const { ownerId, createdAtMs } = app;
  const insert = (table: string, values: Record<string, string | number | null>) => {
    const columns = Object.keys(values);
    const places = columns.map((_, index) => `?${index + 3}`);
    return db
      .prepare(
        `INSERT INTO ${table} (${columns}) SELECT ${places}
         WHERE (SELECT count(*) FROM apps WHERE owner_id = ?1 AND deleted_at_ms IS NULL) < ?2`,
      )
      .bind(ownerId, limit, ...Object.values(values));
  };
  const results = await db.batch([
    // Before the app, which refers to it; until then the count is the same.
    ...(bot ? [insert('users', { ...bot, created_at_ms: createdAtMs })] : []),
    insert('apps', {
      id: app.id,
      owner_id: ownerId,
      bot_id: app.botId,
      name: app.name,
      type: app.type,
      redirect_uris: JSON.stringify(app.redirectUris),
      scopes: JSON.stringify(app.scopes),
      website_url: app.websiteUrl,
      secret_hash: app.secretHash,
      created_at_ms: createdAtMs,
    }),
  ]);
  return results.every(({ meta }) => meta.changes > 0);
}

/** Null for a deleted one, and for one whose owner was erased while it was made. */
export async function findApp(db: D1Database, id: AppId): Promise<AppRecord | null> {
  const isThere = and(eq(apps.id, id), isNull(apps.deletedAtMs), isNull(users.erasedAtMs));
  return (await selectApps(db).where(isThere))[0] ?? null;
}

/** Newest first; there are no more than one may register. */
export async function listAppsOf(db: D1Database, ownerId: UserId): Promise<AppRecord[]> {
  return selectApps(db)
    .where(and(eq(apps.ownerId, ownerId), isNull(apps.deletedAtMs)))
    .orderBy(desc(apps.createdAtMs), desc(apps.id));
}

export type AppSettings = Pick<AppRecord, 'name' | 'redirectUris' | 'scopes' | 'websiteUrl'>;

/**
 * Its bot goes by the name of the app. False when the settings are no longer those of `from`, where it is given;
 * nothing is changed then.
 */
export async function changeApp(
  db: D1Database,
  { id, botId }: Pick<AppRecord, 'id' | 'botId'>,
  change: Partial<AppSettings>,
  { from }: { from?: AppSettings | undefined } = {},
): Promise<boolean> {
  if (Object.keys(change).length === 0) return true;
  const isAsRead = from && [
    eq(apps.name, from.name),
    eq(apps.redirectUris, from.redirectUris),
    eq(apps.scopes, from.scopes),
    sql`${apps.websiteUrl} IS ${from.websiteUrl}`,
  ];
  const { meta } = await shelves(db)
    .update(apps)
    .set(change)
    .where(and(eq(apps.id, id), ...(isAsRead ?? [])));
  if (meta.changes === 0) return false;
  if (botId && change.name) await shelves(db).update(users).set({ name: change.name }).where(eq(users.id, botId));
  return true;
}

/**
 * The old secret is refused from now on, and what the app holds as its own bot goes with it.
 * False when `from` was no longer its secret; it stays as it is then.
 */
export async function replaceAppSecret(
  db: D1Database,
  { id, botId, from, secretHash, nowMs }: { id: AppId; botId: UserId; from: string; secretHash: string; nowMs: number },
): Promise<boolean> {
  const ofBot = and(eq(grants.appId, id), eq(grants.userId, botId), isNull(grants.revokedAtMs));
  const [replaced] = await shelves(db).batch([
    shelves(db)
      .update(apps)
      .set({ secretHash })
      .where(and(eq(apps.id, id), eq(apps.secretHash, from))),
    shelves(db).update(grants).set({ revokedAtMs: nowMs }).where(ofBot),
  ]);
  return replaced.meta.changes > 0;
}

/** From this moment none of its tokens is valid, and no stream key and no webhook of its bot; all of it takes effect together. */
export async function deleteApp(db: D1Database, id: AppId, nowMs: number): Promise<void> {
  await db.batch(DELETION.map((sql) => db.prepare(sql).bind(...(sql.includes('?2') ? [id, nowMs] : [id]))));
}

const BOT = 'SELECT bot_id FROM apps WHERE id = ?1';
const WEBHOOKS_OF_BOT = `SELECT id FROM webhooks WHERE owner_id = (${BOT})`;
const DELETION = [
  'UPDATE apps SET deleted_at_ms = ?2, secret_hash = NULL WHERE id = ?1',
  'UPDATE grants SET revoked_at_ms = ?2 WHERE app_id = ?1 AND revoked_at_ms IS NULL',
  `UPDATE stream_keys SET revoked_at_ms = ?2
   WHERE revoked_at_ms IS NULL AND channel_id IN (SELECT id FROM channels WHERE owner_id = (${BOT}))`,
  `DELETE FROM webhook_attempts
   WHERE delivery_id IN (SELECT id FROM webhook_deliveries WHERE webhook_id IN (${WEBHOOKS_OF_BOT}))`,
  `DELETE FROM webhook_deliveries WHERE webhook_id IN (${WEBHOOKS_OF_BOT})`,
  `DELETE FROM webhooks WHERE owner_id = (${BOT})`,
];

const selectApps = (db: D1Database) =>
  shelves(db)
    .select({
      id: apps.id,
      ownerId: apps.ownerId,
      ownerName: users.name,
      botId: apps.botId,
      name: apps.name,
      type: apps.type,
      redirectUris: apps.redirectUris,
      scopes: apps.scopes,
      websiteUrl: apps.websiteUrl,
      secretHash: apps.secretHash,
      createdAtMs: apps.createdAtMs,
    })
    .from(apps)
    .innerJoin(users, eq(users.id, apps.ownerId))
    .$dynamic();
