// What somebody has said in a room before, as the rules want to know it when they say something again.
import type { SendFacts } from '../../src/domain/chat/inputs.ts';
import { ENOUGH_LINES } from '../../src/domain/chat/judging.ts';
import { sameness } from '../../src/domain/chat/modes.ts';
import type { ReplyTo } from '../../src/protocol/chat/message.ts';
import type { MessageId, UserId } from '../../src/protocol/ids.ts';
import type { OwnEvents } from './own-events.ts';

export interface Asked {
  clientId: string;
  text: string;
  replyTo?: MessageId | undefined;
}

type Said = Pick<
  SendFacts,
  'earlier' | 'replyTo' | 'isReplyUnheard' | 'lastSentAtMs' | 'linesBefore' | 'wasSaidBefore'
>;

/** Said, and not let through later: what a moderator approved was said when its author said it. */
const SAID_TO_ALL = `WHERE author_id = ?
  AND NOT EXISTS (SELECT 1 FROM own_events WHERE own_events.message_id = events.message_id)`;

/** What they alone are shown counts for them like all else. */
export function said(
  sql: SqlStorage,
  about: { authorId: UserId; ask: Asked; log: { own: OwnEvents; quoted(id: MessageId): ReplyTo | null } },
): Said {
  const { authorId, ask, log } = about;
  const own = log.own.facts(authorId, ask);
  const [earlier] = sql
    .exec<{ seq: number; id: MessageId }>(
      'SELECT seq, message_id AS id FROM events WHERE author_id = ? AND client_id = ?',
      authorId,
      ask.clientId,
    )
    .toArray();
  const lines = sql
    .exec<{ at_ms: number }>(
      `SELECT at_ms FROM events ${SAID_TO_ALL} ORDER BY seq DESC LIMIT ?`,
      authorId,
      ENOUGH_LINES,
    )
    .toArray();
  const same = sql.exec('SELECT 1 FROM events WHERE sameness = ? LIMIT 1', sameness(ask.text)).toArray();
  return {
    earlier: own.earlier ?? earlier ?? null,
    replyTo: own.replyTo ?? (ask.replyTo === undefined ? null : log.quoted(ask.replyTo)),
    isReplyUnheard: own.replyTo !== null,
    lastSentAtMs: later(own.lastSentAtMs, lines[0]?.at_ms ?? null),
    linesBefore: Math.min(ENOUGH_LINES, own.linesBefore + lines.length),
    wasSaidBefore: own.wasSaidBefore || same.length > 0,
  };
}

const later = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.max(one, other);
