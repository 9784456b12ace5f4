// The lines that wait for a moderator: what is told to whom, how many may wait, and that only one decides.
import type { HeldDecision, HeldLine } from '../../protocol/chat/held.ts';
import { HELD_LINES_MAX, HELD_LINES_OF_ONE_MAX, HOLD_SECONDS } from '../../protocol/chat/held.ts';
import { iso } from '../iso.ts';
import { mayActOn } from '../rank.ts';
import type { HeldState, RoomOutput, RoomTrace, SendFacts } from './inputs.ts';
import { type RoomRefusal, waitInWords } from './refusal.ts';
import { mayModerate, type Named, type Speaker } from './speaker.ts';

/** What a line is kept with, before it has a place in the order. */
export type LineToHold = Omit<HeldLine, 'heldAt' | 'expiresAt'>;

/** The line is kept for a while, or refused where too many wait already. */
export function hold(line: LineWithKeys, nowMs: number): RoomOutput[] {
  const { clientId } = line.keys;
  const full = refusedByQueue(line.waiting);
  if (full) return [{ type: 'refuse', refusal: full, clientId }];
  return [kept(line, { isShadow: false }, nowMs), { type: 'refuse', refusal: HELD, clientId }];
}

export interface LineWithKeys {
  line: LineToHold;
  keys: HeldState['keys'];
  waiting: SendFacts['waiting'];
}

export function kept({ line, keys }: LineWithKeys, { isShadow }: { isShadow: boolean }, nowMs: number): RoomOutput {
  const times = { heldAt: iso(nowMs), expiresAt: iso(nowMs + HOLD_SECONDS * 1000) };
  const held: HeldState = { line: { ...line, ...times }, keys, decision: null, isShadow };
  return { type: 'hold', held, trace: traceOf('message.held', held, line.reason) };
}

/** Said again under the same client id: the same answer, as long as there is one; null: it is said anew. */
export function toldAgain({ decision, keys: { clientId } }: HeldState): RoomOutput[] | null {
  if (!decision) return [{ type: 'refuse', refusal: HELD, clientId }];
  return decision.decision === 'denied' ? [{ type: 'refuse', refusal: DENIED, clientId }] : null;
}

/** Who may not decide, or comes too late; null: they may. */
export function refusedDecision(speaker: Speaker, held: HeldState | null): RoomRefusal | null {
  if (!mayModerate(speaker)) return NO_MODERATOR;
  if (!held) return NOTHING_HELD;
  if (held.decision) return { code: 'conflict', detail: `${inWords(held.decision)} Nothing is left to decide.` };
  // One's own is that of an equal.
  return mayActOn(speaker.roles, ['viewer', ...(held.line.author?.roles ?? [])]) ? null : OUT_OF_REACH;
}

export function denied(
  held: HeldState,
  { by, reason }: { by: Named; reason: string | null },
  nowMs: number,
): RoomOutput {
  const trace = traceOf('message.denied', held, reason);
  const decision = decisionOf(held, 'denied', by, nowMs);
  return { type: 'decided', held, decision, refusal: held.isShadow ? null : DENIED, trace };
}

export const expired = (held: HeldState, nowMs: number): RoomOutput => ({
  type: 'decided',
  held,
  decision: decisionOf(held, 'expired', null, nowMs),
  refusal: held.isShadow ? null : EXPIRED,
  trace: traceOf('message.expired', held, held.line.reason),
});

/** Beside the message itself, which goes to everybody with the trace. */
export const approved = (held: HeldState, by: Named, nowMs: number): RoomOutput => ({
  type: 'decided',
  held,
  decision: decisionOf(held, 'approved', by, nowMs),
  refusal: null,
  trace: null,
});

/** The words stay in the room; the log has whose they were, why they were held and who decided. */
export const traceOf = (
  action: 'message.held' | 'message.approved' | 'message.denied' | 'message.expired',
  { line: { id, streamId, author, reason: held, score } }: HeldState,
  reason: string | null,
): RoomTrace => ({
  action,
  target: { type: 'message', id },
  after: { streamId, authorId: author?.id ?? null, heldFor: held, score },
  reason,
});

const decisionOf = (
  { line }: HeldState,
  decision: HeldDecision['decision'],
  by: Named | null,
  nowMs: number,
): HeldDecision => ({
  id: line.id,
  decision,
  by: by && { id: by.id, handle: by.handle, name: by.name },
  at: iso(nowMs),
});

export function refusedByQueue({ all, own }: Pick<SendFacts['waiting'], 'all' | 'own'>): RoomRefusal | null {
  if (own >= HELD_LINES_OF_ONE_MAX) return TOO_MANY_OF_YOURS;
  return all >= HELD_LINES_MAX ? QUEUE_FULL : null;
}

function inWords({ decision, by }: HeldDecision): string {
  if (decision === 'expired') return 'Nobody decided in time, and the line was dropped.';
  return `${by?.name ?? 'Somebody who left'} has ${decision} it already.`;
}

const HELD: RoomRefusal = {
  code: 'message_held',
  detail: `A moderator looks at the message before anybody sees it. If nobody does within ${waitInWords(HOLD_SECONDS)}, it is dropped.`,
};
const DENIED: RoomRefusal = {
  code: 'message_denied',
  detail: 'A moderator has looked at the message, and it is not shown. Say something else.',
};
const EXPIRED: RoomRefusal = {
  code: 'message_denied',
  detail: 'No moderator has looked at the message in time, and it was dropped. Say it again, or in other words.',
};
const TOO_MANY_OF_YOURS: RoomRefusal = {
  code: 'message_denied',
  detail: `${HELD_LINES_OF_ONE_MAX} messages of yours wait for a moderator already. Wait until one has been looked at.`,
};
const QUEUE_FULL: RoomRefusal = {
  code: 'message_denied',
  detail: 'The message needs a look by a moderator, and too many wait for one. Say it in other words, or later.',
};
const NO_MODERATOR: RoomRefusal = {
  code: 'forbidden',
  detail: 'What is held is decided by moderators of the channel. Ask one of them.',
};
const NOTHING_HELD: RoomRefusal = {
  code: 'not_found',
  detail: 'There is no such line in the queue. Read the queue again.',
};
const OUT_OF_REACH: RoomRefusal = {
  code: 'forbidden',
  detail: 'Your own role does not stand above its author’s. Ask somebody whose role does.',
};
