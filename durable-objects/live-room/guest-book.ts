// Who may come in: tickets that are good once for a minute, and visits that can be resumed, both found by the hash of a secret.
import type { Guest, Whose } from '../../src/domain/chat/guest.ts';
import { RESUME_SECONDS, TICKET_SECONDS, VISIT_HOURS_MAX } from '../../src/protocol/chat/limits.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS tickets (hash TEXT PRIMARY KEY, expires_at_ms INTEGER NOT NULL, guest TEXT, until_ms INTEGER);
  CREATE TABLE IF NOT EXISTS visits (
    id TEXT PRIMARY KEY, hash TEXT NOT NULL, guest TEXT, expires_at_ms INTEGER NOT NULL, cut_at_ms INTEGER);
  CREATE UNIQUE INDEX IF NOT EXISTS visits_by_hash ON visits (hash);
  CREATE INDEX IF NOT EXISTS visits_by_expiry ON visits (expires_at_ms);
  CREATE INDEX IF NOT EXISTS visits_by_cut ON visits (cut_at_ms) WHERE cut_at_ms IS NOT NULL;
`;

const OPEN_TICKET = 'SELECT 1 FROM tickets WHERE hash = ? AND expires_at_ms > ?';
const OPEN_VISIT = `SELECT 1 FROM visits WHERE hash = ? AND expires_at_ms > ? AND (cut_at_ms IS NULL OR cut_at_ms > ?)`;

/** Not used yet; far above what a minute of arrivals needs. */
const TICKETS_MAX = 50_000;
const SECRET_BYTES = 24;

/** Somebody who has come in. Without a guest: to read, as nobody in particular. */
export interface Visit {
  id: string;
  guest: Guest | null;
  expiresAtMs: number;
  /** Another one with each coming back. */
  sitting: string;
}

export class GuestBook {
  private readonly sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.sql = sql;
    sql.exec(SCHEMA);
    // A room from before there was this column.
    if (sql.exec("SELECT 1 FROM pragma_table_info('tickets') WHERE name = 'until_ms'").toArray().length === 0)
      sql.exec('ALTER TABLE tickets ADD COLUMN until_ms INTEGER');
  }

  /** Does this ticket or token open something? Nothing is used up by the question. */
  async isGood({ ticket, resume }: { ticket?: string | undefined; resume?: string | undefined }, nowMs: number) {
    if (resume !== undefined) return this.has(OPEN_VISIT, await hashOf(resume), nowMs, nowMs - RESUME_SECONDS * 1000);
    if (ticket !== undefined) return this.has(OPEN_TICKET, await hashOf(ticket), nowMs);
    return true;
  }

  /** `untilMs`: when the visit ends, if nothing ends it before. Null: too many are on their way. */
  async issueTicket(
    { guest, untilMs }: { guest: Guest | null; untilMs: number | null },
    nowMs: number,
  ): Promise<{ ticket: string; expiresAtMs: number } | null> {
    const ticket = `rk_${newSecret()}`;
    const hash = await hashOf(ticket);
    this.sql.exec('DELETE FROM tickets WHERE expires_at_ms <= ?', nowMs);
    const { count } = this.sql.exec<{ count: number }>('SELECT COUNT(*) AS count FROM tickets').one();
    if (count >= TICKETS_MAX) return null;
    const expiresAtMs = nowMs + TICKET_SECONDS * 1000;
    this.sql.exec(
      'INSERT INTO tickets VALUES (?, ?, ?, ?)',
      hash,
      expiresAtMs,
      guest && JSON.stringify(guest),
      untilMs,
    );
    return { ticket, expiresAtMs };
  }

  /** Uses the ticket up: a visit begins. Null: it is not ours, was used, or has run out. */
  async enter(ticket: string, nowMs: number): Promise<{ visit: Visit; resumeToken: string } | null> {
    const [hash, token] = await Promise.all([hashOf(ticket), newToken()]);
    const [row] = this.sql
      .exec<{ guest: string | null; expires_at_ms: number; until_ms: number | null }>(
        'DELETE FROM tickets WHERE hash = ? RETURNING guest, expires_at_ms, until_ms',
        hash,
      )
      .toArray();
    if (!row || row.expires_at_ms <= nowMs) return null;
    return this.begin({ guest: row.guest && JSON.parse(row.guest), untilMs: row.until_ms }, token, nowMs);
  }

  /** Without a ticket, to read until then. */
  async enterUntil(untilMs: number, nowMs: number): Promise<{ visit: Visit; resumeToken: string }> {
    return this.begin({ guest: null, untilMs }, await newToken(), nowMs);
  }

  /** The visit goes on under a new token. Null: it has ended, or was cut too long ago. */
  async resume(token: string, nowMs: number): Promise<{ visit: Visit; resumeToken: string; wasOpen: boolean } | null> {
    const [hash, { resumeToken, tokenHash }] = await Promise.all([hashOf(token), newToken()]);
    const wasOpen = this.has('SELECT 1 FROM visits WHERE hash = ? AND cut_at_ms IS NULL', hash);
    const [row] = this.sql
      .exec<VisitRow>(
        `UPDATE visits SET hash = ?1, cut_at_ms = NULL
         WHERE hash = ?2 AND expires_at_ms > ?3 AND (cut_at_ms IS NULL OR cut_at_ms > ?4) RETURNING *`,
        tokenHash,
        hash,
        nowMs,
        nowMs - RESUME_SECONDS * 1000,
      )
      .toArray();
    return row ? { visit: toVisit(row), resumeToken, wasOpen } : null;
  }

  /** The socket of this sitting is gone; the visit may come back for a while, if it has not already. */
  cut(sitting: string, nowMs: number): void {
    this.sql.exec('UPDATE visits SET cut_at_ms = ? WHERE hash = ? AND cut_at_ms IS NULL', nowMs, sitting);
  }

  /** Null: it has ended. */
  find(visitId: string, nowMs: number): Visit | null {
    const [row] = this.sql
      .exec<VisitRow>('SELECT * FROM visits WHERE id = ? AND expires_at_ms > ?', visitId, nowMs)
      .toArray();
    return row ? toVisit(row) : null;
  }

  end(visitId: string): void {
    this.sql.exec('DELETE FROM visits WHERE id = ?', visitId);
  }

  /** Neither their tickets nor their resume tokens open anything any more. Null: everybody's. */
  turnAway(whose: Whose | null): void {
    const { userId = null, holder = null } = whose ?? {};
    for (const table of ['tickets', 'visits']) {
      this.sql.exec(
        `DELETE FROM ${table} WHERE ?1 OR ((?2 IS NULL OR guest ->> 'id' = ?2) AND (?3 IS NULL OR guest ->> 'holder' = ?3))`,
        whose === null ? 1 : 0,
        userId,
        holder,
      );
    }
  }

  /** They follow the channel since then, or no longer. */
  followed(userId: string, followedAtMs: number | null): void {
    for (const table of ['tickets', 'visits']) {
      this.sql.exec(
        `UPDATE ${table} SET guest = json_set(guest, '$.followedAtMs', ?1) WHERE guest ->> 'id' = ?2`,
        followedAtMs,
        userId,
      );
    }
  }

  private begin(
    { guest, untilMs }: { guest: Guest | null; untilMs: number | null },
    { resumeToken, tokenHash }: { resumeToken: string; tokenHash: string },
    nowMs: number,
  ): { visit: Visit; resumeToken: string } {
    const ends = [guest?.expiresAtMs, untilMs, nowMs + VISIT_HOURS_MAX * 3_600_000].filter((atMs) => atMs != null);
    const visit = { id: crypto.randomUUID(), guest, expiresAtMs: Math.min(...ends), sitting: tokenHash };
    const kept = guest && JSON.stringify(guest);
    this.sql.exec('INSERT INTO visits VALUES (?, ?, ?, ?, NULL)', visit.id, tokenHash, kept, visit.expiresAtMs);
    return { visit, resumeToken };
  }

  /** When the next visit runs out; null: there is none. */
  nextExpiryMs(): number | null {
    return this.sql.exec<{ at_ms: number | null }>('SELECT MIN(expires_at_ms) AS at_ms FROM visits').one().at_ms;
  }

  /** Forgets what has run out. */
  sweep(nowMs: number): void {
    this.sql.exec('DELETE FROM visits WHERE expires_at_ms <= ?', nowMs);
    this.sql.exec('DELETE FROM visits WHERE cut_at_ms <= ?', nowMs - RESUME_SECONDS * 1000);
    this.sql.exec('DELETE FROM tickets WHERE expires_at_ms <= ?', nowMs);
  }

  private has(query: string, ...values: (string | number)[]): boolean {
    return this.sql.exec(query, ...values).toArray().length > 0;
  }
}

type VisitRow = { id: string; hash: string; guest: string | null; expires_at_ms: number };

const toVisit = ({ id, hash, guest, expires_at_ms }: VisitRow): Visit => ({
  id,
  guest: guest === null ? null : JSON.parse(guest),
  expiresAtMs: expires_at_ms,
  sitting: hash,
});

async function newToken(): Promise<{ resumeToken: string; tokenHash: string }> {
  const resumeToken = `rr_${newSecret()}`;
  return { resumeToken, tokenHash: await hashOf(resumeToken) };
}

const newSecret = (): string => hex(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));

const hashOf = async (secret: string): Promise<string> =>
  hex(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret))));

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
