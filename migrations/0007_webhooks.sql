-- Webhooks, what was sent to them, and how each try went.
CREATE TABLE webhooks (
  id TEXT PRIMARY KEY NOT NULL,
  owner_id TEXT NOT NULL REFERENCES users (id),
  -- Null: every channel of the owner.
  channel_id TEXT REFERENCES channels (id),
  url TEXT NOT NULL,
  -- A JSON array of event types.
  events TEXT NOT NULL,
  -- Both wrapped with WRAPPING_KEY: a signature needs the secret itself.
  secret TEXT NOT NULL,
  old_secret TEXT,
  old_secret_until_ms INTEGER,
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  -- When a delivery was given up and none has arrived since.
  failing_since_ms INTEGER,
  -- When the far end answered 410.
  gone_at_ms INTEGER,
  created_at_ms INTEGER NOT NULL
);
CREATE INDEX webhooks_by_owner ON webhooks (owner_id, created_at_ms);

CREATE TABLE webhook_deliveries (
  id TEXT PRIMARY KEY NOT NULL,
  webhook_id TEXT NOT NULL REFERENCES webhooks (id),
  event_id TEXT NOT NULL,
  type TEXT NOT NULL,
  body TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'parked')),
  replay_of TEXT,
  attempt_count INTEGER NOT NULL,
  -- When the next try may begin; while one runs, when it is taken for lost. Null: no more.
  due_at_ms INTEGER,
  created_at_ms INTEGER NOT NULL
);
-- An event that is derived twice is told once; a replay is meant to be told again.
CREATE UNIQUE INDEX webhook_deliveries_once ON webhook_deliveries (webhook_id, event_id) WHERE replay_of IS NULL;
CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (webhook_id, created_at_ms, id);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (due_at_ms) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (created_at_ms);

CREATE TABLE webhook_attempts (
  id TEXT PRIMARY KEY NOT NULL,
  delivery_id TEXT NOT NULL REFERENCES webhook_deliveries (id),
  at_ms INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  status INTEGER,
  error TEXT,
  answer TEXT
);
CREATE INDEX webhook_attempts_by_delivery ON webhook_attempts (delivery_id, at_ms);
