// What clearing a room does to its log: all that was said up to a number is gone, for everybody and for its author alone.

/** The words go with the archive, as those of what is removed one by one. */
export function clearLog(sql: SqlStorage, upToSeq: number): void {
  sql.exec(
    "UPDATE events SET is_removed = 1 WHERE kind IN ('message', 'pin') AND is_removed = 0 AND seq <= ?",
    upToSeq,
  );
  sql.exec(
    `UPDATE own_events SET is_removed = 1, frame = '{}', sameness = NULL
     WHERE message_id IS NOT NULL AND is_removed = 0 AND seq <= ?`,
    upToSeq,
  );
}
