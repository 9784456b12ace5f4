// Traces of what is no event of the room, kept until they are in the audit log.
import type { AuditEntry } from '../../src/protocol/audit.ts';

export class TraceBox {
  private readonly sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.sql = sql;
    sql.exec('CREATE TABLE IF NOT EXISTS traces (number INTEGER PRIMARY KEY AUTOINCREMENT, entry TEXT NOT NULL)');
  }

  put(entry: AuditEntry): void {
    this.sql.exec('INSERT INTO traces (entry) VALUES (?)', JSON.stringify(entry));
  }

  get hasAny(): boolean {
    return this.sql.exec('SELECT 1 FROM traces LIMIT 1').toArray().length > 0;
  }

  oldest(limit: number): { upTo: number; entries: AuditEntry[] } {
    const rows = this.sql
      .exec<{ number: number; entry: string }>('SELECT number, entry FROM traces ORDER BY number LIMIT ?', limit)
      .toArray();
    return { upTo: rows.at(-1)?.number ?? 0, entries: rows.map(({ entry }) => JSON.parse(entry)) };
  }

  drop(upTo: number): void {
    this.sql.exec('DELETE FROM traces WHERE number <= ?', upTo);
  }
}
