// What a path names, or 404.
import { FootlightError } from '../protocol/errors.ts';
import type { ChannelId, StreamId } from '../protocol/ids.ts';
import { type ChannelRecord, findChannel } from '../storage/channels.ts';
import { findStream, type StreamRecord } from '../storage/streams.ts';
import { findUserByAnyName, type UserRecord } from '../storage/users.ts';
import type { AppContext } from './context.ts';

export async function existingChannel(c: AppContext, id: ChannelId): Promise<ChannelRecord> {
  const channel = await findChannel(c.env.DB, id);
  if (!channel) throw new FootlightError('not_found', `There is no channel ${id}. Check the id.`);
  return channel;
}

export async function existingStream(c: AppContext, id: StreamId): Promise<StreamRecord> {
  const stream = await findStream(c.env.DB, id);
  if (!stream) throw new FootlightError('not_found', `There is no stream ${id}. Check the id.`);
  return stream;
}

/** By id or handle. */
export async function existingUser(c: AppContext, name: string): Promise<UserRecord> {
  const user = await findUserByAnyName(c.env.DB, name);
  if (!user) throw new FootlightError('not_found', `There is nobody called ${name}. Check the handle or the id.`);
  return user;
}
