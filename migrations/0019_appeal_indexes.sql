-- What waits too long, what was closed long ago, and the closed ones of a channel are each found by an index.
CREATE INDEX appeals_waiting ON appeals (asked_at_ms) WHERE state = 'open';
CREATE INDEX appeals_closed ON appeals (closed_at_ms) WHERE closed_at_ms IS NOT NULL;
CREATE INDEX appeals_closed_by_channel ON appeals (channel_id, closed_at_ms) WHERE closed_at_ms IS NOT NULL;
