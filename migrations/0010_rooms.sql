-- What a room keeps of a message beyond its words, and where people have been let in, so that a room hears when somebody signs out.
ALTER TABLE messages ADD COLUMN seq INTEGER;
ALTER TABLE messages ADD COLUMN media_time_ms INTEGER;
ALTER TABLE messages ADD COLUMN reply_to_id TEXT;
ALTER TABLE messages ADD COLUMN roles TEXT;
ALTER TABLE messages ADD COLUMN removed_at_ms INTEGER;
ALTER TABLE messages ADD COLUMN removed_by TEXT;

CREATE TABLE room_visits (
  user_id TEXT NOT NULL REFERENCES users (id),
  holder TEXT NOT NULL,
  stream_id TEXT NOT NULL REFERENCES streams (id),
  expires_at_ms INTEGER NOT NULL
);
CREATE UNIQUE INDEX room_visits_once ON room_visits (user_id, holder, stream_id);
CREATE INDEX room_visits_by_holder ON room_visits (holder);
CREATE INDEX room_visits_by_expiry ON room_visits (expires_at_ms);
