// Lines of somebody who is held back without knowing it: their author is told what anybody is told, and nobody else hears them.
import type { RoomEvent } from '../../protocol/chat/events.ts';
import { denied, kept, type LineWithKeys, refusedByQueue } from './holding.ts';
import type { HeldState, RoomOutput, RoomTrace } from './inputs.ts';
import type { Named } from './speaker.ts';

/** Its author hears it like any message; moderators have it to decide about, if there is room for it. */
export function holdUnknown(
  line: LineWithKeys,
  said: Extract<RoomOutput, { type: 'toEverybody' }>,
  nowMs: number,
): RoomOutput[] {
  const { waiting, keys } = line;
  const isFull = refusedByQueue({ all: waiting.all, own: waiting.shadowed }) !== null;
  const { event, trace } = said;
  return [
    ...(isFull ? [] : [kept(line, { isShadow: true }, nowMs)]),
    // They have said it, whoever hears it: their own log is as that of anybody.
    { type: 'toAuthor', authorId: keys.authorId, event, keys, trace },
  ];
}

/** Its author takes back what nobody else has seen. */
export function takenBack(
  author: Named,
  { event, trace, waiting }: { event: RoomEvent; trace: RoomTrace; waiting: HeldState | null },
  nowMs: number,
): RoomOutput[] {
  const gone = waiting ? [denied(waiting, { by: author, reason: 'Its author has taken it back.' }, nowMs)] : [];
  return [{ type: 'toAuthor', authorId: author.id, event, keys: null, trace }, ...gone];
}
