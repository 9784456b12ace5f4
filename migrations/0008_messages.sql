-- What was said in the rooms of streams, as it was said. An author who left Footlight is null.
CREATE TABLE messages (
  id TEXT PRIMARY KEY NOT NULL,
  stream_id TEXT NOT NULL REFERENCES streams (id),
  author_id TEXT REFERENCES users (id),
  text TEXT NOT NULL,
  sent_at_ms INTEGER NOT NULL
);
CREATE INDEX messages_by_stream ON messages (stream_id, sent_at_ms, id);
CREATE INDEX messages_by_author ON messages (author_id, sent_at_ms);
