// Who may do what: every answer of "may this person ...?" is given here.
import type { PlatformRole } from '../protocol/claims.ts';
import type { UserId } from '../protocol/ids.ts';

export interface Actor {
  id: UserId;
  platformRole: PlatformRole;
}

interface Owned {
  ownerId: UserId;
}

/** Change or end a stream, see its health: its owner, and who runs the platform. */
export const mayManageStream = (actor: Actor, stream: Owned): boolean =>
  owns(actor, stream) || actor.platformRole === 'admin';

/** Open streams on a channel: its owner alone, since the picture goes out under that name. */
export const mayBroadcastOn = (actor: Actor, channel: Owned): boolean => owns(actor, channel);

/** Make a new stream key: its owner alone, since the answer is a secret that lets one broadcast. */
export const mayTakeStreamKey = (actor: Actor, channel: Owned): boolean => owns(actor, channel);

/** Take the key away: its owner, and who runs the platform when a key has leaked. */
export const mayRevokeStreamKey = (actor: Actor, channel: Owned): boolean =>
  owns(actor, channel) || actor.platformRole === 'admin';

/** See a channel as its keeper: the hint of its key and where its encoder sends. */
export const maySeeChannelDetails = (actor: Actor, channel: Owned): boolean =>
  owns(actor, channel) || actor.platformRole === 'admin';

const owns = (actor: Actor, { ownerId }: Owned): boolean => actor.id === ownerId;
