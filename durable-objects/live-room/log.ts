// The room's own log, in SQLite: every event under its number, as it is sent; and by what a message is found again.
import { withoutPeople } from '../../src/domain/chat/forgetting.ts';
import type { MessageKeys, SendFacts } from '../../src/domain/chat/inputs.ts';
import { ENOUGH_LINES } from '../../src/domain/chat/judging.ts';
import { sameness } from '../../src/domain/chat/modes.ts';
import type { AuditEntry } from '../../src/protocol/audit.ts';
import type { RoomEvent } from '../../src/protocol/chat/events.ts';
import { Message, type ReplyTo } from '../../src/protocol/chat/message.ts';
import type { MessageId, UserId } from '../../src/protocol/ids.ts';
import { aboutOf, LOG_SCHEMA } from './log-schema.ts';

/** Of a message, in what answers it. */
const QUOTED_CHARACTERS = 140;

export interface LoggedFrame {
  seq: number;
  /** As it is sent. */
  frame: string;
}

/** What has to go to the archive. */
export interface Unarchived {
  seq: number;
  event: RoomEvent;
  trace: AuditEntry | null;
}

export class RoomLog {
  private readonly sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.sql = sql;
    sql.exec(LOG_SCHEMA);
  }

  /** The number of the newest event; 0: nothing has happened. */
  get seq(): number {
    return this.sql.exec<{ seq: number | null }>('SELECT MAX(seq) AS seq FROM events').one().seq ?? 0;
  }

  /** When the newest event happened; 0: nothing has. */
  get lastAtMs(): number {
    const [row] = this.sql.exec<{ at_ms: number }>('SELECT at_ms FROM events ORDER BY seq DESC LIMIT 1').toArray();
    return row?.at_ms ?? 0;
  }

  /** Stores an event, and gives back what is sent of it. What it removes is never sent again. */
  append(event: RoomEvent, keys: MessageKeys | null, trace: AuditEntry | null) {
    const frame = JSON.stringify(event);
    this.sql.exec(
      'INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?)',
      event.seq,
      event.kind,
      Date.parse(event.kind === 'message' ? event.sentAt : event.at),
      frame,
      event.kind === 'message' ? event.id : null,
      aboutOf(event),
      keys?.authorId ?? null,
      keys?.clientId ?? null,
      keys?.sameness ?? null,
      trace && JSON.stringify(trace),
    );
    if (event.kind === 'removed') for (const id of event.messageIds) this.remove(id);
    return { seq: event.seq, frame } satisfies LoggedFrame;
  }

  /** What came after `seq`, oldest first; at most `limit`. */
  after(seq: number, limit: number): LoggedFrame[] {
    return this.sql
      .exec<{ seq: number; frame: string }>(
        'SELECT seq, frame FROM events WHERE seq > ? AND is_removed = 0 ORDER BY seq LIMIT ?',
        seq,
        limit,
      )
      .toArray();
  }

  /** The newest, oldest first. */
  newest(limit: number): LoggedFrame[] {
    return this.sql
      .exec<{ seq: number; frame: string }>(
        'SELECT seq, frame FROM events WHERE is_removed = 0 ORDER BY seq DESC LIMIT ?',
        limit,
      )
      .toArray()
      .reverse();
  }

  atMsOf(seq: number): number {
    return this.sql.exec<{ at_ms: number }>('SELECT at_ms FROM events WHERE seq = ?', seq).one().at_ms;
  }

  get hasUnarchived(): boolean {
    return this.sql.exec('SELECT 1 FROM events WHERE is_archived = 0 LIMIT 1').toArray().length > 0;
  }

  /** Is there more than the newest event, which stays? */
  get hasOld(): boolean {
    return this.sql.exec('SELECT 1 FROM events LIMIT 2').toArray().length > 1;
  }

  /** Has nothing after this number been cut off the log? */
  reachesBackTo(seq: number): boolean {
    const { oldest } = this.sql.exec<{ oldest: number | null }>('SELECT MIN(seq) AS oldest FROM events').one();
    return oldest === null || seq >= oldest - 1;
  }

  facts(authorId: UserId, ask: { clientId: string; text: string; replyTo?: MessageId | undefined }) {
    return {
      earlier: this.earlier(authorId, ask.clientId),
      replyTo: ask.replyTo === undefined ? null : this.quoted(ask.replyTo),
      lastSentAtMs: this.lastSentAtMsOf(authorId),
      linesBefore: this.linesOf(authorId, ENOUGH_LINES),
      wasSaidBefore: this.has('SELECT 1 FROM events WHERE sameness = ? LIMIT 1', sameness(ask.text)),
    } satisfies Partial<SendFacts>;
  }

  /** A message that is there to be seen. */
  message(id: MessageId): Message | null {
    const [row] = this.sql.exec<{ frame: string }>(
      'SELECT frame FROM events WHERE message_id = ? AND is_removed = 0',
      id,
    );
    return row ? Message.parse(JSON.parse(row.frame)) : null;
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

  /** The numbers of these messages. */
  seqsOf(ids: readonly MessageId[]): number[] {
    return ids.flatMap((id) =>
      this.sql
        .exec<{ seq: number }>('SELECT seq FROM events WHERE message_id = ?', id)
        .toArray()
        .map(({ seq }) => seq),
    );
  }

  /** Is it in this log, removed or not? */
  knows(id: MessageId): boolean {
    return this.has('SELECT 1 FROM events WHERE message_id = ?', id);
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

  /** Drops what is archived and older, or more than so many events back. The newest stays: the numbers go on from it. */
  prune({ beforeMs, keptEvents }: { beforeMs: number; keptEvents: number }): void {
    this.sql.exec(
      `DELETE FROM events WHERE is_archived = 1 AND seq < (SELECT MAX(seq) FROM events)
       AND (at_ms < ? OR seq <= (SELECT MAX(seq) FROM events) - ?)`,
      beforeMs,
      keptEvents,
    );
  }

  /** Their words stay, without an author. */
  forget(ids: readonly UserId[]): void {
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
    this.sql.exec("UPDATE events SET is_removed = 1 WHERE message_id = ?1 OR (about_id = ?1 AND kind = 'pin')", id);
    this.sql.exec(
      "UPDATE events SET frame = json_set(frame, '$.replyTo', json('null')) WHERE about_id = ? AND kind = 'message' AND frame <> '{}'",
      id,
    );
  }

  private earlier(authorId: UserId, clientId: string): { seq: number; id: MessageId } | null {
    const [row] = this.sql.exec<{ seq: number; message_id: string }>(
      'SELECT seq, message_id FROM events WHERE author_id = ? AND client_id = ?',
      authorId,
      clientId,
    );
    return row ? { seq: row.seq, id: row.message_id as MessageId } : null;
  }

  private lastSentAtMsOf(authorId: UserId): number | null {
    const [row] = this.sql.exec<{ at_ms: number }>(
      'SELECT at_ms FROM events WHERE author_id = ? ORDER BY seq DESC LIMIT 1',
      authorId,
    );
    return row?.at_ms ?? null;
  }

  private linesOf(authorId: UserId, max: number): number {
    return this.sql.exec('SELECT 1 FROM events WHERE author_id = ? LIMIT ?', authorId, max).toArray().length;
  }

  /** As an answer to it carries it; null: it is gone. */
  quoted(id: MessageId): ReplyTo | null {
    const message = this.message(id);
    if (!message) return null;
    const { author, text } = message;
    return {
      id,
      author: author && { id: author.id, handle: author.handle, name: author.name },
      text: [...text].slice(0, QUOTED_CHARACTERS).join(''),
    };
  }

  private has(query: string, value: string): boolean {
    return this.sql.exec(query, value).toArray().length > 0;
  }
}
