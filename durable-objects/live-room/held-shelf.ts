// Lines that wait for a moderator, in SQLite; and for a while what became of them, so that nobody decides twice.
import type { HeldState, SendFacts } from '../../src/domain/chat/inputs.ts';
import { HELD_LINES_MAX, type HeldDecision, type HeldLine } from '../../src/protocol/chat/held.ts';
import type { MessageId, UserId } from '../../src/protocol/ids.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS held (
    id TEXT PRIMARY KEY, author_id TEXT, client_id TEXT, expires_at_ms INTEGER NOT NULL, held TEXT NOT NULL,
    decided_at_ms INTEGER);
  CREATE INDEX IF NOT EXISTS held_by_author ON held (author_id, client_id);
  CREATE INDEX IF NOT EXISTS held_waiting ON held (expires_at_ms) WHERE decided_at_ms IS NULL;
`;

/** What was decided is answered for this long; the words of it are gone at once. */
const DECIDED_KEPT_MS = 3_600_000;

export class HeldShelf {
  private readonly sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.sql = sql;
    sql.exec(SCHEMA);
  }

  /** Of one author under one client id. */
  facts(authorId: UserId, clientId: string): { heldEarlier: HeldState | null; waiting: SendFacts['waiting'] } {
    const [earlier = null] = this.read(
      'author_id = ? AND client_id = ? ORDER BY expires_at_ms DESC',
      authorId,
      clientId,
    );
    return {
      heldEarlier: earlier,
      waiting: {
        all: this.count('1'),
        own: this.count("author_id = ? AND NOT held ->> '$.isShadow'", authorId),
        shadowed: this.count("author_id = ? AND held ->> '$.isShadow'", authorId),
      },
    };
  }

  keep(held: HeldState): void {
    const { line, keys } = held;
    this.sql.exec(
      'INSERT INTO held VALUES (?, ?, ?, ?, ?, NULL)',
      line.id,
      keys.authorId,
      keys.clientId,
      Date.parse(line.expiresAt),
      JSON.stringify(held),
    );
  }

  decide(held: HeldState, decision: HeldDecision): void {
    const line: HeldLine = { ...held.line, text: '', shown: '', found: [], replyTo: null };
    this.sql.exec(
      'UPDATE held SET held = ?, decided_at_ms = ? WHERE id = ?',
      JSON.stringify({ ...held, line, keys: { ...held.keys, sameness: '' }, decision } satisfies HeldState),
      Date.parse(decision.at),
      held.line.id,
    );
  }

  find(id: MessageId): HeldState | null {
    return this.read('id = ?', id)[0] ?? null;
  }

  /** With what it answers as that is now. */
  findNow(id: MessageId, quoted: (id: MessageId) => HeldLine['replyTo']): HeldState | null {
    const held = this.find(id);
    const { replyTo } = held?.line ?? {};
    return held && replyTo ? { ...held, line: { ...held.line, replyTo: quoted(replyTo.id) } } : held;
  }

  /** What waits, the oldest first. */
  get waiting(): HeldState[] {
    return this.read('decided_at_ms IS NULL ORDER BY expires_at_ms, rowid');
  }

  waitingOf(authorId: UserId): HeldState[] {
    return this.read('decided_at_ms IS NULL AND author_id = ? ORDER BY expires_at_ms, rowid', authorId);
  }

  overdue(nowMs: number): HeldState[] {
    return this.read('decided_at_ms IS NULL AND expires_at_ms <= ? ORDER BY expires_at_ms, rowid', nowMs);
  }

  nextExpiryMs(): number | null {
    return this.sql
      .exec<{ at_ms: number | null }>('SELECT MIN(expires_at_ms) AS at_ms FROM held WHERE decided_at_ms IS NULL')
      .one().at_ms;
  }

  sweep(nowMs: number): void {
    this.sql.exec('DELETE FROM held WHERE decided_at_ms <= ?', nowMs - DECIDED_KEPT_MS);
  }

  /** Whoever has left says nothing more; who decided is nobody any longer. */
  forget(ids: readonly UserId[]): void {
    for (const id of ids) {
      this.sql.exec('DELETE FROM held WHERE author_id = ?', id);
      this.sql.exec(
        "UPDATE held SET held = json_set(held, '$.decision.by', json('null')) WHERE held ->> '$.decision.by.id' = ?",
        id,
      );
      this.sql.exec(
        "UPDATE held SET held = json_set(held, '$.line.replyTo', json('null')) WHERE held ->> '$.line.replyTo.author.id' = ?",
        id,
      );
    }
  }

  private read(where: string, ...values: (string | number)[]): HeldState[] {
    return this.sql
      .exec<{ held: string }>(`SELECT held FROM held WHERE ${where} LIMIT ${HELD_LINES_MAX}`, ...values)
      .toArray()
      .map(({ held }) => JSON.parse(held));
  }

  private count(where: string, ...values: string[]): number {
    return this.sql
      .exec<{ count: number }>(`SELECT COUNT(*) AS count FROM held WHERE decided_at_ms IS NULL AND ${where}`, ...values)
      .one().count;
  }
}
