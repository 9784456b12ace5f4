-- What banned people ask of moderators: at most one that waits for an answer, per person and list of bans.
CREATE TABLE appeals (
  id TEXT PRIMARY KEY NOT NULL,
  channel_id TEXT REFERENCES channels (id),
  user_id TEXT NOT NULL REFERENCES users (id),
  banned_at_ms INTEGER NOT NULL,
  text TEXT NOT NULL,
  state TEXT NOT NULL,
  asked_at_ms INTEGER NOT NULL,
  closed_at_ms INTEGER,
  reason TEXT
);
CREATE UNIQUE INDEX appeals_open_on_channel ON appeals (channel_id, user_id) WHERE state = 'open' AND channel_id IS NOT NULL;
CREATE UNIQUE INDEX appeals_open_on_platform ON appeals (user_id) WHERE state = 'open' AND channel_id IS NULL;
CREATE INDEX appeals_by_channel ON appeals (channel_id, state, asked_at_ms);
CREATE INDEX appeals_by_user ON appeals (user_id, asked_at_ms);
