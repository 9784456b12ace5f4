-- Apps of others, what people have allowed them, and the keys that sign their access tokens.
CREATE TABLE signing_keys (
  kid TEXT PRIMARY KEY NOT NULL,
  -- Two isolates that make the next key at the same time meet here: one of them wins.
  sequence INTEGER NOT NULL,
  public_jwk TEXT NOT NULL,
  -- The private key, encrypted under WRAPPING_KEY (a compact JWE).
  wrapped_key TEXT NOT NULL,
  signs_from_ms INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL
);
CREATE UNIQUE INDEX signing_keys_by_sequence ON signing_keys (sequence);

CREATE TABLE apps (
  id TEXT PRIMARY KEY NOT NULL,
  owner_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  -- Whom the app is when it acts for itself; confidential apps only.
  bot_id TEXT REFERENCES users (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  type TEXT NOT NULL CHECK (type IN ('public', 'confidential')),
  redirect_uris TEXT NOT NULL,
  scopes TEXT NOT NULL,
  website_url TEXT,
  secret_hash TEXT,
  created_at_ms INTEGER NOT NULL,
  deleted_at_ms INTEGER
);
CREATE INDEX apps_by_owner ON apps (owner_id, created_at_ms);

-- One approval of one app by one person: all codes and tokens that came of it hang on it and end with it.
CREATE TABLE grants (
  id TEXT PRIMARY KEY NOT NULL,
  app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  scopes TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  -- When a token was last given out under it.
  used_at_ms INTEGER NOT NULL,
  -- After this moment nothing that was given out under it is valid.
  expires_at_ms INTEGER NOT NULL,
  revoked_at_ms INTEGER
);
CREATE INDEX grants_by_user ON grants (user_id, created_at_ms);
CREATE INDEX grants_by_app ON grants (app_id);
CREATE INDEX grants_by_end ON grants (expires_at_ms);

CREATE TABLE authorization_codes (
  code_hash TEXT PRIMARY KEY NOT NULL,
  grant_id TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
  redirect_uri TEXT NOT NULL,
  code_challenge TEXT NOT NULL,
  expires_at_ms INTEGER NOT NULL,
  spent_at_ms INTEGER
);
CREATE INDEX authorization_codes_by_grant ON authorization_codes (grant_id);

CREATE TABLE refresh_tokens (
  token_hash TEXT PRIMARY KEY NOT NULL,
  grant_id TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
  expires_at_ms INTEGER NOT NULL,
  -- When its successor was given out; null: it is the one in force.
  rotated_at_ms INTEGER,
  successor_hash TEXT
);
CREATE INDEX refresh_tokens_by_grant ON refresh_tokens (grant_id);
