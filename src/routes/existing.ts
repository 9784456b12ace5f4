// What a path names, or 404.
import { FootlightError } from '../protocol/errors.ts';
import type { ChannelId } from '../protocol/ids.ts';
import { type ChannelRecord, findChannel } from '../storage/channels.ts';
import { findUserByAnyName, type UserRecord } from '../storage/users.ts';
import type { AppContext } from './context.ts';

export async function existingChannel(c: AppContext, id: ChannelId): Promise<ChannelRecord> {
  const channel = await findChannel(c.env.DB, id);
  if (!channel) throw new FootlightError('not_found', `There is no channel ${id}. Check the id.`);
  return channel;
}

/** By id or handle. */
export async function existingUser(c: AppContext, name: string): Promise<UserRecord> {
  const user = await findUserByAnyName(c.env.DB, name);
  if (!user) throw new FootlightError('not_found', `There is nobody called ${name}. Check the handle or the id.`);
  return user;
}
