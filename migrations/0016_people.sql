-- What moderators are told of people and know of them, and whom people do not want to hear.

-- One message that somebody has complained about, with what was said around it at that moment (JSON: the lines, with the ids of their authors).
CREATE TABLE reports (
  id TEXT PRIMARY KEY NOT NULL,
  channel_id TEXT NOT NULL REFERENCES channels (id),
  stream_id TEXT NOT NULL REFERENCES streams (id),
  message_id TEXT NOT NULL,
  author_id TEXT REFERENCES users (id),
  media_time_ms INTEGER,
  context TEXT NOT NULL,
  reported_at_ms INTEGER NOT NULL,
  outcome TEXT,
  note TEXT,
  answered_by TEXT REFERENCES users (id),
  answered_at_ms INTEGER
);
CREATE UNIQUE INDEX reports_by_message ON reports (message_id);
CREATE INDEX reports_by_author ON reports (author_id, channel_id);
CREATE INDEX reports_open ON reports (channel_id, reported_at_ms, id) WHERE answered_at_ms IS NULL;
CREATE INDEX reports_closed ON reports (channel_id, answered_at_ms, id) WHERE answered_at_ms IS NOT NULL;
CREATE INDEX reports_open_anywhere ON reports (reported_at_ms, id) WHERE answered_at_ms IS NULL;
CREATE INDEX reports_closed_anywhere ON reports (answered_at_ms, id) WHERE answered_at_ms IS NOT NULL;

-- What each person has to say about it. Somebody who left Footlight is null.
CREATE TABLE complaints (
  report_id TEXT NOT NULL REFERENCES reports (id),
  reporter_id TEXT REFERENCES users (id),
  reason TEXT NOT NULL,
  text TEXT,
  complained_at_ms INTEGER NOT NULL
);
CREATE UNIQUE INDEX complaints_once ON complaints (report_id, reporter_id);
CREATE INDEX complaints_by_reporter ON complaints (reporter_id, complained_at_ms);

-- What moderators and judges did about somebody on a channel, or everywhere (channel_id NULL): of the audit log, what a card shows.
CREATE TABLE person_acts (
  id TEXT PRIMARY KEY NOT NULL,
  channel_id TEXT REFERENCES channels (id),
  user_id TEXT NOT NULL REFERENCES users (id),
  action TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  by_id TEXT REFERENCES users (id),
  reason TEXT,
  message_id TEXT,
  until_ms INTEGER,
  undone_at_ms INTEGER
);
CREATE INDEX person_acts_by_person ON person_acts (user_id, channel_id, at_ms);
CREATE INDEX person_acts_by_time ON person_acts (at_ms);

-- What moderators of a channel write down about somebody, for each other.
CREATE TABLE person_notes (
  id TEXT PRIMARY KEY NOT NULL,
  channel_id TEXT NOT NULL REFERENCES channels (id),
  user_id TEXT NOT NULL REFERENCES users (id),
  author_id TEXT REFERENCES users (id),
  text TEXT NOT NULL,
  written_at_ms INTEGER NOT NULL
);
CREATE INDEX person_notes_by_person ON person_notes (user_id, channel_id, written_at_ms);

CREATE TABLE blocks (
  user_id TEXT NOT NULL REFERENCES users (id),
  blocked_id TEXT NOT NULL REFERENCES users (id),
  blocked_at_ms INTEGER NOT NULL
);
CREATE UNIQUE INDEX blocks_once ON blocks (user_id, blocked_id);
CREATE INDEX blocks_by_user ON blocks (user_id, blocked_at_ms, blocked_id);
CREATE INDEX blocks_of ON blocks (blocked_id, blocked_at_ms);
