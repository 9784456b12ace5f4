-- When the media of a stream was last tried to be deleted: what fails, or is much, keeps nothing else waiting.
ALTER TABLE erased_media ADD COLUMN tried_at_ms INTEGER;
