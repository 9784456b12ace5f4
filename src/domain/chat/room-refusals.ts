// What the room itself refuses, beside its modes: who may only read, what a judge said, whose words are out of reach.
import { mayActOn } from '../rank.ts';
import type { Verdict } from './judging.ts';
import type { RoomRefusal } from './refusal.ts';
import { mayModerate, maySend, type Speaker } from './speaker.ts';

export const READ_ONLY: RoomRefusal = {
  code: 'forbidden',
  detail: 'What you came in with only lets you read. Sign in, or ask for chat:write, and come in with a new ticket.',
};
export const NOTHING_TO_ANSWER: RoomRefusal = {
  code: 'not_found',
  detail: 'The message that you answer is gone. Say it without replyTo.',
};

export function refusedByJudge({ action, reason }: Verdict): RoomRefusal | null {
  if (action === 'deny')
    return {
      code: 'message_denied',
      detail: `The message was not sent: ${reason ?? 'it breaks the rules of the room'}.`,
    };
  if (action === 'hold')
    return {
      code: 'message_held',
      detail: `The message was not sent: ${reason ?? 'somebody has to look at it first'}.`,
    };
  return null;
}

/** Rank safety: nobody takes the words of an equal or a higher role away. */
export function refusedRemoval(
  speaker: Speaker,
  target: { roles: Speaker['roles'] } | null,
  isOwn: boolean,
): RoomRefusal | null {
  if (!(isOwn ? maySend(speaker) : mayModerate(speaker)))
    return { code: 'forbidden', detail: 'You may remove what you said yourself. Ask a moderator of the channel.' };
  if (!target)
    return { code: 'not_found', detail: 'There is no such message in this room, or it was removed already.' };
  if (isOwn || mayActOn(speaker.roles, target.roles)) return null;
  return {
    code: 'forbidden',
    detail: 'Your own role does not stand above its author’s. Ask somebody whose role does.',
  };
}
