-- Who has given which stream their upvote, and how many each has: counted by the database itself, so that it is always exact.
CREATE TABLE upvotes (
  user_id TEXT NOT NULL REFERENCES users (id),
  stream_id TEXT NOT NULL REFERENCES streams (id),
  upvoted_at_ms INTEGER NOT NULL
);
CREATE UNIQUE INDEX upvotes_once ON upvotes (user_id, stream_id);

CREATE TABLE upvote_counts (
  stream_id TEXT PRIMARY KEY NOT NULL REFERENCES streams (id),
  count INTEGER NOT NULL
);

CREATE TRIGGER upvote_given AFTER INSERT ON upvotes BEGIN
  INSERT INTO upvote_counts (stream_id, count) VALUES (NEW.stream_id, 1)
  ON CONFLICT (stream_id) DO UPDATE SET count = count + 1;
END;

CREATE TRIGGER upvote_taken_back AFTER DELETE ON upvotes BEGIN
  UPDATE upvote_counts SET count = count - 1 WHERE stream_id = OLD.stream_id;
END;
