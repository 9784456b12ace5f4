// What the room itself refuses, beside its modes: who may only read, what a judge said, whose words are out of reach.
import { mayActOn } from '../rank.ts';
import type { FindingKind } from './moderation/findings.ts';
import type { Verdict } from './moderation/verdict.ts';
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

export const BREAKS_RULES: RoomRefusal = {
  code: 'message_denied',
  detail: 'The message was not sent: it breaks the rules of the room. Say it in other words.',
};

export function refusedByJudge({ action, reason }: Verdict): RoomRefusal | null {
  if (action !== 'deny' && action !== 'hold') return null;
  const code = action === 'deny' ? 'message_denied' : 'message_held';
  if (reason === null) return { ...BREAKS_RULES, code };
  return { code, detail: `The message was not sent: ${WORDS[reason]}. Say it in other words.` };
}

const WORDS: Record<FindingKind, string> = {
  slur: 'it insults people for what they are',
  harassment: 'it attacks somebody',
  threat: 'it threatens somebody',
  sexual: 'it is too explicit for this room',
  profanity: 'it swears too much for this room',
  insult: 'it insults somebody',
  channel_word: 'the channel does not want one of its words',
  platform_word: 'one of its words is not wanted here',
  scam: 'it reads like an advertisement or a fraud',
  link: 'links are not let through here',
  short_link: 'it has a link that hides where it leads',
  disguised_link: 'it has a link in disguise',
  lookalike_link: 'it has a link that pretends to be another site',
  caps: 'it shouts',
  flood: 'it repeats the same over and over',
  duplicate: 'you have said it already',
  raid: 'many people say the same at once',
  new_account: 'your account is new, and the message is doubtful',
};

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
