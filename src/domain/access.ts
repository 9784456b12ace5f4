// Who may do what: one table, action by role; every answer of "may this person ...?" is read from it.
import type { PlatformRole, Scope } from '../protocol/claims.ts';
import type { UserId } from '../protocol/ids.ts';
import type { ChannelRole } from '../protocol/people.ts';

/** What a person can be on a channel, lowest first: the place in this list is the rank. */
export const ROLES = ['viewer', 'vip', 'channel_moderator', 'owner', 'moderator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

interface Rule {
  /** What an access token must have been issued for; `ours`: no app of somebody else may do it, whatever its scopes. */
  scope: Scope | 'ours';
  /** Any one of these roles is enough; `viewer` is everybody who is signed in. */
  allows: readonly Role[];
}

/** A new action is one more row; a test tries every cell at its door. */
export const ACCESS = {
  'channel.open': { scope: 'streams:write', allows: ['viewer'] },
  'channel.see_details': { scope: 'streams:read', allows: ['owner', 'admin'] },
  'channel.see_roles': { scope: 'channel:moderate', allows: ['channel_moderator', 'owner', 'moderator', 'admin'] },
  // Whom and which role is bounded again by rank (domain/rank.ts).
  'channel.give_role': { scope: 'channel:moderate', allows: ['channel_moderator', 'owner', 'moderator', 'admin'] },
  'channel.take_role': { scope: 'channel:moderate', allows: ['channel_moderator', 'owner', 'moderator', 'admin'] },
  'channel.follow': { scope: 'ours', allows: ['viewer'] },
  // The picture goes out under the owner's name, and the key is a secret that lets one broadcast: nobody else, whatever the rank.
  'channel.broadcast': { scope: 'streams:write', allows: ['owner'] },
  'channel.take_key': { scope: 'channel:manage:keys', allows: ['owner'] },
  'channel.revoke_key': { scope: 'channel:manage:keys', allows: ['owner', 'admin'] },
  'stream.change': { scope: 'streams:write', allows: ['owner', 'admin'] },
  // The kill switch. A moderator's reach is bounded again by rank (domain/rank.ts).
  'stream.end': { scope: 'streams:write', allows: ['owner', 'moderator', 'admin'] },
  // Come in to a private stream uninvited, or to one with a password without it.
  'stream.enter': { scope: 'streams:read', allows: ['channel_moderator', 'owner', 'moderator', 'admin'] },
  'stream.invite': { scope: 'streams:write', allows: ['owner', 'admin'] },
  'stream.see_health': { scope: 'streams:read', allows: ['owner', 'admin'] },
  'message.send': { scope: 'chat:write', allows: ['viewer'] },
  // One's own message goes with the right to say something; whose else is bounded again by rank.
  'message.remove': { scope: 'channel:moderate', allows: ['channel_moderator', 'owner', 'moderator', 'admin'] },
  'room.change': { scope: 'channel:moderate', allows: ['channel_moderator', 'owner', 'moderator', 'admin'] },
  'room.pin': { scope: 'channel:moderate', allows: ['channel_moderator', 'owner', 'moderator', 'admin'] },
  'room.announce': { scope: 'channel:moderate', allows: ['channel_moderator', 'owner', 'moderator', 'admin'] },
  'room.clear': { scope: 'channel:moderate', allows: ['channel_moderator', 'owner', 'moderator', 'admin'] },
  'poll.manage': { scope: 'channel:moderate', allows: ['channel_moderator', 'owner', 'moderator', 'admin'] },
  'poll.vote': { scope: 'chat:write', allows: ['viewer'] },
  'stream.upvote': { scope: 'chat:write', allows: ['viewer'] },
  'ban.see': { scope: 'channel:moderate', allows: ['channel_moderator', 'owner', 'moderator', 'admin'] },
  // Who is banned is bounded again by rank.
  'ban.place': { scope: 'channel:moderate', allows: ['channel_moderator', 'owner', 'moderator', 'admin'] },
  'ban.everywhere': { scope: 'channel:moderate', allows: ['moderator', 'admin'] },
  'report.make': { scope: 'chat:write', allows: ['viewer'] },
  'report.see': { scope: 'channel:moderate', allows: ['channel_moderator', 'owner', 'moderator', 'admin'] },
  // About whose message is bounded again by rank.
  'report.answer': { scope: 'channel:moderate', allows: ['channel_moderator', 'owner', 'moderator', 'admin'] },
  'report.everywhere': { scope: 'channel:moderate', allows: ['moderator', 'admin'] },
  'person.see': { scope: 'channel:moderate', allows: ['channel_moderator', 'owner', 'moderator', 'admin'] },
  // Whose note is deleted is bounded again by rank.
  'person.note': { scope: 'channel:moderate', allows: ['channel_moderator', 'owner', 'moderator', 'admin'] },
  'rules.see': { scope: 'channel:moderate', allows: ['channel_moderator', 'owner', 'moderator', 'admin'] },
  'rules.change': { scope: 'channel:moderate', allows: ['channel_moderator', 'owner', 'moderator', 'admin'] },
  'rules.everywhere': { scope: 'channel:moderate', allows: ['moderator', 'admin'] },
  // Whoever is banned; by no app in their name.
  'appeal.make': { scope: 'ours', allows: ['viewer'] },
  'appeal.see': { scope: 'channel:moderate', allows: ['channel_moderator', 'owner', 'moderator', 'admin'] },
  // Whose appeal is bounded again by rank.
  'appeal.answer': { scope: 'channel:moderate', allows: ['channel_moderator', 'owner', 'moderator', 'admin'] },
  'appeal.everywhere': { scope: 'channel:moderate', allows: ['moderator', 'admin'] },
  'shield.see': { scope: 'channel:moderate', allows: ['channel_moderator', 'owner', 'moderator', 'admin'] },
  'shield.set': { scope: 'channel:moderate', allows: ['channel_moderator', 'owner', 'moderator', 'admin'] },
  'held.see': { scope: 'channel:moderate', allows: ['channel_moderator', 'owner', 'moderator', 'admin'] },
  // Whose line is bounded again by rank.
  'held.decide': { scope: 'channel:moderate', allows: ['channel_moderator', 'owner', 'moderator', 'admin'] },
  // The desk of those who moderate a channel, and which channels that are.
  'channel.moderate': { scope: 'channel:moderate', allows: ['channel_moderator', 'owner', 'moderator', 'admin'] },
  'user.see_moderated': { scope: 'channel:moderate', allows: ['viewer'] },
  'audit.read': { scope: 'audit:read', allows: ['admin'] },
  // A webhook is its maker's alone: its address and its secret are between the two of them. One that an app made would outlast the
  // approval that the app had, and go on telling it.
  'webhook.see': { scope: 'ours', allows: ['owner'] },
  'webhook.manage': { scope: 'ours', allows: ['owner'] },
  'session.see': { scope: 'ours', allows: ['viewer'] },
  'session.revoke': { scope: 'ours', allows: ['viewer'] },
  'user.see_self': { scope: 'profile', allows: ['viewer'] },
  'user.change_self': { scope: 'ours', allows: ['viewer'] },
  'user.export_self': { scope: 'ours', allows: ['viewer'] },
  'user.erase_self': { scope: 'ours', allows: ['viewer'] },
  'user.block': { scope: 'ours', allows: ['viewer'] },
  'user.see_role': { scope: 'ours', allows: ['admin'] },
  'user.change_role': { scope: 'ours', allows: ['admin'] },
} as const satisfies Record<string, Rule>;
export type Action = keyof typeof ACCESS;

export interface Actor {
  id: UserId;
  platformRole: PlatformRole;
}

/** Where something is done: on whose channel. */
export interface Place {
  ownerId: UserId;
}

/** All that somebody is at a place; `channelRole` is what they were given on that channel. */
export function rolesAt(actor: Actor, place: Place | null, channelRole: ChannelRole | null): Role[] {
  return [
    'viewer',
    ...(channelRole === 'vip' ? (['vip'] as const) : []),
    ...(channelRole === 'moderator' ? (['channel_moderator'] as const) : []),
    ...(place?.ownerId === actor.id ? (['owner'] as const) : []),
    ...(actor.platformRole === 'viewer' ? [] : [actor.platformRole]),
  ];
}

export const isAllowed = (action: Action, roles: readonly Role[]): boolean =>
  roles.some((role) => allowsOf(action).includes(role));

/** Can a role on the channel decide this? Where it cannot, it need not be looked up. */
export const hangsOnChannelRole = (action: Action): boolean =>
  allowsOf(action).some((role) => role === 'vip' || role === 'channel_moderator');

/** What a token must have been issued for. */
export const scopeOf = (action: Action): Scope | 'ours' => ACCESS[action].scope;

const allowsOf = (action: Action): readonly Role[] => ACCESS[action].allows;
