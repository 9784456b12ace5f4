// The tables of apps, grants, what was given out under them, and the keys that sign.
import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { Scope } from '../../protocol/claims.ts';
import type { AppId, GrantId, UserId } from '../../protocol/ids.ts';
import type { AppType } from '../../protocol/oauth.ts';
import { users } from './people.ts';

export const signingKeys = sqliteTable(
  'signing_keys',
  {
    kid: text().primaryKey(),
    sequence: integer().notNull(),
    publicJwk: text('public_jwk').notNull(),
    wrappedKey: text('wrapped_key').notNull(),
    signsFromMs: integer('signs_from_ms').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (table) => [uniqueIndex('signing_keys_by_sequence').on(table.sequence)],
);

export const apps = sqliteTable(
  'apps',
  {
    id: text().$type<AppId>().primaryKey(),
    ownerId: text('owner_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    botId: text('bot_id')
      .$type<UserId>()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    type: text().$type<AppType>().notNull(),
    redirectUris: text('redirect_uris', { mode: 'json' }).$type<string[]>().notNull(),
    scopes: text({ mode: 'json' }).$type<Scope[]>().notNull(),
    websiteUrl: text('website_url'),
    secretHash: text('secret_hash'),
    createdAtMs: integer('created_at_ms').notNull(),
    deletedAtMs: integer('deleted_at_ms'),
  },
  (table) => [
    index('apps_by_owner').on(table.ownerId, table.createdAtMs),
    index('apps_by_bot').on(table.botId),
    index('apps_deleted').on(table.deletedAtMs).where(sql`deleted_at_ms is not null`),
  ],
);

export const grants = sqliteTable(
  'grants',
  {
    id: text().$type<GrantId>().primaryKey(),
    appId: text('app_id')
      .$type<AppId>()
      .notNull()
      .references(() => apps.id, { onDelete: 'cascade' }),
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    scopes: text({ mode: 'json' }).$type<Scope[]>().notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    usedAtMs: integer('used_at_ms').notNull(),
    expiresAtMs: integer('expires_at_ms').notNull(),
    revokedAtMs: integer('revoked_at_ms'),
  },
  (table) => [
    index('grants_by_user').on(table.userId, table.createdAtMs),
    index('grants_by_app').on(table.appId),
    index('grants_by_end').on(table.expiresAtMs),
    index('grants_revoked').on(table.revokedAtMs).where(sql`revoked_at_ms is not null`),
  ],
);

export const authorizationCodes = sqliteTable(
  'authorization_codes',
  {
    codeHash: text('code_hash').primaryKey(),
    grantId: text('grant_id')
      .$type<GrantId>()
      .notNull()
      .references(() => grants.id, { onDelete: 'cascade' }),
    redirectUri: text('redirect_uri').notNull(),
    codeChallenge: text('code_challenge').notNull(),
    expiresAtMs: integer('expires_at_ms').notNull(),
    spentAtMs: integer('spent_at_ms'),
  },
  (table) => [index('authorization_codes_by_grant').on(table.grantId)],
);

export const refreshTokens = sqliteTable(
  'refresh_tokens',
  {
    tokenHash: text('token_hash').primaryKey(),
    grantId: text('grant_id')
      .$type<GrantId>()
      .notNull()
      .references(() => grants.id, { onDelete: 'cascade' }),
    expiresAtMs: integer('expires_at_ms').notNull(),
    rotatedAtMs: integer('rotated_at_ms'),
    successorHash: text('successor_hash'),
  },
  (table) => [
    index('refresh_tokens_by_grant').on(table.grantId),
    index('refresh_tokens_by_expiry').on(table.expiresAtMs),
    index('refresh_tokens_rotated').on(table.rotatedAtMs).where(sql`rotated_at_ms is not null`),
  ],
);
