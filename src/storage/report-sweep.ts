// Which reports are kept no longer: each of the two kinds is found by an index of its own, the oldest first.

const DAY_MS = 24 * 3_600_000;
/** An answered report is kept this long, and one that nobody answers twice as long. */
const KEPT_MS = 90 * DAY_MS;
const SWEPT_AT_ONCE = 100;

const OVERDUE = [
  `SELECT id FROM reports WHERE answered_at_ms <= ?1 ORDER BY answered_at_ms, id LIMIT ${SWEPT_AT_ONCE}`,
  `SELECT id FROM reports WHERE answered_at_ms IS NULL AND reported_at_ms <= ?1
   ORDER BY reported_at_ms, id LIMIT ${SWEPT_AT_ONCE}`,
] as const;

export async function sweepReports(db: D1Database, nowMs: number): Promise<void> {
  const limits = [nowMs - KEPT_MS, nowMs - 2 * KEPT_MS];
  await db.batch(
    OVERDUE.flatMap((overdue, kind) => [
      db.prepare(`DELETE FROM complaints WHERE report_id IN (${overdue})`).bind(limits[kind]),
      db.prepare(`DELETE FROM reports WHERE id IN (${overdue})`).bind(limits[kind]),
    ]),
  );
}
