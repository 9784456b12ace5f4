// What one person alone is told, as if everybody were: lines of somebody who is held without knowing it, numbered like all others.
import { withoutPeople } from '../../src/domain/chat/forgetting.ts';
import type { MessageKeys, SendFacts } from '../../src/domain/chat/inputs.ts';
import { ENOUGH_LINES } from '../../src/domain/chat/judging.ts';
import { sameness } from '../../src/domain/chat/modes.ts';
import type { RoomEvent } from '../../src/protocol/chat/events.ts';
import { Message } from '../../src/protocol/chat/message.ts';
import type { MessageId, UserId } from '../../src/protocol/ids.ts';
import { type Pruning, prune } from './pruning.ts';
import { quoteOf } from './quote.ts';
import type { Asked } from './said.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS own_events (
    seq INTEGER PRIMARY KEY, author_id TEXT, at_ms INTEGER NOT NULL, frame TEXT NOT NULL,
    message_id TEXT, client_id TEXT, sameness TEXT, is_removed INTEGER NOT NULL);
  CREATE INDEX IF NOT EXISTS own_events_by_author ON own_events (author_id, client_id);
  CREATE INDEX IF NOT EXISTS own_events_by_message ON own_events (message_id) WHERE message_id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS own_events_about ON own_events (frame ->> '$.replyTo.id');
  CREATE INDEX IF NOT EXISTS own_events_with_words ON own_events (at_ms) WHERE author_id IS NOT NULL;
`;

/** What an author's own lines change about what the room knows of them. */
type OwnFacts = Pick<SendFacts, 'earlier' | 'replyTo' | 'lastSentAtMs' | 'linesBefore' | 'wasSaidBefore'>;

/** Of one person's lines; each is small. */
const LISTED_MAX = 1000;

const NONE: OwnFacts = { earlier: null, replyTo: null, lastSentAtMs: null, linesBefore: 0, wasSaidBefore: false };

const THEIR_LINES = 'WHERE author_id = ? AND client_id IS NOT NULL';

export class OwnEvents {
  private readonly sql: SqlStorage;
  /** In most rooms nobody is held without knowing it: nothing is read then for each line that is said. */
  private hasAny: boolean;

  constructor(sql: SqlStorage) {
    this.sql = sql;
    sql.exec(SCHEMA);
    this.hasAny = sql.exec('SELECT 1 FROM own_events LIMIT 1').toArray().length > 0;
  }

  append(event: RoomEvent, authorId: UserId, keys: MessageKeys | null): void {
    this.hasAny = true;
    this.sql.exec(
      'INSERT INTO own_events VALUES (?, ?, ?, ?, ?, ?, ?, 0)',
      event.seq,
      authorId,
      Date.parse(event.kind === 'message' ? event.sentAt : event.at),
      JSON.stringify(event),
      event.kind === 'message' ? event.id : null,
      keys?.clientId ?? null,
      keys?.sameness ?? null,
    );
  }

  facts(authorId: UserId, ask: Asked): OwnFacts {
    if (!this.hasAny) return NONE;
    const lines = this.sql
      .exec<{ at_ms: number }>(
        `SELECT at_ms FROM own_events ${THEIR_LINES} ORDER BY seq DESC LIMIT ?`,
        authorId,
        ENOUGH_LINES,
      )
      .toArray();
    if (lines.length === 0) return NONE;
    const [earlier] = this.sql
      .exec<{ seq: number; id: MessageId }>(
        'SELECT seq, message_id AS id FROM own_events WHERE author_id = ? AND client_id = ?',
        authorId,
        ask.clientId,
      )
      .toArray();
    const same = `SELECT 1 FROM own_events ${THEIR_LINES} AND sameness = ? LIMIT 1`;
    const quoted = ask.replyTo === undefined ? null : this.message(ask.replyTo, authorId);
    return {
      earlier: earlier ?? null,
      replyTo: quoted && quoteOf(quoted),
      lastSentAtMs: lines[0]!.at_ms,
      linesBefore: lines.length,
      wasSaidBefore: this.sql.exec(same, authorId, sameness(ask.text)).toArray().length > 0,
    };
  }

  /** Their line, as they see it; null: it is not theirs alone, or they have taken it back. */
  message(id: MessageId, authorId: UserId): Message | null {
    const [row] = this.sql
      .exec<{ frame: string }>(
        'SELECT frame FROM own_events WHERE message_id = ? AND author_id = ? AND is_removed = 0',
        id,
        authorId,
      )
      .toArray();
    return row ? Message.parse(JSON.parse(row.frame)) : null;
  }

  /** Was it a line of theirs that they alone are shown, or were until they took it back? */
  knows(id: MessageId, authorId: UserId): boolean {
    const line = 'SELECT 1 FROM own_events WHERE message_id = ? AND author_id = ?';
    return this.sql.exec(line, id, authorId).toArray().length > 0;
  }

  /** All that they alone are shown, the newest of it where it is much. */
  messagesOf(authorId: UserId): Message[] {
    return this.sql
      .exec<{ frame: string }>(
        `SELECT frame FROM own_events ${THEIR_LINES} AND is_removed = 0 ORDER BY seq DESC LIMIT ?`,
        authorId,
        LISTED_MAX,
      )
      .toArray()
      .map(({ frame }) => Message.parse(JSON.parse(frame)));
  }

  /** Gone for its author too, as itself and in what answers it. */
  remove(id: MessageId): void {
    this.sql.exec("UPDATE own_events SET is_removed = 1, frame = '{}', sameness = NULL WHERE message_id = ?", id);
    this.sql.exec(
      "UPDATE own_events SET frame = json_set(frame, '$.replyTo', json('null')) WHERE frame ->> '$.replyTo.id' = ?",
      id,
    );
  }

  /** The numbers stay: nobody else gets them. */
  forget(ids: readonly UserId[]): void {
    for (const id of ids) {
      this.sql.exec(`${EMPTIED} WHERE author_id = ?`, id);
      const rows = this.sql.exec<{ seq: number; frame: string }>(
        'SELECT seq, frame FROM own_events WHERE instr(frame, ?) > 0',
        id,
      );
      for (const { seq, frame } of rows.toArray()) {
        const event = withoutPeople(JSON.parse(frame), ids);
        this.sql.exec('UPDATE own_events SET frame = ? WHERE seq = ?', JSON.stringify(event), seq);
      }
    }
  }

  /** As the log is pruned. The newest number stays, without its words. */
  prune(pruning: Pruning): void {
    if (!this.hasAny) return;
    this.sql.exec(`${EMPTIED} WHERE author_id IS NOT NULL AND at_ms < ?`, pruning.beforeMs);
    prune(this.sql, { table: 'own_events' }, pruning);
  }
}

const EMPTIED = `UPDATE own_events
  SET author_id = NULL, message_id = NULL, client_id = NULL, sameness = NULL, frame = '{}', is_removed = 1`;
