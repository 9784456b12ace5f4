-- Who may say nothing on a channel, or anywhere (channel_id NULL), for a while or for good.
CREATE TABLE bans (
  channel_id TEXT REFERENCES channels (id),
  user_id TEXT NOT NULL REFERENCES users (id),
  effect TEXT NOT NULL,
  reason TEXT,
  banned_at_ms INTEGER NOT NULL,
  until_ms INTEGER
);
CREATE UNIQUE INDEX bans_of_channel ON bans (channel_id, user_id) WHERE channel_id IS NOT NULL;
CREATE UNIQUE INDEX bans_of_platform ON bans (user_id) WHERE channel_id IS NULL;
CREATE INDEX bans_by_user ON bans (user_id);
