// The room's own log, in SQLite: every event under its number, as it is sent; and by what a message is found again.
import { announcementIn } from '../../src/domain/chat/announcing.ts';
import { withoutPeople } from '../../src/domain/chat/forgetting.ts';
import type { MessageKeys, RoomOutput } from '../../src/domain/chat/inputs.ts';
import type { AuditEntry } from '../../src/protocol/audit.ts';
import type { RoomEvent } from '../../src/protocol/chat/events.ts';
import { Message, type ReplyTo } from '../../src/protocol/chat/message.ts';
import type { MessageId, UserId } from '../../src/protocol/ids.ts';
import { clearLog } from './clearing-log.ts';
import { aboutOf, LOG_SCHEMA, type LoggedFrame } from './log-schema.ts';
import { OwnEvents } from './own-events.ts';
import { type Pruning, prune } from './pruning.ts';
import { quoteOf } from './quote.ts';
import { type Asked, said } from './said.ts';
import { Told } from './told.ts';

export type { LoggedFrame };

/** What has to go to the archive. */
export interface Unarchived {
  seq: number;
  event: RoomEvent;
  trace: AuditEntry | null;
}

export class RoomLog {
  readonly own: OwnEvents;
  readonly told: Told;
  private readonly sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.sql = sql;
    this.own = new OwnEvents(sql);
    sql.exec(LOG_SCHEMA);
    this.told = new Told(sql);
  }

  /** The number of the newest event; 0: nothing has happened. */
  get seq(): number {
    const { all, own } = this.sql
      .exec<{ all: number | null; own: number | null }>(
        'SELECT (SELECT MAX(seq) FROM events) AS "all", (SELECT MAX(seq) FROM own_events) AS own',
      )
      .one();
    return Math.max(all ?? 0, own ?? 0);
  }

  /** When the newest event happened; 0: nothing has. */
  get lastAtMs(): number {
    const [row] = this.sql.exec<{ at_ms: number }>('SELECT at_ms FROM events ORDER BY seq DESC LIMIT 1').toArray();
    return row?.at_ms ?? 0;
  }

  /** Stores an event, and gives back what is sent of it. What it removes is never sent again. */
  keep(output: Extract<RoomOutput, { type: 'toEverybody' | 'toAuthor' }>, trace: AuditEntry | null): LoggedFrame {
    const { event, keys } = output;
    const frame = JSON.stringify(event);
    if (output.type === 'toAuthor') this.own.append(event, output.authorId, keys);
    else this.append(event, frame, { keys, trace });
    if (event.kind === 'removed') for (const id of event.messageIds) this.remove(id);
    if (event.kind === 'cleared') clearLog(this.sql, event.upToSeq);
    const { seq } = event;
    return output.type === 'toAuthor'
      ? { seq, frame, onlyFor: output.authorId }
      : { seq, frame, notFor: output.notFor ?? null };
  }

  private append(
    event: RoomEvent,
    frame: string,
    { keys, trace }: { keys: MessageKeys | null; trace: AuditEntry | null },
  ) {
    this.sql.exec(
      'INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?)',
      event.seq,
      event.kind,
      Date.parse(event.kind === 'message' ? event.sentAt : event.at),
      frame,
      event.kind === 'message' || event.kind === 'announcement' ? (event.id ?? null) : null,
      aboutOf(event),
      keys?.authorId ?? null,
      keys?.clientId ?? null,
      keys?.sameness ?? null,
      trace && JSON.stringify(trace),
    );
  }

  get hasUnarchived(): boolean {
    return this.sql.exec('SELECT 1 FROM events WHERE is_archived = 0 LIMIT 1').toArray().length > 0;
  }

  /** Has nothing after this number been cut off the log? */
  reachesBackTo(seq: number): boolean {
    const { oldest } = this.sql.exec<{ oldest: number | null }>('SELECT MIN(seq) AS oldest FROM events').one();
    return oldest === null || seq >= oldest - 1;
  }

  /** What is known of somebody who wants to say this. */
  facts(authorId: UserId, ask: Asked) {
    return said(this.sql, { authorId, ask, log: this });
  }

  /** A message that is there to be seen, or what was announced. */
  message(id: MessageId): Message | null {
    const [row] = this.sql.exec<{ frame: string }>(
      'SELECT frame FROM events WHERE message_id = ? AND is_removed = 0',
      id,
    );
    if (!row) return null;
    const event: RoomEvent = JSON.parse(row.frame);
    return event.kind === 'announcement' ? announcementIn(event) : Message.parse(event);
  }

  /** What somebody has said and is there to be seen, the newest first. */
  messageIdsOf(authorId: UserId, limit: number): MessageId[] {
    return this.sql
      .exec<{ message_id: string }>(
        'SELECT message_id FROM events WHERE author_id = ? AND is_removed = 0 ORDER BY seq DESC LIMIT ?',
        authorId,
        limit,
      )
      .toArray()
      .map(({ message_id }) => message_id as MessageId);
  }
  /** Is it in this log, removed or not? */
  knows(id: MessageId): boolean {
    return this.sql.exec('SELECT 1 FROM events WHERE message_id = ?', id).toArray().length > 0;
  }

  unarchived(limit: number): Unarchived[] {
    return this.sql
      .exec<{ seq: number; frame: string; trace: string | null }>(
        'SELECT seq, frame, trace FROM events WHERE is_archived = 0 ORDER BY seq LIMIT ?',
        limit,
      )
      .toArray()
      .map(({ seq, frame, trace }) => ({ seq, event: JSON.parse(frame), trace: trace && JSON.parse(trace) }));
  }

  /** All up to this number are archived. Words that were removed are kept here no longer. */
  archived(upToSeq: number): void {
    this.sql.exec('UPDATE events SET is_archived = 1, trace = NULL WHERE seq <= ? AND is_archived = 0', upToSeq);
    this.sql.exec(
      "UPDATE events SET frame = '{}', sameness = NULL WHERE is_removed = 1 AND is_archived = 1 AND frame <> '{}'",
    );
  }

  /** What is not archived stays. */
  prune(pruning: Pruning): void {
    this.own.prune(pruning);
    prune(this.sql, { table: 'events', which: 'is_archived = 1' }, pruning);
  }

  /** Their words stay, without an author. */
  forget(ids: readonly UserId[]): void {
    this.own.forget(ids);
    for (const id of ids) {
      const rows = this.sql.exec<{ seq: number; frame: string }>(
        "SELECT seq, frame FROM events WHERE instr(frame, ?) > 0 AND frame <> '{}'",
        id,
      );
      for (const { seq, frame } of rows.toArray()) {
        const event = withoutPeople(JSON.parse(frame), ids);
        this.sql.exec('UPDATE events SET frame = ? WHERE seq = ?', JSON.stringify(event), seq);
      }
      this.sql.exec('UPDATE events SET author_id = NULL, client_id = NULL WHERE author_id = ?', id);
    }
  }

  /** Gone wherever it was shown: as itself, pinned, and in what answers it. */
  private remove(id: MessageId): void {
    this.own.remove(id);
    this.sql.exec("UPDATE events SET is_removed = 1 WHERE message_id = ?1 OR (about_id = ?1 AND kind = 'pin')", id);
    this.sql.exec(
      "UPDATE events SET frame = json_set(frame, '$.replyTo', json('null')) WHERE about_id = ? AND kind = 'message' AND frame <> '{}'",
      id,
    );
  }

  /** As an answer to it carries it; null: it is gone. */
  quoted(id: MessageId): ReplyTo | null {
    const message = this.message(id);
    return message && quoteOf(message);
  }
}
