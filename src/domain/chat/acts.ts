// Of the traces that a room leaves, those that belong on the card of a person: what was done about their words.
import type { AuditAction, AuditEntry } from '../../protocol/audit.ts';

/** An act about somebody, as it is kept. */
export interface PersonAct {
  id: string;
  /** Null: whoever said `messageId`. */
  userId: string | null;
  /** Where: on the channel of this stream, or on this channel; both null: everywhere. */
  streamId: string | null;
  channelId: string | null;
  action: AuditAction;
  atMs: number;
  byId: string | null;
  reason: string | null;
  messageId: string | null;
  untilMs: number | null;
}

const ABOUT_LINES: readonly AuditAction[] = ['message.held', 'message.approved', 'message.denied', 'message.expired'];

/** Null: it is no act about somebody. */
export function actOf({ id, action, atMs, actor, target, after, reason }: AuditEntry): PersonAct | null {
  const streamId = textOf(after?.streamId);
  const userId = userIn(action, { target, after });
  if (streamId === null || userId === undefined) return null;
  return {
    id,
    userId,
    streamId,
    channelId: null,
    action,
    atMs,
    byId: actor.kind === 'user' && !isByItself(action) ? actor.id : null,
    reason: reason ?? textOf(after?.heldFor),
    messageId: target?.type === 'message' ? target.id : null,
    untilMs: null,
  };
}

/** Undefined: nobody whom a card could be about. */
function userIn(action: AuditAction, { target, after }: Pick<AuditEntry, 'target' | 'after'>) {
  if (ABOUT_LINES.includes(action)) return textOf(after?.authorId) ?? undefined;
  // What somebody takes back oneself is nobody's act about them.
  if (action !== 'message.removed' || after?.by !== 'moderator') return undefined;
  return target?.type === 'user' ? target.id : null;
}

/** A line is held by a judge, while its author sends it. */
const isByItself = (action: AuditAction): boolean => action === 'message.held' || action === 'message.expired';

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
