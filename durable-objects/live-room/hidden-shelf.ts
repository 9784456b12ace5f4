// Who is hidden from whom, of the people who came to this room, in SQLite: as it was when they came, and told since.
import { type HiddenAt, withHidden } from '../../src/domain/chat/hiding.ts';
import { VISIT_HOURS_MAX } from '../../src/protocol/chat/limits.ts';
import type { UserId } from '../../src/protocol/ids.ts';

/** People with somebody to hide from; beyond it the oldest are let go and are known again when they come anew. */
const KEPT = 20_000;
/** Nobody stays for longer without coming in anew. */
const KEPT_MS = VISIT_HOURS_MAX * 3_600_000;
/** As long as a list may be on its way here after it was looked up, and clocks may differ. */
const ON_ITS_WAY_MS = 60_000;
const SLACK_MS = 5000;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS hidden_from (user_id TEXT PRIMARY KEY, ids TEXT NOT NULL, at_ms INTEGER NOT NULL);
  CREATE INDEX IF NOT EXISTS hidden_from_by_time ON hidden_from (at_ms);
  CREATE TABLE IF NOT EXISTS hidden_changes (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id TEXT NOT NULL, other_id TEXT NOT NULL, is_hidden INTEGER NOT NULL, at_ms INTEGER NOT NULL);
  CREATE INDEX IF NOT EXISTS hidden_changes_of ON hidden_changes (user_id, number);
  CREATE INDEX IF NOT EXISTS hidden_changes_by_time ON hidden_changes (at_ms);
`;

export class HiddenShelf {
  private readonly sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.sql = sql;
    sql.exec(SCHEMA);
    // Where a room from before kept them.
    if (sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'hidden'").toArray().length > 0) {
      sql.exec('INSERT OR IGNORE INTO hidden_from SELECT user_id, ids, ? FROM hidden ORDER BY rowid', Date.now());
      sql.exec('DROP TABLE hidden');
    }
  }

  /** All who were hidden from this person when it was looked up. What the room was told meanwhile is newer. */
  put(userId: UserId, { ids, atMs }: HiddenAt, nowMs: number): void {
    this.write(userId, this.changesSince(userId, atMs - SLACK_MS).reduce(changed, ids), nowMs);
  }

  of(userId: UserId): UserId[] {
    const [row] = this.sql.exec<{ ids: string }>('SELECT ids FROM hidden_from WHERE user_id = ?', userId).toArray();
    return row ? JSON.parse(row.ids) : [];
  }

  /** Each is hidden from the other, or no longer. */
  change([one, other]: readonly [UserId, UserId], isHidden: boolean, nowMs: number): void {
    this.sql.exec('DELETE FROM hidden_changes WHERE at_ms <= ?', nowMs - ON_ITS_WAY_MS);
    this.changeOne(one, { other, isHidden }, nowMs);
    this.changeOne(other, { other: one, isHidden }, nowMs);
  }

  /** The list of either says it; of somebody whom very many have blocked, only theirs. */
  areParted(one: UserId, other: UserId): boolean {
    return this.of(one).includes(other) || this.of(other).includes(one);
  }

  sweep(nowMs: number): void {
    this.sql.exec('DELETE FROM hidden_changes WHERE at_ms <= ?', nowMs - ON_ITS_WAY_MS);
    this.sql.exec('DELETE FROM hidden_from WHERE at_ms <= ?', nowMs - KEPT_MS);
  }

  /** When something is to be swept; null: nothing is kept. */
  nextExpiryMs(): number | null {
    const first = (table: string, keptMs: number) =>
      this.sql.exec<{ at_ms: number | null }>(`SELECT MIN(at_ms) + ? AS at_ms FROM ${table}`, keptMs).one().at_ms;
    const times = [first('hidden_changes', ON_ITS_WAY_MS), first('hidden_from', KEPT_MS)];
    const known = times.filter((atMs) => atMs !== null);
    return known.length > 0 ? Math.min(...known) : null;
  }

  forget(ids: readonly UserId[]): void {
    for (const id of ids) {
      this.sql.exec('DELETE FROM hidden_changes WHERE user_id = ?1 OR other_id = ?1', id);
      this.sql.exec('DELETE FROM hidden_from WHERE user_id = ?', id);
      this.sql.exec(
        `UPDATE hidden_from SET ids = (SELECT json_group_array(value) FROM json_each(ids) WHERE value <> ?1)
         WHERE instr(ids, ?1) > 0`,
        id,
      );
    }
  }

  private changeOne(userId: UserId, change: Change, nowMs: number): void {
    const { other, isHidden } = change;
    this.sql.exec(
      'INSERT INTO hidden_changes (user_id, other_id, is_hidden, at_ms) VALUES (?, ?, ?, ?)',
      userId,
      other,
      Number(isHidden),
      nowMs,
    );
    this.sql.exec('DELETE FROM hidden_changes WHERE number <= (SELECT MAX(number) FROM hidden_changes) - ?', KEPT);
    // A change makes nobody's visit longer.
    this.write(userId, changed(this.of(userId), change), this.atMsOf(userId) ?? nowMs);
  }

  private atMsOf(userId: UserId): number | null {
    const known = 'SELECT at_ms FROM hidden_from WHERE user_id = ?';
    return this.sql.exec<{ at_ms: number }>(known, userId).toArray()[0]?.at_ms ?? null;
  }

  private changesSince(userId: UserId, atMs: number): Change[] {
    return this.sql
      .exec<{ other: UserId; isHidden: number }>(
        `SELECT other_id AS other, is_hidden AS isHidden FROM hidden_changes
         WHERE user_id = ? AND at_ms >= ? ORDER BY number`,
        userId,
        atMs,
      )
      .toArray()
      .map(({ other, isHidden }) => ({ other, isHidden: isHidden === 1 }));
  }

  private write(userId: UserId, ids: readonly UserId[], atMs: number): void {
    this.sql.exec('DELETE FROM hidden_from WHERE user_id = ?', userId);
    if (ids.length === 0) return;
    this.sql.exec('INSERT INTO hidden_from VALUES (?, ?, ?)', userId, JSON.stringify(ids), atMs);
    this.sql.exec('DELETE FROM hidden_from WHERE rowid <= (SELECT MAX(rowid) FROM hidden_from) - ?', KEPT);
  }
}

interface Change {
  other: UserId;
  isHidden: boolean;
}

const changed = (ids: readonly UserId[], { other, isHidden }: Change): readonly UserId[] =>
  withHidden(ids, other, isHidden);
