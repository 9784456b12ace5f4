-- Answers to POST that are kept for a repeat of the same request.
CREATE TABLE idempotency_keys (
  -- Derived from the sender and its key; neither can be read from it.
  id TEXT PRIMARY KEY NOT NULL,
  request_hash TEXT NOT NULL,
  started_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL,
  -- The answer, which only its sender's key opens; null while the request is under way.
  sealed TEXT
);
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at_ms);
