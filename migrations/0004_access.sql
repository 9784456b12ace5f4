-- Roles on channels, and who follows what.
CREATE TABLE channel_roles (
  channel_id TEXT NOT NULL REFERENCES channels (id),
  user_id TEXT NOT NULL REFERENCES users (id),
  role TEXT NOT NULL CHECK (role IN ('vip', 'moderator')),
  given_at_ms INTEGER NOT NULL
);
CREATE UNIQUE INDEX channel_roles_by_channel ON channel_roles (channel_id, user_id);
CREATE INDEX channel_roles_by_user ON channel_roles (user_id);

CREATE TABLE follows (
  user_id TEXT NOT NULL REFERENCES users (id),
  channel_id TEXT NOT NULL REFERENCES channels (id),
  followed_at_ms INTEGER NOT NULL
);
CREATE UNIQUE INDEX follows_once ON follows (user_id, channel_id);
CREATE INDEX follows_by_user ON follows (user_id, followed_at_ms);
CREATE INDEX follows_by_channel ON follows (channel_id);
