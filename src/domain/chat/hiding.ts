// What two people hide from each other: messages, and quotes of them. What staff say is heard by everybody, and staff hear everybody.
import type { Message } from '../../protocol/chat/message.ts';
import type { UserId } from '../../protocol/ids.ts';
import type { Role } from '../access.ts';

/** Those who were hidden from somebody when it was looked up: what is told of them later is newer. */
export interface HiddenAt {
  ids: readonly UserId[];
  atMs: number;
}

/** Neither a viewer nor a vip: whoever keeps order in the room. */
export const keepsOrder = (roles: readonly Role[]): boolean =>
  roles.some((role) => role !== 'viewer' && role !== 'vip');

/** Of those who are hidden from somebody, the ones that are so in a room where they have these roles. */
export const hiddenHere = (hidden: readonly UserId[], roles: readonly Role[]): readonly UserId[] =>
  keepsOrder(roles) ? [] : hidden;

/** `hidden`: whom the reader has blocked, and who has blocked the reader. */
export const isHiddenFrom = (hidden: ReadonlySet<string>, { author }: Pick<Message, 'author'>): boolean =>
  author !== null && hidden.has(author.id) && !keepsOrder(author.roles);

/** As the reader sees it; null: not at all. The same object where nothing is to be hidden. */
export function asSeenBy<Kind extends Pick<Message, 'author' | 'replyTo'>>(
  hidden: ReadonlySet<string>,
  message: Kind,
): Kind | null {
  if (hidden.size === 0) return message;
  if (isHiddenFrom(hidden, message)) return null;
  const quoted = message.replyTo?.author?.id;
  return quoted !== undefined && hidden.has(quoted) ? { ...message, replyTo: null } : message;
}

/** May one answer what the other has said? */
export const mayAnswer = (isParted: boolean, speaker: readonly Role[], author: readonly Role[]): boolean =>
  !isParted || keepsOrder(speaker) || keepsOrder(author);

/** Those who are hidden from somebody, after a change. */
export function withHidden(hidden: readonly UserId[], userId: UserId, isHidden: boolean): UserId[] {
  const others = hidden.filter((id) => id !== userId);
  return isHidden ? [...others, userId] : others;
}
