// The data map: for each table, which rows are somebody's, what of them an export shows, and what an erasure does to them.
import { MODERATION_DATA } from './personal-data/moderation.ts';
import { ME_AND_BOTS, MY_CHANNELS, type Share } from './personal-data/share.ts';

export { MY_CHANNELS, type Share };

/** Is one of them named in this text? */
const namesMe = (text: string): string =>
  `EXISTS (SELECT 1 FROM (${ME_AND_BOTS}) AS me WHERE instr(${text}, me.id) > 0)`;
const MY_ENTRIES = `SELECT id FROM audit_events, audit_people WHERE user_id IN (${ME_AND_BOTS}) AND`;

const MY_STREAMS = `SELECT id FROM streams WHERE channel_id IN (${MY_CHANNELS})`;
const MY_WEBHOOKS = `SELECT id FROM webhooks WHERE owner_id IN (${ME_AND_BOTS})`;
const MY_APPS = 'SELECT id FROM apps WHERE owner_id = ?1';
const MY_GRANTS = `SELECT id FROM grants WHERE user_id = ?1 OR app_id IN (${MY_APPS})`;

/** In the order of an erasure: what is found by other rows comes before them. */
export const PERSONAL_DATA: readonly Share[] = [
  {
    table: 'audit_events',
    mine: `id IN (${MY_ENTRIES} json_extract(entry, '$.actor.id') = pseudonym)`,
    shown: ['seq', 'entry'],
    // Nothing rewrites the chain; an erasure cuts the pseudonyms in it off from the person.
    erased: null,
  },
  {
    table: 'audit_details',
    mine: `facts IS NOT NULL AND (entry_id IN (${MY_ENTRIES} instr(entry, pseudonym) > 0) OR ${namesMe('facts')})`,
    // What others did to the person names those others, so the export has what the person did.
    shownMine: `entry_id IN (${MY_ENTRIES} json_extract(entry, '$.actor.id') = pseudonym)`,
    shown: ['entry_id', 'facts'],
    erased: { set: 'facts = NULL, salt = NULL, erased_by = ?3' },
  },
  { table: 'audit_people', mine: `user_id IN (${ME_AND_BOTS})`, shown: ['pseudonym'], erased: 'delete' },
  {
    // What waits to be chained is stored without the person, who is unknown by then; what cannot be read is emptied here.
    table: 'audit_pending',
    mine: `problem IS NOT NULL AND ${namesMe('body')}`,
    shown: null,
    erased: { set: `body = 'null'` },
  },
  {
    table: 'stream_keys',
    mine: `channel_id IN (${MY_CHANNELS})`,
    shown: ['channel_id', 'hint', 'created_at_ms', 'revoked_at_ms'],
    erased: 'delete',
  },
  {
    table: 'channel_roles',
    mine: `user_id IN (${ME_AND_BOTS}) OR channel_id IN (${MY_CHANNELS})`,
    shown: ['channel_id', 'user_id', 'role', 'given_at_ms'],
    erased: 'delete',
  },
  ...MODERATION_DATA,
  {
    table: 'follows',
    mine: `user_id IN (${ME_AND_BOTS}) OR channel_id IN (${MY_CHANNELS})`,
    shown: ['user_id', 'channel_id', 'followed_at_ms'],
    erased: 'delete',
  },
  {
    table: 'stream_members',
    mine: `user_id IN (${ME_AND_BOTS}) OR stream_id IN (${MY_STREAMS})`,
    shown: ['stream_id', 'user_id', 'invited_at_ms'],
    erased: 'delete',
  },
  { table: 'stream_passwords', mine: `stream_id IN (${MY_STREAMS})`, shown: null, erased: 'delete' },
  {
    table: 'messages',
    mine: `author_id IN (${ME_AND_BOTS})`,
    shown: ['id', 'stream_id', 'text', 'sent_at_ms', 'media_time_ms', 'removed_at_ms'],
    erased: { set: 'author_id = NULL' },
  },
  {
    table: 'room_visits',
    mine: `user_id IN (${ME_AND_BOTS})`,
    shown: ['stream_id', 'expires_at_ms'],
    erased: 'delete',
  },
  {
    table: 'upvotes',
    mine: `user_id IN (${ME_AND_BOTS})`,
    shown: ['stream_id', 'upvoted_at_ms'],
    erased: 'delete',
  },
  {
    table: 'streams',
    mine: `channel_id IN (${MY_CHANNELS})`,
    shown: [
      ...['id', 'channel_id', 'title', 'genre', 'visibility', 'latency', 'reconnect_window_seconds', 'state'],
      ...['created_at_ms', 'scheduled_at_ms', 'started_at_ms', 'ended_at_ms'],
    ],
    erased: {
      set: `title = 'Removed stream', visibility = 'private', gate_at_ms = ?2, genre = 'other', scheduled_at_ms = NULL`,
    },
  },
  {
    table: 'channels',
    mine: `id IN (${MY_CHANNELS})`,
    shown: ['id', 'name', 'created_at_ms'],
    erased: { set: `name = 'Removed channel'` },
  },
  {
    table: 'webhook_attempts',
    mine: `delivery_id IN (SELECT id FROM webhook_deliveries WHERE webhook_id IN (${MY_WEBHOOKS}))`,
    shown: ['delivery_id', 'at_ms', 'duration_ms', 'status', 'error', 'answer'],
    erased: 'delete',
  },
  {
    table: 'webhook_deliveries',
    mine: `webhook_id IN (${MY_WEBHOOKS})`,
    shown: ['id', 'webhook_id', 'event_id', 'type', 'body', 'state', 'attempt_count', 'created_at_ms'],
    erased: 'delete',
  },
  {
    table: 'webhooks',
    mine: `id IN (${MY_WEBHOOKS})`,
    shown: ['id', 'channel_id', 'url', 'events', 'enabled', 'created_at_ms'],
    erased: 'delete',
  },
  {
    table: 'refresh_tokens',
    mine: `grant_id IN (${MY_GRANTS})`,
    shown: null,
    erased: 'delete',
  },
  {
    table: 'authorization_codes',
    mine: `grant_id IN (${MY_GRANTS})`,
    shown: null,
    erased: 'delete',
  },
  {
    table: 'grants',
    mine: `id IN (${MY_GRANTS})`,
    shownMine: 'user_id = ?1',
    shown: ['id', 'app_id', 'scopes', 'created_at_ms', 'used_at_ms', 'expires_at_ms', 'revoked_at_ms'],
    erased: 'delete',
  },
  {
    table: 'sessions',
    mine: 'user_id = ?1',
    shown: ['id', 'device', 'network', 'created_at_ms', 'last_used_at_ms', 'expires_at_ms'],
    erased: 'delete',
  },
  {
    table: 'identities',
    mine: 'user_id = ?1',
    shown: ['issuer', 'subject', 'created_at_ms'],
    erased: 'delete',
  },
  {
    table: 'users',
    mine: `id IN (${ME_AND_BOTS})`,
    shown: ['id', 'handle', 'name', 'platform_role', 'created_at_ms'],
    erased: {
      set: `handle = 'erased-' || lower(hex(randomblob(8))), name = 'Somebody who left', platform_role = 'viewer', erased_at_ms = ?2`,
    },
  },
  {
    // After the accounts of its bots, which are found by it.
    table: 'apps',
    mine: 'owner_id = ?1',
    shown: ['id', 'name', 'type', 'redirect_uris', 'scopes', 'website_url', 'created_at_ms', 'deleted_at_ms'],
    erased: 'delete',
  },
];

/** Tables that hold nothing that could be found by a person, and why. */
export const IMPERSONAL_DATA: Readonly<Record<string, string>> = {
  erased_media: 'ids of streams whose media is being deleted, gone when it is',
  erasures: 'receipts that say what was forgotten and not of whom',
  sign_in_attempts: 'secrets of sign-ins under way, before anybody is known, gone after ten minutes',
  signing_keys: 'our own keys',
  upvote_counts: 'how many upvotes a stream has, and not whose',
  idempotency_keys: 'answers sealed under the key of their sender, gone after a day',
};
