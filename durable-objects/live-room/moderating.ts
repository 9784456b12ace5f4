// What moderators ask of a room: take a message away, decide about a line that is held.
import type { Caller, Guest, Moderator } from '../../src/domain/chat/guest.ts';
import type { RoomInput } from '../../src/domain/chat/inputs.ts';
import { mentionsIn } from '../../src/domain/chat/mentions.ts';
import type { ToldRestraint } from '../../src/domain/chat/restraint.ts';
import type { DecideHeld, HeldDecision } from '../../src/protocol/chat/held.ts';
import type { Message } from '../../src/protocol/chat/message.ts';
import type { MessageId, StreamId, UserId } from '../../src/protocol/ids.ts';
import type { Refusal } from '../../src/protocol/origin.ts';
import type { RoomKeeper } from './keeper.ts';
import type { RoomLog } from './log.ts';
import { removeTargetOf } from './people.ts';
import { NOT_DECIDED, refusalIn } from './refusals.ts';

/** Recent messages of one person that a ban takes along, and how many one event names. */
const REMOVED_MAX = 1000;
const REMOVED_AT_ONCE = 100;

/** A ban, or its end, as a room is told. */
export interface Restraining extends ToldRestraint {
  userId: UserId;
  removeMessages: boolean;
}

export function restrain(keeper: RoomKeeper, by: Moderator, { userId, removeMessages, ...told }: Restraining): void {
  keeper.restraints.put(userId, told);
  const waiting = told.restraint?.effect === 'refuse' ? keeper.held.waitingOf(userId) : [];
  const ids = removeMessages ? keeper.log.messageIdsOf(userId, REMOVED_MAX) : [];
  if (waiting.length > 0) keeper.receive({ type: 'banned', by, userId, messageIds: [], waiting }, by);
  for (let from = 0; from < ids.length; from += REMOVED_AT_ONCE) {
    const messageIds = ids.slice(from, from + REMOVED_AT_ONCE);
    keeper.receive({ type: 'banned', by, userId, messageIds, waiting: [] }, by);
  }
}

/** What its author is told was said: what everybody sees, or what waits without their knowing. */
export function said(keeper: RoomKeeper, id: MessageId): Message | null {
  const message = keeper.log.message(id);
  const held = message ? null : keeper.held.find(id);
  if (!held || held.decision) return message;
  const { text: _text, shown, reason: _reason, score: _score, heldAt, expiresAt: _expiresAt, ...line } = held.line;
  return { ...line, seq: null, text: shown, sentAt: heldAt, mentions: mentionsIn(shown) };
}

export async function removeInput(
  { db, log }: { db: D1Database; log: RoomLog },
  { streamId, speaker, messageId }: { streamId: StreamId; speaker: Guest; messageId: MessageId },
): Promise<RoomInput> {
  const found = await removeTargetOf({ db, log }, { streamId, id: messageId });
  // Somebody else may have been faster while the roles were looked up.
  const target = log.knows(messageId) && !log.message(messageId) ? null : found;
  return { type: 'remove', speaker, messageId, target };
}

/** The first to decide has decided. */
export function decide(
  keeper: RoomKeeper,
  caller: Caller,
  { messageId, decision, reason }: DecideHeld & { messageId: MessageId },
): { ok: true; decision: HeldDecision } | Refusal {
  const held = keeper.heldLine(messageId);
  const outputs = keeper.receive({ type: 'decide', speaker: caller, held, decision, reason: reason ?? null }, caller);
  const decided = outputs.find((output) => output.type === 'decided');
  return decided ? { ok: true, decision: decided.decision } : (refusalIn(outputs) ?? { ok: false, ...NOT_DECIDED });
}
