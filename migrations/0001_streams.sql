-- People, their channels, the streams of a channel and the keys that open it.
CREATE TABLE users (
  id TEXT PRIMARY KEY NOT NULL,
  handle TEXT NOT NULL,
  name TEXT NOT NULL,
  platform_role TEXT NOT NULL DEFAULT 'viewer' CHECK (platform_role IN ('viewer', 'moderator', 'admin')),
  created_at_ms INTEGER NOT NULL
);
CREATE UNIQUE INDEX users_by_handle ON users (handle);

CREATE TABLE channels (
  id TEXT PRIMARY KEY NOT NULL,
  owner_id TEXT NOT NULL REFERENCES users (id),
  name TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL
);
CREATE INDEX channels_by_owner ON channels (owner_id, created_at_ms);

CREATE TABLE streams (
  id TEXT PRIMARY KEY NOT NULL,
  channel_id TEXT NOT NULL REFERENCES channels (id),
  title TEXT NOT NULL,
  genre TEXT NOT NULL,
  visibility TEXT NOT NULL CHECK (visibility IN ('public', 'unlisted')),
  latency TEXT NOT NULL,
  reconnect_window_seconds INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'live', 'interrupted', 'ended')),
  -- When `state` was reported; an older report never overwrites a newer one.
  state_at_ms INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL,
  scheduled_at_ms INTEGER,
  started_at_ms INTEGER,
  ended_at_ms INTEGER
);
-- A channel has one open stream at most: two encoders that race for a new one meet here.
CREATE UNIQUE INDEX streams_one_open ON streams (channel_id) WHERE state <> 'ended';
CREATE INDEX streams_by_channel ON streams (channel_id, created_at_ms);
CREATE INDEX streams_by_state ON streams (state, coalesce(started_at_ms, created_at_ms), id);

CREATE TABLE stream_keys (
  key_hash TEXT PRIMARY KEY NOT NULL,
  channel_id TEXT NOT NULL REFERENCES channels (id),
  hint TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  revoked_at_ms INTEGER
);
CREATE UNIQUE INDEX stream_keys_one_in_force ON stream_keys (channel_id) WHERE revoked_at_ms IS NULL;
