-- Announcements are kept among what was said; null: a message.
ALTER TABLE messages ADD COLUMN kind TEXT;
