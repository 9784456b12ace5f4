// Somebody in a room, as the rules see them: looked up when they came in.
import type { Author, RoomRole } from '../../protocol/chat/message.ts';
import type { UserId } from '../../protocol/ids.ts';
import { isAllowed, type Role } from '../access.ts';
import { rankOf } from '../rank.ts';
import type { NearBan } from './network-ban.ts';
import type { Restraints } from './restraint.ts';

export interface Speaker {
  id: UserId;
  handle: string;
  name: string;
  roles: readonly Role[];
  /** Null: does not follow the channel. */
  followedAtMs: number | null;
  /** When the account was made. */
  createdAtMs: number;
  /** What the credential was issued for; a role never widens it. */
  canSend: boolean;
  canModerate: boolean;
  /** What stands against them; it is missing where it was not looked up. */
  restraints?: Restraints;
  /** By what they came, as keyed hashes. */
  tags?: readonly string[];
  /** Bans of others that reach them, as they were looked up. */
  near?: readonly NearBan[];
}

/** Who did something, for those who are told. */
export type Named = Pick<Speaker, 'id' | 'handle' | 'name'>;

export const authorOf = ({ id, handle, name, roles }: Speaker): Author => ({
  id,
  handle,
  name,
  roles: badgesOf(roles),
});

export const badgesOf = (roles: readonly Role[]): RoomRole[] =>
  roles.filter((role): role is RoomRole => role !== 'viewer');

export const maySend = ({ roles, canSend }: Speaker): boolean => canSend && isAllowed('message.send', roles);
export const mayModerate = ({ roles, canModerate }: Speaker): boolean =>
  canModerate && isAllowed('message.remove', roles);

/** Whom no mode of the room holds back. */
export const isStaff = (roles: readonly Role[]): boolean => rankOf(roles) >= rankOf(['channel_moderator']);
/** Who stands for a subscriber until there are subscriptions. */
export const isVip = (roles: readonly Role[]): boolean => rankOf(roles) >= rankOf(['vip']);
