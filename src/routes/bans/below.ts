// Whom an act reaches: somebody who stands below whoever acts, on a channel or on the platform.
import { type Action, type Role, rolesAt } from '../../domain/access.ts';
import { mayActOn } from '../../domain/rank.ts';
import { FootlightError } from '../../protocol/errors.ts';
import type { ChannelId, UserId } from '../../protocol/ids.ts';
import { findChannelRole } from '../../storage/roles.ts';
import type { UserRecord } from '../../storage/users.ts';
import type { AppContext } from '../context.ts';
import { existingChannel, existingUser } from '../existing.ts';
import { type ChannelPlace, permit, requireAccount } from '../guards/permit.ts';

/** On the channel; `action` is what whoever asks must be allowed there. */
export async function personBelow(
  c: AppContext,
  { action, id, userId }: { action: Action; id: ChannelId; userId: UserId },
): Promise<{ channel: ChannelPlace; user: UserRecord }> {
  requireAccount(c, action);
  const channel = await existingChannel(c, id);
  const { roles } = await permit(c, action, channel);
  const user = await existingUser(c, userId);
  const theirs = rolesAt(user, channel, await findChannelRole(c.env.DB, { channelId: id, userId }));
  requireBelow(roles, theirs, user);
  return { channel, user };
}

/** On the platform. */
export async function personBelowEverywhere(
  c: AppContext,
  { action, userId }: { action: Action; userId: UserId },
): Promise<{ channel: null; user: UserRecord }> {
  const { roles } = await permit(c, action);
  const user = await existingUser(c, userId);
  requireBelow(roles, rolesAt(user, null, null), user);
  return { channel: null, user };
}

function requireBelow(roles: readonly Role[], theirs: readonly Role[], { name }: UserRecord): void {
  if (mayActOn(roles, theirs)) return;
  throw new FootlightError(
    'forbidden',
    `Your own role does not stand above that of ${name}. Ask somebody whose role does.`,
  );
}
