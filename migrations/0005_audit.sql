-- The audit log: a chain of hashes that nothing rewrites, what it says of people beside it, and what still waits to be chained.

-- `entry` is canonical JSON; hash = SHA-256(prev_hash || entry). People are in it under pseudonyms, their facts as a digest.
CREATE TABLE audit_events (
  id TEXT PRIMARY KEY NOT NULL,
  seq INTEGER NOT NULL,
  entry TEXT NOT NULL,
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL
);
-- Of two consumers that append at the same time, one is refused here and starts anew.
CREATE UNIQUE INDEX audit_events_by_seq ON audit_events (seq);
CREATE INDEX audit_events_by_actor ON audit_events (json_extract(entry, '$.actor.id'), seq);
CREATE INDEX audit_events_by_action ON audit_events (json_extract(entry, '$.action'), seq);
CREATE INDEX audit_events_by_target ON audit_events (json_extract(entry, '$.target.id'), seq);
CREATE INDEX audit_events_by_time ON audit_events (json_extract(entry, '$.atMs'), seq);

CREATE TRIGGER audit_events_never_change BEFORE UPDATE ON audit_events
BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_events_never_go BEFORE DELETE ON audit_events
BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;

-- What an entry says of people, in canonical JSON; the entry holds SHA-256(salt || facts). An erasure blanks it and signs for it.
CREATE TABLE audit_details (
  entry_id TEXT PRIMARY KEY NOT NULL,
  salt TEXT,
  facts TEXT,
  erased_by TEXT
);
CREATE INDEX audit_details_by_erasure ON audit_details (erased_by) WHERE erased_by IS NOT NULL;

CREATE TRIGGER audit_details_are_only_blanked BEFORE UPDATE ON audit_details
WHEN NEW.entry_id <> OLD.entry_id OR OLD.facts IS NULL OR NEW.facts IS NOT NULL OR NEW.salt IS NOT NULL OR NEW.erased_by IS NULL
BEGIN
  SELECT RAISE(ABORT, 'the details of the audit log may only be blanked by an erasure');
END;
CREATE TRIGGER audit_details_never_go BEFORE DELETE ON audit_details
BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;

-- Who is behind a pseudonym; deleting the row is forgetting the person.
CREATE TABLE audit_people (
  user_id TEXT PRIMARY KEY NOT NULL,
  pseudonym TEXT NOT NULL
);
CREATE UNIQUE INDEX audit_people_by_pseudonym ON audit_people (pseudonym);

-- What the queue refused or gave up on. `problem` is null when it only waits to be chained, else why it cannot be.
CREATE TABLE audit_pending (
  id TEXT PRIMARY KEY NOT NULL,
  body TEXT NOT NULL,
  problem TEXT,
  kept_at_ms INTEGER NOT NULL
);
CREATE INDEX audit_pending_waiting ON audit_pending (kept_at_ms) WHERE problem IS NULL;

-- When the person asked to be forgotten; their row stays, so that what belonged to them has an owner.
ALTER TABLE users ADD COLUMN erased_at_ms INTEGER;
