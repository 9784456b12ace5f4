// The votes of the poll that is open, one of each account; and traces on their way to the audit log. Nobody reads who voted what.
import type { AuditEntry } from '../../src/protocol/audit.ts';
import type { UserId } from '../../src/protocol/ids.ts';

export class Ballots {
  private readonly sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.sql = sql;
    sql.exec('CREATE TABLE IF NOT EXISTS ballots (user_id TEXT PRIMARY KEY, option INTEGER NOT NULL)');
    sql.exec('CREATE TABLE IF NOT EXISTS vote_traces (id INTEGER PRIMARY KEY, entry TEXT NOT NULL)');
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
    for (const id of ids) {
      this.sql.exec("UPDATE ballots SET user_id = 'gone ' || lower(hex(randomblob(8))) WHERE user_id = ?", id);
      this.sql.exec(
        `UPDATE vote_traces SET entry = json_set(entry, '$.actor.id', json('null'), '$.actor.kind', 'nobody')
         WHERE json_extract(entry, '$.actor.id') = ?`,
        id,
      );
    }
  }

  /** Kept with the vote itself, and taken to the log from here. */
  trace(entry: AuditEntry): void {
    this.sql.exec('INSERT INTO vote_traces (entry) VALUES (?)', JSON.stringify(entry));
  }

  get hasTraces(): boolean {
    return this.sql.exec('SELECT 1 FROM vote_traces LIMIT 1').toArray().length > 0;
  }

  traces(limit: number): { id: number; entry: AuditEntry }[] {
    return this.sql
      .exec<{ id: number; entry: string }>('SELECT id, entry FROM vote_traces ORDER BY id LIMIT ?', limit)
      .toArray()
      .map(({ id, entry }) => ({ id, entry: JSON.parse(entry) }));
  }

  dropTraces(upToId: number): void {
    this.sql.exec('DELETE FROM vote_traces WHERE id <= ?', upToId);
  }
}
