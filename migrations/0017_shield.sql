-- Bans that reach whoever comes from the same network or device, the shield of a channel, and what holds while the model is silent.
ALTER TABLE bans ADD COLUMN reach TEXT NOT NULL DEFAULT 'person';
ALTER TABLE judging_rules ADD COLUMN when_model_is_down TEXT NOT NULL DEFAULT 'allow';

-- By which networks and devices somebody came lately, as keyed hashes.
CREATE TABLE sightings (
  user_id TEXT NOT NULL REFERENCES users (id),
  tag TEXT NOT NULL,
  seen_at_ms INTEGER NOT NULL
);
CREATE UNIQUE INDEX sightings_once ON sightings (user_id, tag);
CREATE INDEX sightings_by_tag ON sightings (tag);
CREATE INDEX sightings_by_time ON sightings (seen_at_ms);

CREATE TABLE shields (
  channel_id TEXT PRIMARY KEY NOT NULL REFERENCES channels (id),
  version INTEGER NOT NULL,
  mode TEXT NOT NULL,
  trips TEXT NOT NULL,
  until_ms INTEGER,
  raised_by TEXT
);
