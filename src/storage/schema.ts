// The tables of D1 as drizzle sees them, room by room; a test compares them to the migrated database.
export * from './schema/access.ts';
export * from './schema/audit.ts';
export * from './schema/bans.ts';
export * from './schema/blocks.ts';
export * from './schema/chat.ts';
export * from './schema/erasures.ts';
export * from './schema/idempotency.ts';
export * from './schema/identity.ts';
export * from './schema/oauth.ts';
export * from './schema/people.ts';
export * from './schema/person-cards.ts';
export * from './schema/reports.ts';
export * from './schema/rules.ts';
export * from './schema/streams.ts';
export * from './schema/upvotes.ts';
export * from './schema/webhooks.ts';
