// What moderators ask of a room: take a message away, decide about a line that is held.
import type { Caller, Moderator } from '../../src/domain/chat/guest.ts';
import type { RoomInput } from '../../src/domain/chat/inputs.ts';
import type { ToldRestraint } from '../../src/domain/chat/restraint.ts';
import type { Named } from '../../src/domain/chat/speaker.ts';
import type { Ban } from '../../src/protocol/bans.ts';
import type { DecideHeld, HeldDecision } from '../../src/protocol/chat/held.ts';
import type { Message } from '../../src/protocol/chat/message.ts';
import type { MessageId, StreamId, UserId } from '../../src/protocol/ids.ts';
import type { Refusal } from '../../src/protocol/origin.ts';
import type { RoomKeeper } from './keeper.ts';
import { removeTargetOf } from './people.ts';
import { NOT_DECIDED, refusalIn } from './refusals.ts';

/** Recent messages of one person that a ban takes along, and how many one event names. */
const REMOVED_MAX = 1000;
const REMOVED_AT_ONCE = 100;

/** A ban, or its end, as a room is told. */
export interface Restraining extends ToldRestraint {
  userId: UserId;
  removeMessages: boolean;
  /** As moderators are shown it; `ban` null: it was lifted. Missing: they hear nothing of it. */
  shown?: { user: Named; ban: Ban | null };
}

export function restrain(
  keeper: RoomKeeper,
  by: Moderator,
  { userId, removeMessages, shown, ...told }: Restraining,
): void {
  keeper.restraints.put(userId, told);
  const waiting = told.restraint?.effect === 'refuse' ? keeper.held.waitingOf(userId) : [];
  const ids = removeMessages ? keeper.log.messageIdsOf(userId, REMOVED_MAX) : [];
  if (waiting.length > 0) keeper.receive({ type: 'banned', by, userId, messageIds: [], waiting }, by);
  for (let from = 0; from < ids.length; from += REMOVED_AT_ONCE) {
    const messageIds = ids.slice(from, from + REMOVED_AT_ONCE);
    keeper.receive({ type: 'banned', by, userId, messageIds, waiting: [] }, by);
  }
  if (shown) keeper.desk.restrained(by, { ...told, ...shown });
}

/** What was said under this id, as this person sees it. */
export const said = ({ log }: RoomKeeper, id: MessageId, userId: UserId): Message | null =>
  log.own.message(id, userId) ?? log.message(id);

/** What is to be removed, whoever wants it. */
export type Removal = Omit<Extract<RoomInput, { type: 'remove' }>, 'speaker'>;

/** `askerId`: for whom it may be there although nobody else sees it. */
export async function removalOf(
  { db, keeper: { log, held } }: { db: D1Database; keeper: RoomKeeper },
  { streamId, messageId, askerId }: { streamId: StreamId; messageId: MessageId; askerId: UserId },
): Promise<Removal> {
  if (!log.knows(messageId) && log.own.message(messageId, askerId)) {
    const line = held.find(messageId);
    const unheard = { waiting: line && !line.decision ? line : null };
    return { type: 'remove', messageId, target: { authorId: askerId, roles: ['viewer'], unheard } };
  }
  const found = await removeTargetOf({ db, log }, { streamId, id: messageId });
  // Somebody else may have been faster while the roles were looked up.
  const target = log.knows(messageId) && !log.message(messageId) ? null : found;
  return { type: 'remove', messageId, target };
}

/** The first to decide has decided. */
export function decide(
  keeper: RoomKeeper,
  caller: Caller,
  { messageId, decision, reason }: DecideHeld & { messageId: MessageId },
): { ok: true; decision: HeldDecision } | Refusal {
  const held = keeper.held.findNow(messageId, (id) => keeper.log.quoted(id));
  const outputs = keeper.receive({ type: 'decide', speaker: caller, held, decision, reason: reason ?? null }, caller);
  const decided = outputs.find((output) => output.type === 'decided');
  return decided ? { ok: true, decision: decided.decision } : (refusalIn(outputs) ?? { ok: false, ...NOT_DECIDED });
}
