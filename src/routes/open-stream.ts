// Opening a stream: a channel for whoever names none, and the place that the last stream of a channel has left.
import { mintStreamKey } from '../auth/secrets.ts';
import { ChannelId, mintId, type UserId } from '../protocol/ids.ts';
import { openChannel } from '../storage/channels.ts';
import { type NewStream, newestStream, openStream } from '../storage/streams.ts';
import type { AppContext } from './context.ts';
import { currentState } from './live-state.ts';

/** Asks the origin once whether the stream in the way has ended without the database having heard. */
export async function openStreamAfterLast(c: AppContext, stream: NewStream): Promise<boolean> {
  if (await openStream(c.env.DB, stream)) return true;
  const last = await newestStream(c.env.DB, stream.channelId);
  return last !== null && (await currentState(c.env, last)) === 'ended' && openStream(c.env.DB, stream);
}

/** A channel of theirs with its first key, which is shown this once. */
export async function openOwnChannel(
  c: AppContext,
  { ownerId, name, nowMs }: { ownerId: UserId; name: string; nowMs: number },
) {
  const channelId = ChannelId.parse(mintId('ch', randomBytes(16)));
  const { streamKey, kept: key } = await mintStreamKey(randomBytes(32));
  await openChannel(c.env.DB, { id: channelId, ownerId, name, createdAtMs: nowMs, key });
  return { channelId, streamKey };
}

const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
