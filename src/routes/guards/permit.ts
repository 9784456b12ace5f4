// May whoever asks do this here? The table of access decides; roles are looked up at each request and kept nowhere.
import type { Principal } from '../../auth/principal.ts';
import {
  type Action,
  hangsOnChannelRole,
  isAllowed,
  type Place,
  type Role,
  rolesAt,
  scopeOf,
} from '../../domain/access.ts';
import { FootlightError } from '../../protocol/errors.ts';
import type { ChannelId } from '../../protocol/ids.ts';
import { findChannelRole } from '../../storage/roles.ts';
import type { AppContext } from '../context.ts';
import { signedIn } from './authenticate.ts';

/** The channel where something is to be done. */
export type ChannelPlace = Place & { id: ChannelId };

/** Before anything is looked up: nobody learns without an account, or without the scope, what there is. */
export const requireAccount = (c: AppContext, action: Action): Principal => signedIn(c, scopeOf(action));

/** The person who asks and all that they are here; refused with 401 or 403 when the table does not let them. */
export async function permit(
  c: AppContext,
  action: Action,
  place: ChannelPlace | null = null,
): Promise<Principal & { roles: Role[] }> {
  const principal = requireAccount(c, action);
  const channelRole =
    place && hangsOnChannelRole(action)
      ? await findChannelRole(c.env.DB, { channelId: place.id, userId: principal.id })
      : null;
  const roles = rolesAt(principal, place, channelRole);
  if (isAllowed(action, roles)) return { ...principal, roles };
  throw new FootlightError('forbidden', `${REFUSALS[place ? 'place' : 'platform']} (${action}).`);
}

const REFUSALS = {
  place: 'The channel belongs to somebody else, who has not given you a role that may do this. Ask its owner',
  platform: 'Your account may not do this. Ask an administrator',
};
