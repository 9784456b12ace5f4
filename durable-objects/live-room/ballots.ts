// The votes of the poll that is open, one of each account. Nobody reads who voted what.
import type { UserId } from '../../src/protocol/ids.ts';

export class Ballots {
  private readonly sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.sql = sql;
    sql.exec('CREATE TABLE IF NOT EXISTS ballots (user_id TEXT PRIMARY KEY, option INTEGER NOT NULL)');
  }

  /** What the account has voted; null: nothing yet. */
  of(userId: UserId): number | null {
    const [row] = this.sql.exec<{ option: number }>('SELECT option FROM ballots WHERE user_id = ?', userId).toArray();
    return row?.option ?? null;
  }

  /** In place of what it voted before. */
  keep(userId: UserId, option: number): void {
    this.sql.exec('INSERT OR REPLACE INTO ballots VALUES (?, ?)', userId, option);
  }

  /** Of each of so many options. */
  counted(options: number): number[] {
    const counts = Array.from({ length: options }, () => 0);
    const rows = this.sql.exec<{ option: number; votes: number }>(
      'SELECT option, COUNT(*) AS votes FROM ballots GROUP BY option',
    );
    for (const { option, votes } of rows) counts[option] = votes;
    return counts;
  }

  drop(): void {
    this.sql.exec('DELETE FROM ballots');
  }

  /** Their votes count on, as nobody's. */
  forget(ids: readonly UserId[]): void {
    for (const id of ids)
      this.sql.exec("UPDATE ballots SET user_id = 'gone ' || lower(hex(randomblob(8))) WHERE user_id = ?", id);
  }
}
