// The tables of signing in.
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { BrowserSessionId, UserId } from '../../protocol/ids.ts';
import { users } from './people.ts';

/** Who a person is at a provider: the pair of issuer and subject, and nothing else that the provider says. */
export const identities = sqliteTable(
  'identities',
  {
    issuer: text().notNull(),
    subject: text().notNull(),
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (table) => [
    uniqueIndex('identities_by_subject').on(table.issuer, table.subject),
    index('identities_by_user').on(table.userId),
  ],
);

export const signInAttempts = sqliteTable(
  'sign_in_attempts',
  {
    stateHash: text('state_hash').primaryKey(),
    browserHash: text('browser_hash').notNull(),
    provider: text().notNull(),
    nonce: text().notNull(),
    codeVerifier: text('code_verifier').notNull(),
    returnTo: text('return_to').notNull(),
    expiresAtMs: integer('expires_at_ms').notNull(),
  },
  (table) => [index('sign_in_attempts_by_expiry').on(table.expiresAtMs)],
);

/** The secret itself is never stored: 256 random bits need no salt, so its SHA-256 is also how it is found. */
export const sessions = sqliteTable(
  'sessions',
  {
    id: text().$type<BrowserSessionId>().primaryKey(),
    secretHash: text('secret_hash').notNull(),
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    device: text().notNull(),
    network: text(),
    createdAtMs: integer('created_at_ms').notNull(),
    lastUsedAtMs: integer('last_used_at_ms').notNull(),
    expiresAtMs: integer('expires_at_ms').notNull(),
  },
  (table) => [
    uniqueIndex('sessions_by_secret').on(table.secretHash),
    index('sessions_by_user').on(table.userId, table.lastUsedAtMs),
    index('sessions_by_expiry').on(table.expiresAtMs),
  ],
);
