// What a room was told of bans, and of bans that were lifted, in SQLite: it counts for whoever is in the room already.
import type { ToldRestraint } from '../../src/domain/chat/restraint.ts';
import type { UserId } from '../../src/protocol/ids.ts';

/** Beyond this the oldest are let go: whoever comes in anew is looked up in the database. */
const KEPT = 5000;

export class RestraintShelf {
  private readonly sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.sql = sql;
    sql.exec(`CREATE TABLE IF NOT EXISTS restraints (
      user_id TEXT NOT NULL, scope TEXT NOT NULL, at_ms INTEGER NOT NULL, told TEXT NOT NULL)`);
    sql.exec('CREATE UNIQUE INDEX IF NOT EXISTS restraints_once ON restraints (user_id, scope)');
  }

  /** What is older than the word that is there changes nothing. */
  put(userId: UserId, told: ToldRestraint): void {
    this.sql.exec(
      `INSERT INTO restraints VALUES (?1, ?2, ?3, ?4) ON CONFLICT (user_id, scope)
       DO UPDATE SET at_ms = ?3, told = ?4 WHERE at_ms <= ?3`,
      userId,
      told.scope,
      told.atMs,
      JSON.stringify(told),
    );
    this.sql.exec('DELETE FROM restraints WHERE rowid <= (SELECT MAX(rowid) FROM restraints) - ?', KEPT);
  }

  of(userId: UserId): ToldRestraint[] {
    return this.sql
      .exec<{ told: string }>('SELECT told FROM restraints WHERE user_id = ?', userId)
      .toArray()
      .map(({ told }) => JSON.parse(told));
  }

  forget(ids: readonly UserId[]): void {
    for (const id of ids) this.sql.exec('DELETE FROM restraints WHERE user_id = ?', id);
  }
}
