// Fills somebody up to what there may be of a thing, in the database itself: hundreds of requests would only be slow.
import { env } from 'cloudflare:workers';
import { QUOTAS, type QuotaName } from '../../src/domain/quotas.ts';

type Fill = (id: string) => Promise<void>;

const NEW_ID = 'lower(hex(randomblob(8)))';

/** Runs statements that take the id as ?1 and the moment as ?2, with the numbers up to `max` in a table `n`. */
const run =
  (max: number, ...statements: string[]): Fill =>
  async (id) => {
    const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${max})`;
    const now = Date.now();
    await env.DB.batch(statements.map((sql) => env.DB.prepare(sql.replace('$N', numbers)).bind(id, now)));
  };

const CHANNELS = `$N INSERT INTO channels (id, owner_id, name, created_at_ms) SELECT 'ch_' || ${NEW_ID}, ?1, 'Full', ?2 FROM n`;
const streamsOn = (channels: string, state: string, createdAtMs: string) =>
  `$N INSERT INTO streams (id, channel_id, title, genre, visibility, gate_at_ms, latency, reconnect_window_seconds, state, state_at_ms, created_at_ms)
   SELECT 'st_' || ${NEW_ID}, channels.id, 'Full', 'other', 'public', ?2, 'low', 60, '${state}', ?2, ${createdAtMs}
   FROM ${channels} WHERE owner_id = ?1 AND channels.name = 'Full' AND ?2 > 0`;
const PEOPLE = `$N INSERT OR IGNORE INTO users (id, handle, name, created_at_ms)
  SELECT 'us_full' || i, 'full' || i, 'Full', ?2 FROM n WHERE ?1 <> ''`;

/** By the id of the account, the channel or the stream whose quota it is. */
export const fill: Record<QuotaName, Fill> = {
  // Of the day before, so that they count once.
  open_streams: run(QUOTAS.open_streams.max, CHANNELS, streamsOn('channels', 'waiting', '?2 - 100000000')),
  streams_a_day: async (id) => {
    await run(1, CHANNELS)(id);
    await run(QUOTAS.streams_a_day.max, streamsOn('n CROSS JOIN channels', 'ended', '?2'))(id);
  },
  apps: run(
    QUOTAS.apps.max,
    `$N INSERT INTO apps (id, owner_id, name, type, redirect_uris, scopes, created_at_ms)
     SELECT 'ap_' || ${NEW_ID}, ?1, 'Full', 'public', '[]', '[]', ?2 FROM n`,
  ),
  webhooks: run(
    QUOTAS.webhooks.max,
    `$N INSERT INTO webhooks (id, owner_id, url, events, secret, enabled, created_at_ms)
     SELECT 'wh_' || ${NEW_ID}, ?1, 'https://hooks.test/', '[]', '', 0, ?2 FROM n`,
  ),
  follows: run(
    QUOTAS.follows.max,
    CHANNELS,
    `INSERT INTO follows (user_id, channel_id, followed_at_ms) SELECT ?1, id, ?2 FROM channels WHERE owner_id = ?1 AND name = 'Full'`,
  ),
  members: run(
    QUOTAS.members.max,
    PEOPLE,
    `$N INSERT INTO stream_members (stream_id, user_id, invited_at_ms) SELECT ?1, 'us_full' || i, ?2 FROM n`,
  ),
  channel_roles: run(
    QUOTAS.channel_roles.max,
    PEOPLE,
    `$N INSERT INTO channel_roles (channel_id, user_id, role, given_at_ms) SELECT ?1, 'us_full' || i, 'vip', ?2 FROM n`,
  ),
  /** `platform`: those that count everywhere. */
  bans: run(
    QUOTAS.bans.max,
    PEOPLE,
    `$N INSERT INTO bans (channel_id, user_id, effect, banned_at_ms) SELECT nullif(?1, 'platform'), 'us_full' || i, 'refuse', ?2 FROM n`,
  ),
  /** On a channel of the person's own, one message each. */
  reports_a_day: run(
    QUOTAS.reports_a_day.max,
    `INSERT OR IGNORE INTO channels (id, owner_id, name, created_at_ms) VALUES ('ch_' || substr(?1, 4), ?1, 'Full', ?2)`,
    `INSERT OR IGNORE INTO streams (id, channel_id, title, genre, visibility, gate_at_ms, latency, reconnect_window_seconds, state, state_at_ms, created_at_ms)
     VALUES ('st_' || substr(?1, 4), 'ch_' || substr(?1, 4), 'Full', 'other', 'public', ?2, 'low', 60, 'ended', ?2, ?2 - 100000000)`,
    `$N INSERT OR IGNORE INTO reports (id, channel_id, stream_id, message_id, context, reported_at_ms)
     SELECT 'rp_' || substr(?1, 4) || 'x' || i, 'ch_' || substr(?1, 4), 'st_' || substr(?1, 4), 'ms_' || substr(?1, 4) || 'x' || i, '[]', ?2 FROM n`,
    `$N INSERT OR IGNORE INTO complaints (report_id, reporter_id, reason, complained_at_ms)
     SELECT 'rp_' || substr(?1, 4) || 'x' || i, ?1, 'other', ?2 FROM n`,
  ),
  /** `ch_.. us_..`: on that channel, about that person. */
  notes: run(
    QUOTAS.notes.max,
    `$N INSERT INTO person_notes (id, channel_id, user_id, text, written_at_ms)
     SELECT 'nt_' || ${NEW_ID}, substr(?1, 1, instr(?1, ' ') - 1), substr(?1, instr(?1, ' ') + 1), 'Full', ?2 FROM n`,
  ),
  blocks: run(
    QUOTAS.blocks.max,
    PEOPLE,
    `$N INSERT OR IGNORE INTO blocks (user_id, blocked_id, blocked_at_ms) SELECT ?1, 'us_full' || i, ?2 FROM n`,
  ),
};

const oneOf = (table: string, where: string) =>
  `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE ${where} AND ?2 > 0 LIMIT 1)`;
const ONE_STREAM = oneOf('streams', "title = 'Full' AND channel_id IN (SELECT id FROM channels WHERE owner_id = ?1)");

/** Opposite of `fill`, by one. */
export const freeOne: Record<QuotaName, Fill> = {
  open_streams: run(1, ONE_STREAM),
  streams_a_day: run(1, ONE_STREAM),
  apps: run(1, oneOf('apps', 'owner_id = ?1')),
  webhooks: run(1, oneOf('webhooks', 'owner_id = ?1')),
  follows: run(1, oneOf('follows', 'user_id = ?1')),
  members: run(1, oneOf('stream_members', 'stream_id = ?1')),
  bans: run(1, oneOf('bans', "channel_id IS nullif(?1, 'platform')")),
  channel_roles: run(1, oneOf('channel_roles', 'channel_id = ?1')),
  reports_a_day: run(1, oneOf('complaints', 'reporter_id = ?1')),
  notes: run(1, oneOf('person_notes', "user_id = substr(?1, instr(?1, ' ') + 1)")),
  blocks: run(1, oneOf('blocks', 'user_id = ?1')),
};
