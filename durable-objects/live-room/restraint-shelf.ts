// What a room was told of bans, and of bans that were lifted, in SQLite: it counts for whoever is in the room already.
import { type NearBan, restraintByNetwork } from '../../src/domain/chat/network-ban.ts';
import { type Restraint, restraintOf, type ToldRestraint } from '../../src/domain/chat/restraint.ts';
import type { Speaker } from '../../src/domain/chat/speaker.ts';
import { VISIT_HOURS_MAX } from '../../src/protocol/chat/limits.ts';
import type { UserId } from '../../src/protocol/ids.ts';

/** Beyond this the oldest are let go: whoever comes in anew is looked up in the database. */
const KEPT = 5000;
const KEPT_TAGS = 20_000;
/** Whoever was in the room when it was told has come in anew by then, or is gone. */
const KEPT_MS = VISIT_HOURS_MAX * 3_600_000;

export class RestraintShelf {
  private readonly sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.sql = sql;
    sql.exec(`CREATE TABLE IF NOT EXISTS restraints (
      user_id TEXT NOT NULL, scope TEXT NOT NULL, at_ms INTEGER NOT NULL, told TEXT NOT NULL)`);
    sql.exec('CREATE UNIQUE INDEX IF NOT EXISTS restraints_once ON restraints (user_id, scope)');
    sql.exec('CREATE INDEX IF NOT EXISTS restraints_by_time ON restraints (at_ms)');
    sql.exec('CREATE TABLE IF NOT EXISTS restraint_tags (tag TEXT NOT NULL, user_id TEXT NOT NULL)');
    sql.exec('CREATE UNIQUE INDEX IF NOT EXISTS restraint_tags_once ON restraint_tags (tag, user_id)');
  }

  /** What is older than the word that is there changes nothing. */
  put(userId: UserId, { tags = [], ...told }: ToldRestraint): void {
    this.sql.exec(
      `INSERT INTO restraints VALUES (?1, ?2, ?3, ?4) ON CONFLICT (user_id, scope)
       DO UPDATE SET at_ms = ?3, told = ?4 WHERE at_ms <= ?3`,
      userId,
      told.scope,
      told.atMs,
      JSON.stringify(told),
    );
    for (const tag of tags) this.sql.exec('INSERT OR IGNORE INTO restraint_tags VALUES (?, ?)', tag, userId);
    this.sql.exec('DELETE FROM restraint_tags WHERE rowid <= (SELECT MAX(rowid) FROM restraint_tags) - ?', KEPT_TAGS);
    this.sql.exec('DELETE FROM restraints WHERE rowid <= (SELECT MAX(rowid) FROM restraints) - ?', KEPT);
  }

  of(userId: UserId): ToldRestraint[] {
    return this.sql
      .exec<{ told: string }>('SELECT told FROM restraints WHERE user_id = ?', userId)
      .toArray()
      .map(({ told }) => JSON.parse(told));
  }

  /** What stands against somebody who wants to say something: of their own, and by their network or device. */
  facts(speaker: Speaker): { restraint: Restraint | null; byNetwork: Restraint | null } {
    const { id, restraints, near = [], tags = [] } = speaker;
    const nowMs = Date.now();
    return {
      restraint: restraintOf(restraints, this.of(id), nowMs),
      byNetwork: restraintByNetwork(
        speaker,
        { near: [...near, ...this.near(tags, id)], toldOf: (userId) => this.of(userId) },
        nowMs,
      ),
    };
  }

  /** What the room was told of others whose ban reaches whoever comes by one of these. */
  near(tags: readonly string[], userId: UserId): NearBan[] {
    if (tags.length === 0) return [];
    const banned = this.sql.exec<{ user_id: UserId }>(
      'SELECT DISTINCT user_id FROM restraint_tags WHERE user_id <> ? AND tag IN (SELECT value FROM json_each(?)) LIMIT 10',
      userId,
      JSON.stringify(tags),
    );
    return banned
      .toArray()
      .flatMap(({ user_id: id }) =>
        this.of(id).flatMap(({ scope, restraint }) => (restraint ? [{ userId: id, scope, restraint }] : [])),
      );
  }

  sweep(nowMs: number): void {
    this.sql.exec('DELETE FROM restraints WHERE at_ms <= ?', nowMs - KEPT_MS);
    this.sql.exec('DELETE FROM restraint_tags WHERE user_id NOT IN (SELECT user_id FROM restraints)');
  }

  /** When something is to be swept; null: nothing is kept. */
  nextExpiryMs(): number | null {
    const next = 'SELECT MIN(at_ms) + ? AS at_ms FROM restraints';
    return this.sql.exec<{ at_ms: number | null }>(next, KEPT_MS).one().at_ms;
  }

  forget(ids: readonly UserId[]): void {
    for (const id of ids) {
      this.sql.exec('DELETE FROM restraints WHERE user_id = ?', id);
      this.sql.exec('DELETE FROM restraint_tags WHERE user_id = ?', id);
    }
  }
}
