// What is dropped of a list of events that are numbered as they came: all before one bound, found by its end.

/** Which go: older ones, and those more than so many back. The newest stays: the numbers go on from it. */
export interface Pruning {
  beforeMs: number;
  keptEvents: number;
}

/** Whatever looks at the age of each event reads the whole list, each second. `which`: more that holds of those that go. */
export function prune(
  sql: SqlStorage,
  { table, which = 'TRUE' }: { table: 'events' | 'own_events'; which?: string },
  { beforeMs, keptEvents }: Pruning,
): void {
  sql.exec(
    `DELETE FROM ${table} WHERE ${which} AND seq < MAX((SELECT MAX(seq) FROM ${table}) - ?2 + 1,
       COALESCE((SELECT seq FROM ${table} WHERE at_ms >= ?1 ORDER BY seq LIMIT 1), (SELECT MAX(seq) FROM ${table})))`,
    beforeMs,
    keptEvents,
  );
}
