-- How lines are judged on a channel, or everywhere (channel_id NULL): strictness, links, and words of one's own.
CREATE TABLE judging_rules (
  channel_id TEXT REFERENCES channels (id),
  version INTEGER NOT NULL,
  strictness TEXT NOT NULL,
  links TEXT,
  allowed_sites TEXT NOT NULL,
  words TEXT NOT NULL
);
CREATE UNIQUE INDEX judging_rules_of_channel ON judging_rules (channel_id) WHERE channel_id IS NOT NULL;
CREATE UNIQUE INDEX judging_rules_of_platform ON judging_rules ((channel_id IS NULL)) WHERE channel_id IS NULL;
