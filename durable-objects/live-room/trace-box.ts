// Traces of what is no event of the room, votes among them, kept with what they are of until they are in the audit log.
import { mentionedIn } from '../../src/domain/audit/chain.ts';
import type { AuditEntry } from '../../src/protocol/audit.ts';
import type { UserId } from '../../src/protocol/ids.ts';

export class TraceBox {
  private readonly sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.sql = sql;
    sql.exec('CREATE TABLE IF NOT EXISTS traces (number INTEGER PRIMARY KEY AUTOINCREMENT, entry TEXT NOT NULL)');
    // Where a room from before kept those of votes.
    if (sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'vote_traces'").toArray().length > 0) {
      sql.exec('INSERT INTO traces (entry) SELECT entry FROM vote_traces ORDER BY id');
      sql.exec('DROP TABLE vote_traces');
    }
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

  /** What they did was done by nobody, and nothing names them. */
  forget(ids: readonly UserId[]): void {
    for (const id of ids) {
      const rows = this.sql.exec<{ number: number; entry: string }>(
        'SELECT number, entry FROM traces WHERE instr(entry, ?) > 0',
        id,
      );
      for (const { number, entry } of rows.toArray())
        this.sql.exec(
          'UPDATE traces SET entry = ? WHERE number = ?',
          JSON.stringify(without(JSON.parse(entry), id)),
          number,
        );
    }
  }
}

function without(entry: AuditEntry, id: UserId): AuditEntry {
  const isTheirs = entry.actor.id === id;
  return {
    ...entry,
    ...(isTheirs && { actor: { kind: 'nobody', id: null, appId: null }, network: null }),
    ...((isTheirs || mentionedIn(entry).includes(id)) && { before: null, after: null, reason: null }),
  };
}
