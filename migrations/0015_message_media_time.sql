-- What was said at which moment of the picture: the room of a recording is read in this order.
CREATE INDEX messages_by_moment ON messages (stream_id, coalesce(min(media_time_ms, sent_at_ms), sent_at_ms), id);
