-- How people sign in: who they are elsewhere, the sign-ins under way, and the browsers that are signed in.

-- Never by e-mail alone: an address can change hands, a subject at its issuer cannot.
CREATE TABLE identities (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id),
  created_at_ms INTEGER NOT NULL
);
CREATE UNIQUE INDEX identities_by_subject ON identities (issuer, subject);
CREATE INDEX identities_by_user ON identities (user_id);

-- One row per click on a provider's button, gone when it is used.
CREATE TABLE sign_in_attempts (
  state_hash TEXT PRIMARY KEY NOT NULL,
  -- Hash of the cookie of the browser that began it.
  browser_hash TEXT NOT NULL,
  provider TEXT NOT NULL,
  nonce TEXT NOT NULL,
  code_verifier TEXT NOT NULL,
  return_to TEXT NOT NULL,
  expires_at_ms INTEGER NOT NULL
);
CREATE INDEX sign_in_attempts_by_expiry ON sign_in_attempts (expires_at_ms);

-- A row is a browser that is signed in; revoking deletes it.
CREATE TABLE sessions (
  id TEXT PRIMARY KEY NOT NULL,
  secret_hash TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id),
  device TEXT NOT NULL,
  network TEXT,
  created_at_ms INTEGER NOT NULL,
  last_used_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL
);
CREATE UNIQUE INDEX sessions_by_secret ON sessions (secret_hash);
CREATE INDEX sessions_by_user ON sessions (user_id, last_used_at_ms);
CREATE INDEX sessions_by_expiry ON sessions (expires_at_ms);
