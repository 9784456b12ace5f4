// Who among the sockets is meant, in words that travel from a room to its shards.
import { type Guest, isTheirs, type Whose } from '../../src/domain/chat/guest.ts';
import { keepsOrder } from '../../src/domain/chat/hiding.ts';
import { mayModerate } from '../../src/domain/chat/speaker.ts';
import type { Closing } from '../../src/protocol/chat/closing.ts';
import type { UserId } from '../../src/protocol/ids.ts';
import type { Seat } from './hall.ts';

/** Who is told something that is not for everybody. */
export type Hearers = 'moderators' | { moderatorsBut: UserId } | { userId: UserId; unlessStaff?: true };

export function isMeant(guest: Guest, to: Hearers): boolean {
  if (to === 'moderators') return mayModerate(guest);
  if ('moderatorsBut' in to) return mayModerate(guest) && guest.id !== to.moderatorsBut;
  return guest.id === to.userId && !(to.unlessStaff && keepsOrder(guest.roles));
}

/** Whose sockets end, and why. Null: everybody's. */
export interface TurningAway {
  whose: Whose | null;
  closing: Closing;
}

export const isTurnedAway = ({ guest }: Seat, { whose }: TurningAway): boolean =>
  whose === null || isTheirs(guest, whose);
