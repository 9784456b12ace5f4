-- What the housekeeping of the authorization server and the lookup of keys go by: without these they read whole tables.
CREATE INDEX grants_revoked ON grants (revoked_at_ms) WHERE revoked_at_ms IS NOT NULL;
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at_ms);
CREATE INDEX refresh_tokens_rotated ON refresh_tokens (rotated_at_ms) WHERE rotated_at_ms IS NOT NULL;
CREATE INDEX apps_by_bot ON apps (bot_id);
CREATE INDEX apps_deleted ON apps (deleted_at_ms) WHERE deleted_at_ms IS NOT NULL;
