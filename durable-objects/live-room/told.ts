// Everything that anybody is told, in one order: the events of the log, and what single people are told alone.
import type { UserId } from '../../src/protocol/ids.ts';
import type { LoggedFrame } from './log-schema.ts';

/** Two tables that are each read by their number and then put together: as one view they would be read whole and sorted. */
const EVENTS = `SELECT seq, frame, NULL AS onlyFor,
    (SELECT author_id FROM own_events WHERE own_events.message_id = events.message_id) AS notFor
  FROM events WHERE is_removed = 0`;
const OWN = 'SELECT seq, frame, author_id AS onlyFor, NULL AS notFor FROM own_events WHERE is_removed = 0';
/** Who has been told it before, alone. */
const NOT_TOLD_BEFORE =
  'NOT EXISTS (SELECT 1 FROM own_events AS own WHERE own.message_id = events.message_id AND own.author_id = ?)';

type ToldRow = { seq: number; frame: string; onlyFor: UserId | null; notFor: UserId | null };

export class Told {
  private readonly sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.sql = sql;
  }

  /** What came after `seq`, oldest first; at most `limit`. Not all of it is for everybody. */
  after(seq: number, limit: number): LoggedFrame[] {
    const rest = 'AND seq > ? ORDER BY seq LIMIT ?';
    return inOrder(this.read(`${EVENTS} ${rest}`, seq, limit), this.read(`${OWN} ${rest}`, seq, limit)).slice(0, limit);
  }

  /** The same, of what is for this reader; null: somebody who is nobody in particular. */
  afterFor(reader: UserId | null, seq: number, limit: number): LoggedFrame[] {
    const rest = 'AND seq > ? ORDER BY seq LIMIT ?';
    if (reader === null) return this.read(`${EVENTS} ${rest}`, seq, limit);
    return inOrder(
      this.read(`${EVENTS} AND ${NOT_TOLD_BEFORE} ${rest}`, reader, seq, limit),
      this.read(`${OWN} AND author_id = ? ${rest}`, reader, seq, limit),
    ).slice(0, limit);
  }

  /** The newest that is for this reader, oldest first. */
  newestFor(reader: UserId | null, limit: number): LoggedFrame[] {
    const rest = 'ORDER BY seq DESC LIMIT ?';
    if (reader === null) return this.read(`${EVENTS} ${rest}`, limit).reverse();
    return inOrder(
      this.read(`${EVENTS} AND ${NOT_TOLD_BEFORE} ${rest}`, reader, limit),
      this.read(`${OWN} AND author_id = ? ${rest}`, reader, limit),
    ).slice(-limit);
  }

  atMsOf(seq: number): number {
    const [event] = this.sql.exec<{ at_ms: number }>('SELECT at_ms FROM events WHERE seq = ?', seq).toArray();
    return (
      event?.at_ms ?? this.sql.exec<{ at_ms: number }>('SELECT at_ms FROM own_events WHERE seq = ?', seq).one().at_ms
    );
  }

  /** Is there more than the newest, which stays? */
  get hasOld(): boolean {
    const some = (table: string) => this.sql.exec(`SELECT 1 FROM ${table} LIMIT 2`).toArray().length;
    return some('events') + some('own_events') > 1;
  }

  private read(query: string, ...values: (string | number)[]): LoggedFrame[] {
    return this.sql.exec<ToldRow>(query, ...values).toArray();
  }
}

const inOrder = (...lists: LoggedFrame[][]): LoggedFrame[] => lists.flat().sort((one, other) => one.seq - other.seq);
