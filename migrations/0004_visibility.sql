-- Private streams and streams behind a password. The CHECK of a column cannot be changed, so the table is made anew.
PRAGMA defer_foreign_keys = on;

CREATE TABLE streams_made_anew (
  id TEXT PRIMARY KEY NOT NULL,
  channel_id TEXT NOT NULL REFERENCES channels (id),
  title TEXT NOT NULL,
  genre TEXT NOT NULL,
  visibility TEXT NOT NULL CHECK (visibility IN ('public', 'unlisted', 'private', 'password')),
  -- When the visibility or the password last changed: viewing passes from before then are void.
  gate_at_ms INTEGER NOT NULL,
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
-- In the order of rowid, which breaks ties between streams of one millisecond.
INSERT INTO streams_made_anew
  SELECT id, channel_id, title, genre, visibility, created_at_ms, latency, reconnect_window_seconds, state, state_at_ms,
    created_at_ms, scheduled_at_ms, started_at_ms, ended_at_ms
  FROM streams ORDER BY rowid;
DROP TABLE streams;
ALTER TABLE streams_made_anew RENAME TO streams;
-- A channel has one open stream at most: two encoders that race for a new one meet here.
CREATE UNIQUE INDEX streams_one_open ON streams (channel_id) WHERE state <> 'ended';
CREATE INDEX streams_by_channel ON streams (channel_id, created_at_ms);
CREATE INDEX streams_by_state ON streams (state, coalesce(started_at_ms, created_at_ms), id);

CREATE TABLE stream_members (
  stream_id TEXT NOT NULL REFERENCES streams (id),
  user_id TEXT NOT NULL REFERENCES users (id),
  invited_at_ms INTEGER NOT NULL
);
CREATE UNIQUE INDEX stream_members_by_stream ON stream_members (stream_id, user_id);
CREATE INDEX stream_members_by_user ON stream_members (user_id);

CREATE TABLE stream_passwords (
  stream_id TEXT PRIMARY KEY NOT NULL REFERENCES streams (id),
  password_hash TEXT NOT NULL
);
