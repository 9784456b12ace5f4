-- Receipts of erasures: what was forgotten, and nothing of whom.
CREATE TABLE erasures (
  id TEXT PRIMARY KEY NOT NULL,
  erased_at_ms INTEGER NOT NULL,
  -- Rows by table, as a JSON object.
  counts TEXT NOT NULL DEFAULT '{}'
);

-- Streams whose media is still to be deleted from R2.
CREATE TABLE erased_media (
  stream_id TEXT PRIMARY KEY NOT NULL,
  erased_at_ms INTEGER NOT NULL
);
