// Who is hidden from whom, of the people who came to this room, in SQLite: as it was when they came, and told since.
import { withHidden } from '../../src/domain/chat/hiding.ts';
import type { UserId } from '../../src/protocol/ids.ts';

/** People with somebody to hide from; beyond it the oldest are let go and are known again when they come anew. */
const KEPT = 20_000;

export class HiddenShelf {
  private readonly sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.sql = sql;
    sql.exec('CREATE TABLE IF NOT EXISTS hidden (user_id TEXT PRIMARY KEY, ids TEXT NOT NULL)');
  }

  /** All who are hidden from this person. */
  put(userId: UserId, ids: readonly UserId[]): void {
    this.sql.exec('DELETE FROM hidden WHERE user_id = ?', userId);
    if (ids.length === 0) return;
    this.sql.exec('INSERT INTO hidden VALUES (?, ?)', userId, JSON.stringify(ids));
    this.sql.exec('DELETE FROM hidden WHERE rowid <= (SELECT MAX(rowid) FROM hidden) - ?', KEPT);
  }

  of(userId: UserId): UserId[] {
    const [row] = this.sql.exec<{ ids: string }>('SELECT ids FROM hidden WHERE user_id = ?', userId).toArray();
    return row ? JSON.parse(row.ids) : [];
  }

  /** Each is hidden from the other, or no longer. */
  change(one: UserId, other: UserId, isHidden: boolean): void {
    this.put(one, withHidden(this.of(one), other, isHidden));
    this.put(other, withHidden(this.of(other), one, isHidden));
  }

  /** The list of either says it; of somebody whom very many have blocked, only theirs. */
  areParted(one: UserId, other: UserId): boolean {
    return this.of(one).includes(other) || this.of(other).includes(one);
  }

  forget(ids: readonly UserId[]): void {
    for (const id of ids) {
      this.sql.exec('DELETE FROM hidden WHERE user_id = ?', id);
      this.sql.exec(
        `UPDATE hidden SET ids = (SELECT json_group_array(value) FROM json_each(ids) WHERE value <> ?1)
         WHERE instr(ids, ?1) > 0`,
        id,
      );
    }
  }
}
